package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// What happens after a document was issued, and what its holder's verifier then reads: a later change
// never withdraws what was true on its day; a correction or annulment of a fact in it does.
func TestStatusAfterwards(t *testing.T) {
	one := penalised("岚环罚〔2026〕1号", nil)
	tests := map[string]struct {
		then   func(o *office)
		status report.Status
		reason string
	}{
		"nothing":                 {func(o *office) {}, report.Valid, ""},
		"another decision":        {func(o *office) { o.says(firm, penalised("岚环罚〔2026〕2号", nil)) }, report.Changed, "在出具之日属实"},
		"repaired":                {func(o *office) { o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Repaired}) }, report.Changed, "在出具之日属实"},
		"taken off its list":      {func(o *office) { o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Removed}) }, report.Changed, ""},
		"disputed":                {func(o *office) { o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Disputed}) }, report.Changed, ""},
		"annulled":                {func(o *office) { o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Annulled}) }, report.Withdrawn, "已撤销"},
		"another's":               {func(o *office) { o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Reassigned, To: "X"}) }, report.Withdrawn, "归属已更正"},
		"its source took it back": {func(o *office) { o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Withdrawn, Source: 1}) }, report.Withdrawn, "撤回"},
		"its source corrected it": {func(o *office) {
			o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) { r.Fine.Fen = 1 }))
		}, report.Withdrawn, "更正"},
		"its source reports a repair": {func(o *office) {
			o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) { r.Repaired = today }))
		}, report.Changed, ""},
		"the subject was renamed": {func(o *office) {
			o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) { r.Name = "岚港演示远洋有限公司" }))
		}, report.Changed, ""},
		"new legal representative": {func(o *office) {
			o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) {
				r.LegalRep, r.Provider, r.ProviderCode = "新人", "岚港市大数据局", "X"
			}))
		}, report.Changed, ""},
		"its source corrected the authority": {func(o *office) {
			r := penalised("岚环罚〔2026〕1号", func(r *credit.Record) { r.Authority = "岚港市海洋局" })
			o.append(firm, name, o.ledger.NewAssertion(firm, matterOf(one), 1, &r, nil, 1))
		}, report.Withdrawn, "更正"},
		"another source says the same": {func(o *office) {
			o.append(firm, name, o.ledger.NewAssertion(firm, matterOf(one), 2, &one, nil, 1))
		}, report.Changed, ""},
		"a newer document": {func(o *office) {
			o.says(firm, penalised("岚环罚〔2026〕2号", nil))
			o.issue(report.Request{Edition: "listing"})
		}, report.Replaced, "已有新的报告"},
		"annulled, and a newer document": {func(o *office) {
			o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Annulled})
			o.issue(report.Request{Edition: "listing"})
		}, report.Withdrawn, "已撤销"},
	}
	for label, tt := range tests {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				o.says(firm, one)
				doc := o.issue(report.Request{Edition: "listing", Paper: true})
				tt.then(o)
				looked, err := o.LookUp(t.Context(), doc.Content.Number, doc.Content.Code)
				must(t, err)
				for way, v := range map[string]*report.Verification{"JSON": o.verify(doc.Envelope), "PDF": o.verify(doc.Paper), "number": looked} {
					if v.Status != tt.status || !v.Unaltered || !v.IssuerTrusted || v.Number != doc.Content.Number || !contains(v.Reasons, tt.reason) {
						t.Errorf("%s: %+v, want %s", way, v, tt.status)
					}
				}
				if r, err := o.Replay(t.Context(), doc.Content.Number); err != nil || !r.Same {
					t.Errorf("replay %+v, %v", r, err)
				}
			})
		})
	}
}

// Made again from the ledger, a document is the same bytes, after whatever came later: rows, events, links
// and their undoing, other rules, other days.
func TestReplay(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		const old, empty = credit.Key("91000000MA0000019B"), credit.Key("91000000MA0000020C")
		link := func(to credit.Key, e ledger.EventType) {
			o.happens(firm, credit.MatterID{}, ledger.Event{Type: e, Link: ledger.SuccessorOf, To: to})
		}
		var issued []string
		issue := func() {
			for _, r := range []report.Request{{RuleSet: "SD-2023"}, {RuleSet: "SD-2023", Edition: "administration"}, {RuleSet: "NDRC-2025", Edition: "listing"}} {
				issued = append(issued, o.issue(r).Content.Number)
			}
		}
		o.says(firm, editionTable()...)
		steps := []func(){
			func() {},
			func() { o.says(firm, penalised("岚环罚〔2026〕9号", nil)) },
			func() {
				o.happens(firm, matterOf(penalised("2-公示期内", nil)), ledger.Event{Type: ledger.Annulled})
			},
			func() { link(empty, ledger.Linked) },
			func() { o.says(empty, penalised("后来的", nil)) },
			func() { o.says(old, penalised("前身的", nil)); link(old, ledger.Linked) },
			func() { o.says(old, penalised("前身后来的", nil)) },
			func() { link(old, ledger.LinkUndone) },
			func() { o.pass(40 * 24 * time.Hour) },
			func() { o.feeds[3].Late = true; o.checks = []string{"tax"} },
			func() { o.adopt("O36", "max_months: 12", "max_months: 6") },
			func() { o.adopt("SD-2023", "max_months: 60", "max_months: 36") },
		}
		for i, step := range steps {
			step()
			issue()
			for _, n := range issued {
				r, err := o.Replay(t.Context(), n)
				if err != nil || !r.Same || r.Issued != r.Replayed {
					t.Fatalf("after step %d: replay of %s: %+v, %v", i, n, r, err)
				}
			}
		}
	})
}

// A register in which the organ has another name and other duties changes new documents, not old ones.
func TestReplayWithTheOrganRegisterOfTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dir := t.TempDir()
		o := open(t, db, dir)
		o.says(firm, penalised("岚环罚〔2026〕1号", func(r *credit.Record) { r.DocNo = "无序列1号" }))
		doc := o.issue(report.Request{Edition: "listing"})
		changed := strings.Replace(register, `name: 岚港市生态环境局, region: "000100", domains: [ecology]`,
			`name: 岚港市环境与水利局, old_names: [岚港市生态环境局], region: "000100", domains: [water]`, 1)
		later := openWith(t, db, dir, changed)
		if r, err := later.Replay(t.Context(), doc.Content.Number); err != nil || !r.Same {
			t.Errorf("replay %+v, %v", r, err)
		}
		if new := later.issue(report.Request{Edition: "listing"}); new.Content.Number == doc.Content.Number || new.Content.Records[0].Authority != "岚港市环境与水利局" || new.Content.Records[0].Domain != "water" {
			t.Errorf("the new document: %+v", new.Content.Records)
		}
	})
}

// adopt puts an edited proposal in force.
func (o *office) adopt(id, was, is string) {
	o.t.Helper()
	for _, p := range law.Proposals() {
		if p.ID == id && strings.Contains(string(p.Body), was) {
			set := law.Adopted{Body: []byte(strings.Replace(string(p.Body), was, is, 1)), KnownFrom: credit.DateOf(o.clock()), Author: "甲", Approver: "乙"}
			must(o.t, o.books.Adopt(o.t.Context(), []law.Adopted{set}, "", o.clock().UnixMilli()))
			return
		}
	}
	o.t.Fatalf("no proposal %s with %q", id, was)
}

// Whoever changes a byte of a document is found out.
func TestAlteredDocuments(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		doc := o.issue(report.Request{Edition: "listing", Paper: true})
		r := rand.New(rand.NewPCG(1, 1))
		for _, file := range [][]byte{doc.Envelope, doc.Paper} {
			for range 80 {
				bad := bytes.Clone(file)
				at := r.IntN(len(bad))
				if in(signatureHole(file), at) { // where the signature itself lies: padding, and letters of either case
					continue
				}
				bad[at] ^= 1 << r.IntN(8)
				v := o.verify(bad)
				if v.Unaltered && v.IssuerTrusted && v.Status != report.Unknown && !says(bad, doc) {
					t.Fatalf("a change at byte %d of %d was not found: %+v", at, len(bad), v)
				}
				if len(v.Reasons) == 0 && !says(bad, doc) {
					t.Fatalf("a change at byte %d: no reason is given", at)
				}
			}
			for _, cut := range []int{0, 1, len(file) / 2, len(file) - 1} {
				if v := o.verify(file[:cut]); v.Unaltered && v.IssuerTrusted {
					t.Errorf("cut at %d: %+v", cut, v)
				}
			}
			if v := o.verify(append(bytes.Clone(file), "后来添上的"...)); v.Unaltered && v.IssuerTrusted {
				t.Errorf("with text after its end: %+v", v)
			}
		}
		milder := bytes.Replace(doc.Envelope, []byte(`"fines_fen":3000000`), []byte(`"fines_fen":3000`), 1)
		if bytes.Equal(milder, doc.Envelope) {
			t.Fatal("nothing was changed")
		}
		if v := o.verify(milder); v.Unaltered || v.Status != report.Unknown || v.Content != nil {
			t.Errorf("a smaller fine: %+v", v)
		}
	})
}

var byteRange = regexp.MustCompile(`/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+)`)

// signatureHole is where the signature lies in a PDF; nowhere in a JSON.
func signatureHole(file []byte) (hole [2]int) {
	if m := byteRange.FindSubmatch(file); m != nil {
		hole[0], _ = strconv.Atoi(string(m[2]))
		hole[1], _ = strconv.Atoi(string(m[3]))
	}
	return hole
}

func in(hole [2]int, at int) bool { return at >= hole[0] && at < hole[1] }

// says tells whether a signed JSON still says what was issued: a change of a root certificate that comes
// along for convenience changes nothing of what is trusted.
func says(file []byte, doc *report.Issued) bool {
	payload, _, err := seal.Open(file)
	return err == nil && bytes.Equal(payload, doc.Payload)
}

func anotherIssuer(t *testing.T, o *office, name string) *seal.Keys {
	t.Helper()
	k, err := seal.LoadOrCreate(t.TempDir(), name, o.clock())
	must(t, err)
	return k
}

// A document with other words that somebody signed anew, under any name, is not in force and not trusted.
func TestForgedDocuments(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		doc := o.issue(report.Request{Edition: "listing"})
		forger := anotherIssuer(t, o, "岚海省公共信用中心")
		payload := bytes.Replace(doc.Payload, []byte(`"conclusion":"found"`), []byte(`"conclusion":"none"`), 1)
		forged, err := forger.Seal(payload)
		must(t, err)
		v := o.verify(forged)
		if v.IssuerTrusted || v.Status != report.Unknown {
			t.Errorf("forged: %+v", v)
		}
		resigned, err := forger.Seal(doc.Payload)
		must(t, err)
		if v := o.verify(resigned); v.IssuerTrusted {
			t.Errorf("signed anew: %+v", v)
		}
		renumbered, err := o.keys.Seal(bytes.ReplaceAll(doc.Payload, []byte(doc.Content.Number), []byte("20260518090000AAAAAAAA")))
		must(t, err)
		if v := o.verify(renumbered); v.Status != report.Unknown || len(v.Reasons) == 0 {
			t.Errorf("a number that was never issued: %+v", v)
		}
	})
}

// Other pages around the genuine signed data are no document: with a key of the forger's own they are
// not trusted, even where no paper was kept; with any key they are not the paper that was issued.
func TestForgedPagesAroundGenuineData(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		printed := o.issue(report.Request{Edition: "listing", Paper: true})
		unprinted := o.issue(report.Request{Edition: "general"})
		f, err := fonts()
		must(t, err)
		wrap := func(doc *report.Issued, signer pdf.Signer) []byte {
			pages := &sheet.Sheet{Title: report.Title, Number: doc.Content.Number, Blocks: []sheet.Block{sheet.Heading{Level: 1, Text: "未查见违法违规记录"}}}
			file, err := pdf.NewWriter(f).Write(pages.Layout(f), pdf.Options{Created: o.clock(), Signer: signer,
				Attachments: []pdf.Attachment{{Name: report.AttachmentName, Type: "application/json", Data: doc.Envelope}}})
			must(t, err)
			return file
		}
		forger := anotherIssuer(t, o, "岚海省公共信用中心")
		for label, tt := range map[string]struct {
			file               []byte
			unaltered, trusted bool
			status             report.Status
			reason             string
		}{
			"the paper itself":                {printed.Paper, true, true, report.Valid, ""},
			"a forger's pages":                {wrap(printed, forger), false, false, report.Unknown, "版式文件不一致"},
			"a forger's, no paper was kept":   {wrap(unprinted, forger), true, false, report.Unknown, "不是由可信的出具单位签名"},
			"other pages with our own key":    {wrap(printed, o.keys), false, true, report.Unknown, "版式文件不一致"},
			"pages that nobody signed":        {wrap(printed, nil), false, false, report.Unknown, "没有电子签名"},
			"unsigned, and no paper was kept": {wrap(unprinted, nil), false, false, report.Unknown, "没有电子签名"},
		} {
			v := o.verify(tt.file)
			if v.Unaltered != tt.unaltered || v.IssuerTrusted != tt.trusted || v.Status != tt.status || !contains(v.Reasons, tt.reason) {
				t.Errorf("%s: %+v", label, v)
			}
		}
	})
}

// A number without its code, or a code that is not its, is answered like a number that does not exist.
func TestLookUpNeedsTheCode(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		c := o.issue(report.Request{}).Content
		for _, q := range [][2]string{{c.Number, ""}, {c.Number, "AAAAAAAA"}, {c.Number[:21], c.Code}, {"", ""}, {"20260518090000AAAAAAAA", c.Code}} {
			if v, err := o.LookUp(t.Context(), q[0], q[1]); !errors.Is(err, report.ErrNoDocument) {
				t.Errorf("%q: %+v, %v", q, v, err)
			}
		}
		if v, err := o.LookUp(t.Context(), " "+strings.ToLower(c.Number), strings.ToLower(c.Code)+" "); err != nil || v.Status != report.Valid {
			t.Errorf("typed in small letters: %+v, %v", v, err)
		}
	})
}

// Without a network, a signed list of a day tells which documents are no longer valid; a stale, altered or
// foreign list tells nothing.
func TestStatusListOffline(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		one := penalised("岚环罚〔2026〕1号", nil)
		o.says(firm, one)
		replaced := o.issue(report.Request{Edition: "listing"})
		o.says(firm, penalised("岚环罚〔2026〕2号", nil))
		valid := o.issue(report.Request{Edition: "listing"})
		const second = credit.Key("91000000MA0000021D")
		o.says(second, one)
		withdrawn := o.issue(report.Request{Key: second, Edition: "listing"})
		o.happens(second, matterOf(one), ledger.Event{Type: ledger.Annulled})
		o.follow(second)
		list, _, err := o.SignedStatusList(t.Context())
		must(t, err)
		o.pass(time.Hour)
		later := o.issue(report.Request{Edition: "administration"})

		trust := o.keys.Trust()
		check := func(label string, doc *report.Issued, list []byte, after time.Duration, want report.Status, reason string) {
			t.Helper()
			v, err := report.VerifyOffline(doc.Envelope, list, trust, o.clock().Add(after))
			if err != nil {
				if want != report.Unknown {
					t.Errorf("%s: %v", label, err)
				}
				return
			}
			if v.Status != want || !contains(v.Reasons, reason) || !v.Unaltered || !v.IssuerTrusted {
				t.Errorf("%s: %+v, want %s", label, v, want)
			}
		}
		check("valid", valid, list, 0, report.Valid, "状态截至")
		check("replaced", replaced, list, 0, report.Replaced, "已有新的报告")
		check("withdrawn", withdrawn, list, 0, report.Withdrawn, "更正或者撤销")
		check("issued after the list", later, list, 0, report.Unknown, "换用新的清单")
		check("a month old", valid, list, 30*24*time.Hour, report.Valid, "")
		check("stale", valid, list, 32*24*time.Hour, report.Unknown, "31天")
		check("altered", withdrawn, bytes.Replace(list, []byte(withdrawn.Content.Number), []byte("20260518090000AAAAAAAA"), 1), 0, report.Unknown, "")
		check("no list", valid, []byte("{}"), 0, report.Unknown, "")
		check("a document in place of the list", valid, valid.Envelope, 0, report.Unknown, "")

		payload, _, err := seal.Open(list)
		must(t, err)
		if bytes.Contains(payload, []byte("岚环罚")) {
			t.Errorf("anybody reads of the decision: %s", payload)
		}
		short, cut, err := o.StatusListOf(t.Context(), 1) // the newest that ended
		must(t, err)
		if len(cut.Withdrawn)+len(cut.Replaced) != 1 || cut.Since != max(withdrawn.Content.Number, replaced.Content.Number) {
			t.Errorf("a list that is cut off: %+v", cut)
		}
		if older := min(withdrawn.Content.Number, replaced.Content.Number); older == withdrawn.Content.Number {
			check("before the list begins", withdrawn, short, 0, report.Unknown, "在线核验")
		} else {
			check("before the list begins", replaced, short, 0, report.Unknown, "在线核验")
		}
		clean := regexp.MustCompile(`"withdrawn":\[[^]]*\]`).ReplaceAll(payload, []byte(`"withdrawn":[]`))
		forged, err := anotherIssuer(t, o, "岚海省公共信用中心").Seal(clean)
		must(t, err)
		check("signed by nobody we trust", withdrawn, forged, 0, report.Unknown, "不可信")

		neighbour := anotherIssuer(t, o, "青梧市公共信用中心") // trusted too, for its own documents
		foreign, err := neighbour.Seal(bytes.ReplaceAll(clean, []byte("岚海省公共信用中心"), []byte("青梧市公共信用中心")))
		must(t, err)
		trust, err = seal.ParseTrust(append(o.keys.TrustPEM(), neighbour.TrustPEM()...))
		must(t, err)
		check("of another issuer", withdrawn, foreign, 0, report.Unknown, "不是本报告的出具单位")
		check("withdrawn, with two issuers trusted", withdrawn, list, 0, report.Withdrawn, "更正或者撤销")
	})
}

// follow does what the follower does when the facts of a key have changed.
func (o *office) follow(key credit.Key) {
	o.t.Helper()
	steps, err := o.Project(o.t.Context(), key, nil)
	must(o.t, err)
	if len(steps) == 0 {
		o.t.Fatalf("%s: nothing to follow", key)
	}
	for _, step := range steps {
		must(o.t, o.db.Tx(o.t.Context(), step))
	}
}

// Numbers do not repeat and are easy to read aloud.
func TestNumbers(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		seen := map[string]bool{}
		form := regexp.MustCompile(`^20260518\d{6}[346789A-HJ-NP-RT-UW-Y]{8}$`)
		for i := range 30 {
			c := o.issue(report.Request{Purpose: fmt.Sprint(i)}).Content
			if seen[c.Number] || !form.MatchString(c.Number) {
				t.Errorf("number %s", c.Number)
			}
			seen[c.Number] = true
		}
	})
}
