package platform_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xinban/internal/credit"
	standin "xinban/internal/exchange/platform"
	"xinban/internal/platform"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const head = "统一社会信用代码,决定书文号,是否公示,公示截止日期\n"

func TestAFaultInADailyFileNamesItsLine(t *testing.T) {
	t.Parallel()
	row := string(firm) + "," + docNo
	for text, says := range map[string]string{
		"":                                 "第1行",
		"代码,文号,公示\n":                       "第1行第1列应为“统一社会信用代码”",
		head + row + ",是,\n" + row + ",否":  "第3行有3列，应为4列",
		head + row + ",是,\n" + row + ",否,": "第3行与第2行是同一份文书",
		head + row + ",yes,":               "第2行“是否公示”应为“是”或“否”，不能是“yes”",
		head + row + ",是,2026-02-30":       "第2行的公示截止日期“2026-02-30”不是日期",
		head + "123," + docNo + ",是,":      "第2行的统一社会信用代码“123”不正确",
		head + string(firm) + ",,是,":       "第2行没有决定书文号",
		head + string(firm) + ",\"岚港,是,\n": "第2行的引号",
	} {
		if _, err := platform.ReadFile(strings.NewReader(text)); !errors.Is(err, platform.ErrFile) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %s", text, err, says)
		}
	}
}

func FuzzReadFile(f *testing.F) {
	f.Add(head + string(firm) + "," + docNo + ",是,2026-05-18\n")
	f.Add("\ufeff" + head)
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := platform.ReadFile(strings.NewReader(text))
		if err != nil && !errors.Is(err, platform.ErrFile) {
			t.Error(err)
		}
		for _, r := range rows {
			if r.DocNo == "" || r.Line < 2 {
				t.Errorf("%+v", r)
			}
		}
	})
}

// Rows in are findings out, in their order; all but those that agree are kept for the board.
func TestAComparisonFindsEachRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := setup(t, db, platform.Official)
		o.said = platform.Said{Known: true, Subject: firm, Matter: matter, EndsOn: 20270518}
		rows := []platform.Row{{Line: 2, Code: string(firm), DocNo: "1", Shown: true}, {Line: 3, Code: string(firm), DocNo: "2"}, {Line: 4, Code: string(firm), DocNo: "3", Shown: true, EndsOn: 20270519}}
		all, err := o.Compare(t.Context(), "p1", rows)
		if err != nil || len(all) != 3 || all[0].Verdict != platform.Agree || all[1].Verdict != platform.HidesShown || all[2].Verdict != platform.DatesDiffer {
			t.Fatalf("%+v, %v", all, err)
		}
		c, ok, err := o.LastComparison(t.Context(), "p1")
		if err != nil || !ok || c.Items != 3 || c.Agree != 1 {
			t.Errorf("%+v, %v, %v", c, ok, err)
		}
		if kept, err := o.Differences(t.Context(), "p1", c.Run, 0, 10); err != nil || len(kept) != 2 || kept[0].Line != 3 || !strings.Contains(kept[1].Words, "2027-05-19") {
			t.Errorf("%+v, %v", kept, err)
		}
		o.said.Known = false
		if all, err = o.Compare(t.Context(), "p1", rows); err != nil || all[0].Verdict != platform.Unknown {
			t.Errorf("what the ledger does not know: %+v, %v", all, err)
		}
	})
}

// The daily file of a platform that denies what it confirmed brings the matter back to be told again.
func TestADailyFileDenies(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official)
	o.tell(effect(1, true))
	o.send()
	o.said.Ended = true
	o.behave("p1", standin.Deny)
	rec := httptest.NewRecorder()
	o.platforms["p1"].ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/daily.csv", nil))
	rows, err := platform.ReadFile(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := o.Compare(t.Context(), "p1", rows); err != nil || len(all) != 1 || all[0].Verdict != platform.ShowsEnded {
		t.Fatalf("%+v, %v", all, err)
	}
	o.want("p1", platform.Mismatch)
	o.behave("p1", standin.OK)
	o.send()
	o.want("p1", platform.Confirmed)
}

func (o *office) arrive(a platform.Arrival) (platform.Welcome, error) {
	body, err := json.Marshal(a)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.Arrive(context.Background(), "p1", body, platform.SignArrival(secret, body))
}

func proof() platform.Arrival {
	return platform.Arrival{Code: string(firm), DocNo: docNo, Version: 1, Repaired: 20260518, Authority: "岚港市市场监管局", Decision: "岚港修〔2026〕1号"}
}

func TestARepairFromElsewhereIsHandedOnOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := setup(t, db, platform.Official)
		o.refuse = errors.New("稍后")
		if _, err := o.arrive(proof()); !errors.Is(err, o.refuse) {
			t.Fatal(err)
		}
		o.refuse = nil
		for i, want := range []platform.Welcome{platform.Taken, platform.Known} {
			if got, err := o.arrive(proof()); err != nil || got != want {
				t.Errorf("%d: %s, %v", i, got, err)
			}
		}
		echo := proof()
		echo.Version, echo.Origin = 2, origin
		if got, err := o.arrive(echo); err != nil || got != platform.Echo {
			t.Errorf("%s, %v", got, err)
		}
		o.said.Ended = true
		echo.Origin = ""
		if got, err := o.arrive(echo); err != nil || got != platform.InHarmony {
			t.Errorf("%s, %v", got, err)
		}
		if len(o.repaired) != 1 || o.repaired[0].Subject != firm || o.repaired[0].Matter != matter {
			t.Errorf("%+v", o.repaired)
		}
	})
}

func TestABadRepairIsAnsweredWithAllThatItLacks(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official)
	_, err := o.arrive(platform.Arrival{Code: string(firm), DocNo: docNo, Version: 1, Repaired: 20260519})
	if !errors.Is(err, platform.ErrProof) || !strings.Contains(err.Error(), "修复日期晚于今天；缺少作出修复决定的机关；缺少修复决定文号") {
		t.Error(err)
	}
	if _, err := o.Arrive(t.Context(), "p1", []byte("{}"), "00"); !errors.Is(err, platform.ErrSignature) {
		t.Error(err)
	}
	if _, err := o.Arrive(t.Context(), "nobody", []byte("{}"), ""); !errors.Is(err, platform.ErrSignature) {
		t.Error(err)
	}
	o.said = platform.Said{}
	if _, err := o.arrive(proof()); !errors.Is(err, platform.ErrNoMatter) {
		t.Error(err)
	}
}

func (o *office) letter(target string) (day credit.Date, err error) {
	err = o.db.Tx(o.t.Context(), func(tx *store.Tx) error {
		day, err = o.Letter(tx, firm, matter, target, "岚信函〔2026〕1号")
		return err
	})
	return day, err
}

// A third party is written to when every official platform agrees; its days pass, its answer gives new ones.
func TestALetterToAThirdParty(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official, platform.ThirdParty)
	o.behave("p1", standin.Deny)
	o.behave("p2", standin.Deny)
	o.tell(effect(1, true))
	o.send()
	if _, err := o.letter("p1"); !errors.Is(err, platform.ErrNotThird) {
		t.Error(err)
	}
	if _, err := o.letter("p2"); !errors.Is(err, platform.ErrOfficialFirst) {
		t.Error(err)
	}
	o.behave("p1", standin.OK)
	o.pass(1 << 40)
	o.send()
	if day, err := o.letter("p2"); err != nil || day != 20260527 {
		t.Fatal(day, err)
	}
	o.want("p2", platform.LetterSent)
	if n, err := o.Overdue(t.Context(), 20260528); err != nil || n != 1 {
		t.Error(n, err)
	}
	if err := o.db.Tx(t.Context(), func(tx *store.Tx) error { return o.Reply(tx, firm, matter, "p2", "正在处理") }); err != nil {
		t.Error(err)
	}
	o.want("p2", platform.Replied)
	o.behave("p2", standin.OK)
	o.pass(1 << 42)
	o.send()
	o.want("p2", platform.Confirmed)
	if board, err := o.Board(t.Context()); err != nil || len(board) != 2 || board[1].Counts[platform.Confirmed] != 1 || board[1].Sample != 1 || board[1].Median == 0 {
		t.Errorf("%+v, %v", board, err)
	}
}

func TestNamingNeedsItsBasis(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t))
	on := platform.Setting{Name: "third_party_naming", Value: 1, Basis: " "}
	if err := o.Set(t.Context(), on); !errors.Is(err, platform.ErrBasis) {
		t.Error(err)
	}
	if yes, _, err := o.Naming(t.Context()); yes || err != nil {
		t.Error("on without a basis", err)
	}
	on.Basis = "演示办法第一条"
	if err := o.Set(t.Context(), on); err != nil {
		t.Error(err)
	}
	if yes, basis, err := o.Naming(t.Context()); !yes || basis != on.Basis || err != nil {
		t.Error(yes, basis, err)
	}
}

// A platform repairs a matter of its own and reports it; what is wrong it is told.
func TestAPlatformReportsARepair(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official)
	server := httptest.NewServer(http.HandlerFunc(o.ServeArrival))
	defer server.Close()
	p := o.platforms["p1"]
	p.ID, p.Report = "p1", server.URL
	good, err := json.Marshal(proof())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body, says string
		status     int
	}{{string(good), "taken", 200}, {string(good), "known", 200}, {"{", "修复证明不完整", 422}, {strings.Repeat(" ", 70<<10), "内容过长", 413}} {
		rec := httptest.NewRecorder()
		p.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/repair", strings.NewReader(c.body)))
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.says) {
			t.Errorf("%.20s: %d %s", c.body, rec.Code, rec.Body)
		}
	}
	p.ID = "p9"
	rec := httptest.NewRecorder()
	p.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/repair", strings.NewReader(string(good))))
	if rec.Code != http.StatusUnauthorized || len(o.repaired) != 1 {
		t.Errorf("%d, %d repaired", rec.Code, len(o.repaired))
	}
}
