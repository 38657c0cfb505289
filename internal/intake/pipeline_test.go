package intake_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"time"
	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// each runs test on a fresh house on every engine at hand, with runs so short that files span several.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		test(t, shortRuns(t, reopen(t, db, t.TempDir())))
	})
}

func shortRuns(t *testing.T, h *house) *house {
	t.Helper()
	s, err := intake.New(t.Context(), intake.Config{Ledger: h.ledger, Organs: organs{}, Clocks: clocks{}, Dir: filepath.Join(h.dir, "verdicts"),
		Now: func() time.Time { return today.Time().Add(12 * time.Hour) }, RunRows: 1})
	must(t, err)
	t.Cleanup(s.Stop)
	h.Service = s
	return h
}

// verdicts reads a verdict file: the verdict of each row, each row's lines together, rows in the order sent.
func (h *house) verdicts(load int64) []string {
	h.t.Helper()
	b, err := os.ReadFile(h.VerdictFile(load))
	must(h.t, err)
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	must(h.t, err)
	var all []string
	for _, l := range lines[1:] {
		row, err := strconv.Atoi(l[0])
		must(h.t, err)
		switch {
		case row == len(all)+1:
			all = append(all, l[1])
		case row != len(all) || l[1] != all[row-1]: // a further finding on the row just told of
			h.t.Fatalf("verdict file: row %d after row %d", row, len(all))
		}
	}
	return all
}

// tallied checks that the counts of a load are those of its verdict file.
func (h *house) tallied(r intake.Result) []string {
	h.t.Helper()
	all := h.verdicts(r.ID)
	n := map[string]int64{}
	for _, v := range all {
		n[v]++
	}
	if int64(len(all)) != r.Rows || n["accepted"] != r.Accepted || n["unchanged"] != r.Unchanged || n["amended"] != r.Amended || n["quarantined"] != r.Quarantined {
		h.t.Fatalf("verdict file %v, load %+v", n, r.Load)
	}
	if r.Accepted+r.Unchanged+r.Amended+r.Quarantined != r.Rows {
		h.t.Fatalf("%d rows in, %d verdicts out", r.Rows, r.Accepted+r.Unchanged+r.Amended+r.Quarantined)
	}
	return all
}

// model says what becomes of rows: it knows only what was decided, of whom, and how each source worded it last.
type model struct{ last map[string]string }

type said struct {
	doc, firm, content string
	bad                bool
}

func (m *model) file(rows []said) (verdicts []string, meets []int) {
	here := map[string]int{}
	for i, r := range rows {
		id := r.doc + " " + r.firm
		first, met := here[id]
		last, known := m.last[id]
		v := "accepted"
		switch {
		case r.bad:
			v = "quarantined"
		case met && rows[first].content != r.content:
			v = "quarantined"
		case known && last == r.content:
			v = "unchanged"
		case known:
			v = "amended"
		}
		verdicts, meets = append(verdicts, v), append(meets, 0)
		if r.bad {
			continue
		}
		if met && v == "quarantined" {
			meets[i] = first + 1
		}
		if !met {
			here[id] = i
		}
		if v != "quarantined" {
			m.last[id] = r.content
		}
	}
	return verdicts, meets
}

// dirty writes what is said in one of the ways in which departments write it: the wording changes nothing.
func dirty(r *rand.Rand, s said) row {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	p := penalty(s.doc, row{"统一社会信用代码": s.firm, "处罚决定日期": pick("2026-05-12", "2026/5/12", "2026年5月12日", "46154", "20260512", "２０２６-０５-１２")})
	p["统一社会信用代码"] = pick(s.firm, strings.ToLower(s.firm), " "+s.firm, s.firm[:8]+" "+s.firm[8:])
	p["行政处罚决定书文号"] = pick(s.doc, strings.NewReplacer("〔", "[", "〕", "]").Replace(s.doc), strings.NewReplacer("〔", "（", "〕", "）").Replace(s.doc)+" ")
	p["罚款金额（万元）"] = pick(s.content, s.content+".0", s.content+".000000")
	p["处罚内容"] = "罚款人民币" + s.content + "万元"
	p["备注"] = pick("", "—", "无", "/")
	if s.bad {
		for k, v := range [...]row{{"处罚决定日期": "2022-09-31"}, {"行政相对人名称": ""}, {"统一社会信用代码": "不详"}, {"处罚决定日期": ""}}[r.IntN(4)] {
			p[k] = v
		}
	}
	return p
}

// Rows in are verdicts out, for any file: each row is accepted, unchanged, amended or quarantined as the
// source's earlier words and the file's own earlier rows demand, however the dirt falls.
func TestRowsInAreVerdictsOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		walk := 0
		rapid.Check(t, func(rt *rapid.T) {
			walk++
			m := &model{last: map[string]string{}}
			for range rapid.IntRange(1, 3).Draw(rt, "files") {
				r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
				docs := rapid.IntRange(1, 300).Draw(rt, "decisions")
				var rows []row
				var all []said
				for range rapid.SampledFrom([]int{0, 1, 2, 3, 5, 8, 20, 20, 600}).Draw(rt, "rows") {
					s := said{doc: fmt.Sprintf("岚环罚〔2026〕%d-%d号", walk, r.IntN(docs)), firm: []string{firm, otherFirm}[r.IntN(2)],
						content: []string{"2", "2", "2", "3"}[r.IntN(4)], bad: r.IntN(12) == 0}
					all, rows = append(all, s), append(rows, dirty(r, s))
				}
				h.t = t
				before := h.feedRows("eco")
				res := h.load("eco", file(t, credit.Penalty, rows...))
				got := h.tallied(res)
				want, meets := m.file(all)
				for i := range want {
					if got[i] != want[i] {
						rt.Fatalf("row %d is %s, want %s: %+v", i+1, got[i], want[i], all[i])
					}
				}
				for _, f := range res.Findings {
					if f.Code == "conflict_in_file" && !strings.Contains(f.Message, fmt.Sprintf("第%d行", meets[f.Row-1])) {
						rt.Fatalf("row %d contradicts row %d, and the finding says %s", f.Row, meets[f.Row-1], f.Message)
					}
				}
				if n := h.feedRows("eco") - before; n != int64(len(rows)) {
					rt.Fatalf("the feed counted %d rows of %d", n, len(rows))
				}
			}
		})
	})
}

func (h *house) feedRows(source string) (n int64) {
	h.t.Helper()
	src, err := h.SourceByCode(h.t.Context(), source)
	must(h.t, err)
	feeds, err := h.Feeds(h.t.Context())
	must(h.t, err)
	for _, f := range feeds {
		if f.Source == src.ID {
			n += f.Rows
		}
	}
	return n
}

// The same file sent again is all unchanged, and adds nothing to the ledger.
func TestASecondSendIsAllUnchanged(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", nil), penalty("岚环罚〔2026〕3号", bad))
		h.tallied(h.load("eco", path))
		again := h.load("eco", path)
		if v := h.tallied(again); !slices.Equal(v, []string{"unchanged", "unchanged", "quarantined"}) {
			t.Errorf("verdicts %v", v)
		}
		if again.ID == 1 {
			t.Error("a second send is a load of its own")
		}
		if m := h.matters(firm); len(m) != 2 || m[0].Assertions[0].Versions != 1 {
			t.Errorf("%d matters", len(m))
		}
	})
}

// A changed row is amended, and both wordings stay.
func TestAChangedRowIsAmended(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
		r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"罚款金额（万元）": "3", "处罚内容": "罚款人民币30000元"})))
		if r.Amended != 1 || r.Rows != 1 {
			t.Errorf("load %+v", r.Load)
		}
		m := h.matters(firm)
		if len(m) != 1 || m[0].Record.Fine.Fen != 3_000_000 || m[0].Assertions[0].Versions != 2 {
			t.Errorf("matters %+v", m)
		}
		facts, err := h.ledger.Read(t.Context(), credit.Key(firm))
		must(t, err)
		if len(facts) != 2 || facts[0].Record.Fine.Fen != 2_000_000 {
			t.Error("the former wording is gone")
		}
	})
}

// The same decision in both generations of the layout, and from two sources, is one matter.
func TestOneDecisionInTwoLayoutsFromTwoSourcesIsOneMatter(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
		old := write(t, [][]string{
			{"CF_WSH", "CF_CFMC", "CF_CFLB1", "CF_SY", "CF_YJ", "CF_XDR_MC", "CF_XDR_SHXYM", "CF_FR", "CF_JG", "CF_JDRQ", "CF_XZJG", "CF_ZT"},
			{"岚环罚[2026]1号", "未按规定贮存案", "罚款", "危险废物贮存场所未设置标志", "演示条例第一条", "岚港远航货代有限公司", firm, "演示甲", "罚款人民币20000元", "2026/05/12", "岚港市生态环境局", "0"},
		})
		r := h.load("trans", old)
		if r.Accepted != 1 {
			t.Fatalf("load %+v, findings %+v", r.Load, r.Findings)
		}
		m := h.matters(firm)
		if len(m) != 1 || len(m[0].Assertions) != 2 {
			t.Fatalf("%d matters, want one that two sources assert", len(m))
		}
		if m[0].Assertions[0].Source != h.eco.ID || m[0].Assertions[1].Source != h.trans.ID {
			t.Error("the first source leads")
		}
	})
}

// One file that says two things of one decision: the second row is held and names the first.
func TestTwoContentsOfOneDecisionInAFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", nil),
			penalty("岚环罚〔2026〕1号", row{"罚款金额（万元）": "5", "处罚内容": "罚款人民币50000元"})))
		if v := h.tallied(r); !slices.Equal(v, []string{"accepted", "accepted", "quarantined"}) {
			t.Fatalf("verdicts %v", v)
		}
		held := h.held(r.ID)
		if len(held) != 1 || held[0].Row != 3 || !strings.Contains(fmt.Sprint(held[0].Findings), "第1行") || !strings.Contains(fmt.Sprint(held[0].Cells), "罚款人民币50000元") {
			t.Errorf("held %+v", held)
		}
	})
}

// A re-sent row after something was decided stays unchanged and undoes nothing; a changed one is kept and
// asks a person, and does not win by itself.
func TestRowsAfterADecidedEvent(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil))
		h.load("eco", path)
		m := h.matters(firm)[0]
		f, err := ledger.NewEvent(credit.Key(firm), m.Kind, m.ID, ledger.Event{Type: ledger.Repaired, On: 20260515}, 1)
		must(t, err)
		must(t, h.ledger.Change(t.Context(), func(tx *store.Tx) error {
			_, err := h.ledger.Append(tx, ledger.Subject{Key: credit.Key(firm)}, f)
			return err
		}))
		if r := h.load("eco", path); r.Unchanged != 1 {
			t.Errorf("re-sent: %+v", r.Load)
		}
		if n := len(h.questions(intake.Reconcile)); n != 0 {
			t.Errorf("%d questions about a row that says nothing new", n)
		}
		r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"违法事实": "另一事实"})))
		if r.Amended != 1 {
			t.Errorf("changed: %+v", r.Load)
		}
		if q := h.questions(intake.Reconcile); len(q) != 1 || q[0].Subject != credit.Key(firm) || q[0].Matter != m.ID || q[0].Load != r.ID || q[0].Row != 1 {
			t.Errorf("questions %+v", q)
		}
		if m := h.matters(firm)[0]; m.Repaired != 20260515 {
			t.Error("a changed row undid a repair")
		}
	})
}

func (h *house) questions(t intake.ItemType) []intake.Item {
	h.t.Helper()
	items, err := h.OpenItems(h.t.Context(), t, 0, "", 100)
	must(h.t, err)
	return items
}

// A row too weak to tell its decision from others is accepted and goes to the duplicate desk, once.
func TestAWeakRowGoesToTheDuplicateDesk(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		must(t, h.AddFeed(t.Context(), intake.Feed{Source: h.eco.ID, Kind: credit.Catalogue, Basis: "目录第9类", Rhythm: 7}))
		unnumbered := file(t, credit.Catalogue, row{"主体名称": "岚港远航货代有限公司", "行政相对人类别": "法人及非法人组织", "统一社会信用代码": firm,
			"目录信息类别": "其他", "信息内容": "演示内容", "认定日期": "2026-05-12", "认定单位": "岚港市生态环境局"})
		r := h.load("eco", unnumbered)
		if q := h.questions(intake.Duplicate); r.Accepted != 1 || len(q) != 1 || q[0].Row != 1 || q[0].Subject != credit.Key(firm) {
			t.Errorf("load %+v, questions %+v, findings %+v", r.Load, q, r.Findings)
		}
		h.load("eco", unnumbered)
		if q := h.questions(intake.Duplicate); len(q) != 1 {
			t.Errorf("sent again, it asks again: %+v", q)
		}
	})
}

func registration(name, code string) row {
	return row{"主体名称": name, "行政相对人名称": name, "统一社会信用代码": code, "主体类别": "法人及非法人组织", "行政相对人类别": "法人及非法人组织", "成立日期": "2020-01-01", "登记机关": "岚港市市场监督管理局"}
}

// Whatever comes first, the row or the subject: a row whose code is unregistered while its name is another
// subject's is accepted, asks a person, and the domains of all such rows are under check.
func TestRowsUnderAnUnregisteredCodeArePutUnderCheck(t *testing.T) {
	const name = "岚港远航货代有限公司"
	stray := code("91000000MA000009")
	badCheck := firm[:17] + string("0123456789"[(strings.IndexByte("0123456789", firm[17])+1)%10])
	for label, tt := range map[string]struct {
		code         string
		subjectFirst bool
	}{"unregistered, after the subject": {stray, true}, "unregistered, before the subject": {stray, false},
		"fails its check, after the subject": {badCheck, true}, "fails its check, before the subject": {badCheck, false}} {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				must(t, h.AddFeed(t.Context(), intake.Feed{Source: h.eco.ID, Kind: credit.Registration, Basis: "目录第1类", Rhythm: 7}))
				register := func() {
					headings := []string{"主体名称", "统一社会信用代码", "主体类别", "成立日期", "登记机关"}
					path := write(t, [][]string{headings, registration(name, firm).cells(headings)})
					r, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco", Kind: credit.Registration})
					must(t, err)
					if r.Accepted != 1 {
						t.Fatalf("load %+v %+v", r.Load, r.Findings)
					}
				}
				if tt.subjectFirst {
					register()
				}
				r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": tt.code}), penalty("岚环罚〔2026〕2号", row{"统一社会信用代码": tt.code})))
				if r.Accepted != 2 {
					t.Fatalf("the rows were not accepted: %+v %+v", r.Load, r.Findings)
				}
				if !tt.subjectFirst {
					register()
				}
				items, err := h.Attachments(t.Context(), credit.Key(firm))
				must(t, err)
				if len(items) == 0 || items[0].Other != credit.Key(tt.code) {
					t.Errorf("questions %+v", items)
				}
				if d, err := h.UnderCheck(t.Context(), []credit.Key{credit.Key(firm)}, nil); err != nil || !slices.Equal(d, []string{"ecology"}) {
					t.Errorf("under check %v, %v", d, err)
				}
			})
		})
	}
}

// What is in no catalogue is refused whole; an unknown source too; nothing is written.
func TestAFeedOutsideTheCatalogueIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		lonely, err := h.AddSource(t.Context(), intake.Source{Code: "lonely", Name: "溯岚县某单位"})
		must(t, err)
		path := file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil))
		_, err = h.LoadFile(t.Context(), intake.Request{Path: path, Source: "lonely"})
		wants(t, err, intake.ErrNotInCatalogue)
		wants(t, h.AddFeed(t.Context(), intake.Feed{Source: lonely.ID, Kind: credit.Penalty}), intake.ErrNotInCatalogue)
		if _, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "nobody"}); err == nil || !strings.Contains(err.Error(), "nobody") {
			t.Errorf("an unknown source: %v", err)
		}
		loads, err := h.Loads(t.Context(), 0, 0, 10)
		must(t, err)
		if len(loads) != 0 || len(h.matters(firm)) != 0 {
			t.Errorf("something was written: %+v", loads)
		}
		if r := h.load(intake.Local, path); r.Accepted != 1 {
			t.Errorf("the trial source is open to every kind: %+v", r.Load)
		}
	})
}

// A file that breaks off keeps the rows before; the whole file sent afterwards adds the rest.
func TestATruncatedFileKeepsTheRowsBefore(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var rows []row
		for i := range 300 {
			rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i+1), nil))
		}
		whole := file(t, credit.Penalty, rows...)
		b, err := os.ReadFile(whole)
		must(t, err)
		cut := filepath.Join(t.TempDir(), "cut.csv")
		must(t, os.WriteFile(cut, append(b[:len(b)*2/3:len(b)*2/3], "\n\"从这里断开"...), 0o600))
		r, err := h.LoadFile(t.Context(), intake.Request{Path: cut, Source: "eco"})
		if err == nil && r.Quarantined == 0 {
			t.Fatalf("nobody said that the file breaks off: %+v", r.Load)
		}
		if r.Accepted < 150 {
			t.Fatalf("%d rows before the break got in", r.Accepted)
		}
		h.tallied(r)
		all := h.load("eco", whole)
		h.tallied(all)
		if all.Unchanged < r.Accepted-1 || all.Accepted+all.Unchanged+all.Amended != 300 || len(h.matters(firm)) < 300 {
			t.Errorf("the whole file: %+v", all.Load)
		}
	})
}

// Two different files at once both get all their verdicts; of the same file the second is told to wait.
func TestTwoLoadsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		paths := make([]string, 2)
		for f := range paths {
			var rows []row
			for i := range 1500 { // both speak of the same two firms
				rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d-%d号", f, i), row{"统一社会信用代码": []string{firm, otherFirm}[i%2]}))
			}
			paths[f] = file(t, credit.Penalty, rows...)
		}
		var wg sync.WaitGroup
		results := make([]intake.Result, 2)
		for f, source := range []string{"eco", "trans"} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				var err error
				if results[f], err = h.LoadFile(t.Context(), intake.Request{Path: paths[f], Source: source}); err != nil {
					t.Errorf("file %d: %v", f, err)
				}
			}()
		}
		wg.Wait()
		for _, r := range results {
			if r.Accepted != 1500 {
				t.Errorf("load %+v", r.Load)
			}
			h.tallied(r)
		}
		if n := len(h.matters(firm)) + len(h.matters(otherFirm)); n != 3000 {
			t.Errorf("%d matters", n)
		}
	})
}

func TestTheSameFileTwiceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var rows []row
		for i := range 1500 {
			rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i), nil))
		}
		path := file(t, credit.Penalty, rows...)
		const n = 4
		errs := make(chan error, n)
		for range n {
			go func() {
				_, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco"})
				errs <- err
			}()
		}
		loaded := 0
		for range n {
			switch err := <-errs; {
			case err == nil:
				loaded++
			case !errors.Is(err, intake.ErrLoading):
				t.Error(err)
			}
		}
		if loaded == 0 || len(h.matters(firm)) != 1500 {
			t.Errorf("%d loads, %d matters", loaded, len(h.matters(firm)))
		}
		for _, m := range h.matters(firm) {
			if m.Assertions[0].Versions != 1 {
				t.Fatal("a row was taken in twice")
			}
		}
	})
}

// A subject is found by its name exactly as its source wrote it, and as the record shows it.
func TestANameIsFoundAsItWasWritten(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i, name := range []string{"ABC Trading（岚港）有限公司", "ABC  Trading (溯岚)有限公司", "岚港买买提•演示商行", "岚港 演示 商行"} {
		key := credit.Key(code(fmt.Sprintf("91000000MC%06d", i)))
		h.load("eco", file(t, credit.Penalty, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i), row{"行政相对人名称": name, "统一社会信用代码": string(key)})))
		m := h.matters(string(key))
		if len(m) != 1 {
			t.Fatalf("%s: %d matters", name, len(m))
		}
		for _, text := range []string{name, m[0].Record.Name} {
			if found, err := h.ledger.Find(t.Context(), text, 2); err != nil || len(found) != 1 || found[0].Key != key {
				t.Errorf("%q finds %+v (%v)", text, found, err)
			}
		}
	}
}

// The documents of two persons may bear one number; the number of one resident may come in two lengths.
// Rows of a file are given their persons together, and each its own.
func TestRowsOfPersonsGoToThePersonsTheyName(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		resident := validID("00000019710101001")
		person := func(doc, kind, number string) row {
			return penalty(doc, row{"行政相对人名称": "演示乙", "行政相对人类别": "自然人", "统一社会信用代码": "", "法定代表人": "", "证件类型": kind, "证件号码": number})
		}
		rows := []row{person("岚环罚〔2026〕1号", "台胞证", "01234567"), person("岚环罚〔2026〕2号", "护照", "01234567"), penalty("岚环罚〔2026〕3号", nil),
			person("岚环罚〔2026〕4号", "身份证", resident), person("岚环罚〔2026〕5号", "身份证", resident[:6]+resident[8:17]), person("岚环罚〔2026〕6号", "护照", "01234567")}
		for i := range 300 { // more than one worker's share
			rows = append(rows, person(fmt.Sprintf("岚环罚〔2026〕1%03d号", i), "护照", fmt.Sprintf("E%08d", i%70)))
		}
		if r := h.load("eco", file(t, credit.Penalty, rows...)); r.Accepted != int64(len(rows)) {
			t.Fatalf("%+v %+v", r.Load, r.Findings)
		}
		for text, want := range map[string][]string{"台胞证:01234567": {"岚环罚〔2026〕1号"}, "护照:01234567": {"岚环罚〔2026〕2号", "岚环罚〔2026〕6号"},
			resident: {"岚环罚〔2026〕4号", "岚环罚〔2026〕5号"}, "护照:E00000069": {"岚环罚〔2026〕1069号", "岚环罚〔2026〕1139号", "岚环罚〔2026〕1209号", "岚环罚〔2026〕1279号"}} {
			number, _ := credit.ParsePersonNumber(text)
			key, ok, err := h.ledger.FindPerson(t.Context(), number)
			must(t, err)
			var got []string
			for _, m := range h.matters(string(key)) {
				got = append(got, m.Record.DocNo)
			}
			if !ok || !slices.Equal(got, want) {
				t.Errorf("%s leads to %v, want %v", text, got, want)
			}
		}
		if m := h.matters(firm); len(m) != 1 {
			t.Errorf("the firm between them has %d matters", len(m))
		}
	})
}

// The penalty of a sole trader lies under the trader's code though its row says natural person and
// gives the owner's number.
func TestATraderCalledAPersonIsKnownByItsCode(t *testing.T) {
	t.Parallel()
	h := open(t)
	trader, owner := code("92000000MA000001"), validID("00000019710101001")
	r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"行政相对人类别": "自然人", "行政相对人名称": "岚港演示小吃店", "统一社会信用代码": trader, "证件类型": "身份证", "证件号码": owner})))
	if m := h.matters(trader); r.Accepted != 1 || r.Warned != 1 || len(m) != 1 || m[0].Record.Class != credit.IndividualTrader {
		t.Errorf("%d matters, %+v", len(m), r.Findings)
	}
	if _, ok, err := h.ledger.FindPerson(t.Context(), owner); ok || err != nil {
		t.Errorf("the owner is on record (%v)", err)
	}
}
