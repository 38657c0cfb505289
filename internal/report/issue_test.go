package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
)

// The same request on the same Shanghai day on the same facts and feeds is the same document; each time
// somebody is noted to have asked.
func TestTheSameRequestIsTheSameDocument(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		first := o.issue(report.Request{Paper: true, Purpose: "招投标"})
		o.pass(14 * time.Hour) // 23:00
		again := o.issue(report.Request{Paper: true, Purpose: "招投标"})
		if !again.Again || again.Content.Number != first.Content.Number || !bytes.Equal(again.Payload, first.Payload) || !bytes.Equal(again.Paper, first.Paper) {
			t.Errorf("another document: %s, %s", first.Content.Number, again.Content.Number)
		}
		entries, _, err := audit.BySubject(t.Context(), o.db, firm, audit.Cursor{}, 10)
		must(t, err)
		if len(entries) != 2 || entries[0].Document != first.Content.Number || entries[1].Document != first.Content.Number {
			t.Errorf("access log %+v", entries)
		}
		o.pass(2 * time.Hour) // 01:00 of the next day
		if next := o.issue(report.Request{Purpose: "招投标"}); next.Content.Number == first.Content.Number {
			t.Error("another day is another document")
		} else if v := o.verify(first.Envelope); v.Status != report.Valid {
			t.Errorf("a later document on the same facts made the first %s", v.Status)
		}
	})
}

// What asks for something else is another document, also on the same day.
func TestOtherRequestsAreOtherDocuments(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		seen := map[string]int{}
		requests := []report.Request{{}, {Edition: "listing"}, {RuleSet: "SD-2023"}, {From: 20250101, To: today}, {Domains: []string{"ecology"}}, {Purpose: "上市"}}
		for i, r := range requests {
			n := o.issue(r).Content.Number
			if was, ok := seen[n]; ok {
				t.Errorf("requests %d and %d are one document", was, i)
			}
			seen[n] = i
		}
		o.feeds[0].AsOf = today
		if _, ok := seen[o.issue(requests[0]).Content.Number]; ok {
			t.Error("newer data give a new document")
		}
	})
}

// Two at once get one.
func TestTwoAtOnceGetOne(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		const n = 8
		numbers := make(chan string, n)
		for range n {
			go func() {
				doc, err := o.ask(report.Request{Paper: true})
				if err != nil {
					t.Error(err)
					numbers <- ""
					return
				}
				numbers <- doc.Content.Number
			}()
		}
		first := <-numbers
		for range n - 1 {
			if got := <-numbers; got != first {
				t.Errorf("two documents: %s, %s", first, got)
			}
		}
		if d, c := o.count("document"), o.count("document_number"); d != 1 || c != 1 {
			t.Errorf("%d documents, %d numbers", d, c)
		}
		entries, _, err := audit.BySubject(t.Context(), o.db, firm, audit.Cursor{}, 20)
		must(t, err)
		if len(entries) != n {
			t.Errorf("%d entries in the access log for %d calls", len(entries), n)
		}
	})
}

// Changed facts give a new number, and the new document replaces the old, whatever lay between.
func TestAChangedFactGivesANewNumberThatReplacesTheOld(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		old := o.issue(report.Request{})
		o.pass(24 * time.Hour)
		second := o.issue(report.Request{}) // the same facts
		o.says(firm, penalised("岚环罚〔2026〕2号", nil))
		new := o.issue(report.Request{})
		if new.Content.Number == second.Content.Number || len(new.Content.Records) != 2 {
			t.Errorf("%s, %d records", new.Content.Number, len(new.Content.Records))
		}
		for _, doc := range []*report.Issued{second, old} {
			if v := o.verify(doc.Envelope); v.Status != report.Replaced || !contains(v.Reasons, new.Content.Number) {
				t.Errorf("%s is %s: %v", doc.Content.Number, v.Status, v.Reasons)
			}
		}
		if v := o.verify(new.Envelope); v.Status != report.Valid {
			t.Errorf("the new one is %s", v.Status)
		}
	})
}

func answer(c *report.Content, domain string) report.DomainAnswer {
	i := slices.IndexFunc(c.Domains, func(d report.DomainAnswer) bool { return d.ID == domain })
	return c.Domains[i]
}

// Never a false 未查见: a domain that is late, has no data, or in which a row may be the subject's answers
// neither found nor none, is named, and the paper concludes nothing for it.
func TestNeverAFalseNone(t *testing.T) {
	drop := func(o *office, d string) {
		o.feeds = slices.DeleteFunc(o.feeds, func(f report.DomainFeed) bool { return f.Domain == d })
	}
	late := func(o *office, d string) {
		for i := range o.feeds {
			o.feeds[i].Late = o.feeds[i].Late || o.feeds[i].Domain == d
		}
	}
	tests := map[string]struct {
		set   func(o *office)
		state report.State
		all   bool // every domain is concerned
		paper string
	}{
		"all fresh":            {func(o *office) {}, report.None, false, "未查见违法违规记录"},
		"late feed":            {func(o *office) { late(o, "ecology") }, report.Late, false, "数据未更新，不作结论"},
		"no data":              {func(o *office) { drop(o, "ecology") }, report.NoData, false, "无数据，不作结论"},
		"under check":          {func(o *office) { o.checks = []string{"ecology"} }, report.Late, false, "归属核对中，不作结论"},
		"under check, no data": {func(o *office) { drop(o, "ecology"); o.checks = []string{"ecology"} }, report.NoData, false, "不作结论"},
		"data begin in the period": {func(o *office) {
			for i := range o.feeds {
				if o.feeds[i].Domain == "ecology" {
					o.feeds[i].Since = 20240101
				}
			}
		}, report.NoData, false, "数据自2024年1月1日起"},
		"under check, domain unknown":  {func(o *office) { o.checks = []string{"unknown"} }, report.Late, true, "归属核对中，不作结论"},
		"under check, domain not said": {func(o *office) { o.checks = []string{""} }, report.Late, true, "归属核对中，不作结论"},
	}
	for label, tt := range tests {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				o.says(firm, registered())
				tt.set(o)
				doc := o.issue(report.Request{Paper: true})
				c := &doc.Content
				if a := answer(c, "ecology"); a.State != tt.state {
					t.Errorf("ecology answers %s, want %s", a.State, tt.state)
				}
				if a := answer(c, "tax"); (a.State == report.None) == tt.all {
					t.Errorf("tax answers %s", a.State)
				}
				complete := tt.state == report.None
				if (c.Conclusion == report.ConcludesNone) != complete || (c.Conclusion == report.Incomplete) == complete {
					t.Errorf("conclusion %s", c.Conclusion)
				}
				if slices.Contains(c.Unanswered, "生态环境") == complete {
					t.Errorf("unanswered %v", c.Unanswered)
				}
				text := paperText(t, doc.Paper)
				if !strings.Contains(text, tt.paper) {
					t.Errorf("the paper does not say %s", tt.paper)
				}
				if whole := "在查询时段和所列领域内，未查见违法违规记录"; strings.Contains(strings.Join(strings.Fields(text), ""), whole) != complete {
					t.Error("the paper's conclusion is not the document's")
				}
			})
		})
	}
}

// Rows under check are asked of every key whose facts the report is made of, and of every name.
func TestEveryKeyAndNameIsAskedOf(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		o.says("91000000MA00000999", penalised("岚环罚〔2026〕1号", func(r *credit.Record) { r.Name = "岚港演示旧名有限公司" }))
		o.happens(firm, credit.MatterID{}, ledger.Event{Type: ledger.Linked, Link: ledger.SameAs, To: "91000000MA00000999", On: today})
		o.issue(report.Request{})
		if want := []string{string(firm), "91000000MA00000999", "岚港演示旧名有限公司", name}; !slices.Equal(o.askedOf, want) {
			t.Errorf("asked of %v, want %v", o.askedOf, want)
		}
	})
}

// What is found is found, however late the domain's data are; the other domains stay unanswered.
func TestFoundStaysFound(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		for i := range o.feeds {
			o.feeds[i].Late = true
		}
		o.checks = []string{"ecology"}
		c := o.issue(report.Request{}).Content
		if a := answer(&c, "ecology"); a.State != report.Found || a.Records != 1 {
			t.Errorf("ecology answers %+v", a)
		}
		if c.Conclusion != report.ConcludesFound || len(c.Unanswered) != 51 || c.FinesFen != 3_000_000 {
			t.Errorf("conclusion %s, %d unanswered, %d fen", c.Conclusion, len(c.Unanswered), c.FinesFen)
		}
	})
}

// A matter that no rule can give a domain counts and is shown, also when single domains are asked for.
func TestAMatterWithoutADomainIsNotLost(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("某罚〔2026〕1号", func(r *credit.Record) { r.Authority = "某不在目录的机关" }))
		c := o.issue(report.Request{Domains: []string{"tax"}}).Content
		if c.Conclusion != report.ConcludesFound || len(c.Records) != 1 {
			t.Errorf("conclusion %s with %d records", c.Conclusion, len(c.Records))
		}
	})
}

// A document does not tell, in its signed JSON or on its paper, how many matters the rules hid: it is the
// document of a subject that has none.
func TestHiddenMattersLeaveNoTrace(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		clean := o.issue(report.Request{Paper: true})
		var hidden []credit.Record
		for i, change := range []func(*credit.Record){
			func(r *credit.Record) { r.Penalties = credit.PenaltySet(credit.Warning) },
			func(r *credit.Record) { r.Repaired = 20260501 },
			func(r *credit.Record) { r.Decided = 20240101 },
			func(r *credit.Record) { r.Annulled = 20260501 },
		} {
			hidden = append(hidden, penalised("岚环罚〔2026〕"+string(rune('1'+i))+"号", change))
		}
		o.says(firm, hidden...)
		doc := o.issue(report.Request{Paper: true})
		if len(doc.Hidden) != 4 || len(doc.Content.Records) != 0 || doc.Content.Conclusion != report.ConcludesNone {
			t.Fatalf("%d hidden, %d shown", len(doc.Hidden), len(doc.Content.Records))
		}
		if a, b := nameless(t, clean, string(clean.Payload)), nameless(t, doc, string(doc.Payload)); a != b {
			t.Errorf("the signed JSON differs:\n%s\n%s", a, b)
		}
		if strings.Contains(string(doc.Envelope), "hidden") {
			t.Error("the envelope speaks of hidden matters")
		}
		if a, b := nameless(t, clean, paperText(t, clean.Paper)), nameless(t, doc, paperText(t, doc.Paper)); a != b {
			t.Errorf("the papers differ:\n%s\n%s", a, b)
		}
	})
}

// nameless is a text without what names the document.
func nameless(t *testing.T, doc *report.Issued, text string) string {
	t.Helper()
	c := doc.Content
	for _, s := range []string{c.Number, c.Code, c.IssuedAt, doc.SHA256()} {
		text = strings.ReplaceAll(text, s, "·")
	}
	return regexp.MustCompile(`[0-9a-f]{16,}| +`).ReplaceAllString(text, "·")
}

// Inside, every matter that is not shown names the rule that hid it, whatever the rule set and edition.
func TestEveryHiddenMatterNamesARule(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		all := editionTable()
		all = append(all, penalised("久远的决定", func(r *credit.Record) { r.Decided = 20190101 }),
			credit.Record{Kind: credit.Coercion, Name: name, DocNo: "岚环强〔2026〕1号", Decided: 20260401, Authority: "岚港市生态环境局"},
			credit.Record{Kind: credit.JudgmentDefaulter, Name: name, DocNo: "（2026）执1号", Decided: 20260401, Authority: "岚港市某法院"},
			credit.Record{Kind: credit.AbnormalList, Name: name, List: "经营异常名录", Decided: 20260401, Authority: "岚港市市场监督管理局"},
			credit.Record{Kind: credit.CriminalJudgment, Name: name, DocNo: "（2026）刑1号", Decided: 20260401, Authority: "岚港市某法院"},
			credit.Record{Kind: credit.Catalogue, Name: name, DocNo: "其他1号", Category: "其他", Decided: 20260401, Authority: "岚港市市场监督管理局"})
		back := penalised("撤回的决定", nil)
		all = append(all, back)
		o.says(firm, all...)
		o.happens(firm, matterOf(back), ledger.Event{Type: ledger.Withdrawn, Source: 1, On: today})
		for _, set := range []string{"SD-2023", "NDRC-2025"} {
			for _, edition := range []string{"general", "administration", "listing"} {
				for _, domains := range [][]string{nil, {"tax"}} {
					doc := o.issue(report.Request{RuleSet: set, Edition: edition, Domains: domains})
					if n := len(doc.Hidden) + len(doc.Content.Records); n != len(all) {
						t.Errorf("%s/%s: %d shown and %d hidden of %d", set, edition, len(doc.Content.Records), len(doc.Hidden), len(all))
					}
					for _, h := range doc.Hidden {
						if h.Rule == "" || h.Reason == "" {
							t.Errorf("%s/%s: %s is hidden without a rule: %+v", set, edition, h.DocNo, h)
						}
					}
				}
			}
		}
	})
}

// An unknown subject is no clean one.
func TestUnknownSubject(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, err := o.ask(report.Request{Key: "91000000MA0000099X"})
		if !errors.Is(err, report.ErrNoSubject) || !strings.Contains(err.Error(), "不表示该主体没有违法违规记录") {
			t.Errorf("got %v", err)
		}
		if o.count("document") != 0 {
			t.Error("a document was kept")
		}
	})
}

// What cannot be answered is refused, with what to do, and nothing is kept.
func TestRequestsThatCannotBeAnswered(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		for label, tt := range map[string]struct {
			r    report.Request
			says string
		}{
			"ends before it begins":  {report.Request{From: 20260101, To: 20250101}, "晚于"},
			"in the future":          {report.Request{From: 20260101, To: 20260519}, "晚于今天"},
			"longer than five years": {report.Request{From: 20200601, To: today}, "最长5年"},
			"before the data":        {report.Request{From: 20200531, To: 20210101}, "2020"},
			"only one end":           {report.Request{From: 20250101}, "起止"},
			"edition":                {report.Request{Edition: "special"}, "special"},
			"rule set":               {report.Request{RuleSet: "SD-1999"}, "SD-1999"},
			"domain":                 {report.Request{Domains: []string{"占星"}}, "占星"},
			"purpose":                {report.Request{Purpose: strings.Repeat("长", 61)}, "60字"},
		} {
			_, err := o.ask(tt.r)
			var bad *report.RequestError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %v", label, err)
			}
		}
		if o.count("document") != 0 || o.count("document_number") != 0 {
			t.Error("a refused request left a document")
		}
	})
}

// Rare characters of names are on the paper and can be read back.
func TestRareCharactersPrint(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		const rare = "岚港䶮𬭩㛃镕演示有限公司"
		r := registered()
		r.Name = rare
		o.says(firm, r)
		text := paperText(t, o.issue(report.Request{Paper: true}).Paper)
		if !strings.Contains(text, rare) {
			t.Errorf("the paper does not name %s:\n%.400s", rare, text)
		}
	})
}

// A decision whose text has several lines is on the paper in full.
func TestFactsOfSeveralLinesPrintInFull(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) {
			r.Facts = "第一处未设标志\n第二处渗漏\n说明：第三处已改正"
		}),
			credit.Record{Kind: credit.SeriousList, Name: name, Decided: 20260420, Authority: "岚港市市场监督管理局", List: "严重违法失信名单"})
		text := strings.Join(strings.Fields(paperText(t, o.issue(report.Request{Edition: "listing", Paper: true}).Paper)), "")
		for _, part := range []string{"第一处未设标志", "第二处渗漏", "说明：第三处已改正", "严重违法失信名单", "岚环罚〔2026〕1号", "30,000.00"} {
			if !strings.Contains(text, part) {
				t.Errorf("the paper leaves out %s", part)
			}
		}
	})
}

// A record shown without particulars does not take the particulars of the others off the paper.
func TestARecordWithoutParticularsHidesNoOther(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil),
			credit.Record{Kind: credit.SeriousList, Name: name, Decided: 20260501, Authority: "岚港市市场监督管理局"})
		doc := o.issue(report.Request{Edition: "listing", Paper: true})
		if len(doc.Content.Records) != 2 || doc.Content.Records[0].Detail != "" {
			t.Fatalf("records %+v", doc.Content.Records)
		}
		if text := strings.Join(strings.Fields(paperText(t, doc.Paper)), ""); !strings.Contains(text, "危险废物贮存场所未设置标志") {
			t.Error("the facts of a decision are not on the paper")
		}
	})
}

// Each document is canonical JSON that says of itself what it is.
func TestPayloadIsTheContent(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		doc := o.issue(report.Request{})
		var c report.Content
		must(t, json.Unmarshal(doc.Payload, &c))
		if c.Number != doc.Content.Number || c.Version != report.ContentVersion || c.IssuedAt != "2026-05-18T09:00:00+08:00" || c.Subject != firm {
			t.Errorf("%+v", c)
		}
	})
}

// Identity numbers that sources write into facts, of 15 digits or with a wrong last one too, stand in clear
// neither in the data nor on the paper.
func TestIdentityNumbersInFactsAreMasked(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		numbers := []string{"370102900101123", "370102199001011231", "37010219900101123X"}
		o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) {
			r.Facts, r.Content, r.Behaviour = "法定代表人（"+numbers[0]+"）", "责令"+numbers[1]+"改正", "由"+numbers[2]+"实施"
		}))
		doc := o.issue(report.Request{Edition: "listing", Paper: true})
		text := paperText(t, doc.Paper)
		for _, n := range numbers {
			if strings.Contains(string(doc.Payload), n[3:len(n)-2]) || strings.Contains(text, n[3:len(n)-2]) {
				t.Errorf("%s is told: %s", n, doc.Content.Records[0].Detail)
			}
		}
		if r, err := o.Replay(t.Context(), doc.Content.Number); err != nil || !r.Same {
			t.Errorf("replay %+v, %v", r, err)
		}
	})
}

// A number stands on the paper under what it is, and a person under none.
func TestThePaperNamesTheKindOfNumber(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		for key, label := range map[credit.Key]string{firm: "统一社会信用代码", "reg:330100000000123": "工商注册号", "org:71000000X": "组织机构代码", "p:abcdefgh": "主体类型"} {
			o.says(key, registered())
			text := paperText(t, o.issue(report.Request{Key: key, Paper: true}).Paper)
			if !strings.Contains(text, label) || label != "统一社会信用代码" && strings.Contains(text, "统一社会信用代码") {
				t.Errorf("%s stands under another label than %s", key, label)
			}
		}
	})
}

// Every date on a paper is written in one way.
func TestDatesOnThePaperAreWrittenInOneWay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, editionTable()...)
		text := paperText(t, o.issue(report.Request{Edition: "listing", Paper: true}).Paper)
		if other := regexp.MustCompile(`\d{4}-\d\d-\d\d`).FindString(text); other != "" || !strings.Contains(text, "已移出 2025年5月1日") {
			t.Errorf("%q in\n%s", other, text)
		}
	})
}
