package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
	"xinban/internal/store/storetest"
)

func TestAMendedQuarantineFileComesBackAndLeavesQuarantine(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", bad), penalty("岚环罚〔2026〕3号", bad)))
	if first.Quarantined != 2 {
		t.Fatalf("quarantined %d, want 2", first.Quarantined)
	}
	var b bytes.Buffer
	must(t, h.WriteReturnFile(t.Context(), &b, first.ID))
	lines := readCSV(t, b.String())
	if len(lines) != 3 {
		t.Fatalf("%d lines, want heading and 2 rows", len(lines))
	}
	reason, fix := column(t, lines[0], normal.ReasonHeading), column(t, lines[0], normal.FixHeading)
	if !strings.Contains(lines[1][reason], "2022-09-31") || lines[1][fix] == "" {
		t.Errorf("reason %q, fix %q", lines[1][reason], lines[1][fix])
	}
	lines[1][column(t, lines[0], "处罚决定日期")] = "2026-05-13" // one is mended, one is not
	second := h.load("eco", write(t, lines))
	if second.Accepted != 1 || second.Quarantined != 1 || len(h.held(first.ID)) != 0 || len(h.held(second.ID)) != 1 {
		t.Fatalf("accepted %d, quarantined %d, still held %d and %d", second.Accepted, second.Quarantined, len(h.held(first.ID)), len(h.held(second.ID)))
	}
	for _, f := range second.Findings {
		if f.Code == "columns_unknown" {
			t.Errorf("the added columns are called unknown: %s", f.Message)
		}
	}
	// the added columns are no part of the word: the same row without them is unchanged
	third := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕2号", row{"处罚决定日期": "2026-05-13"})))
	if third.Unchanged != 1 {
		t.Errorf("unchanged %d, want 1", third.Unchanged)
	}
	// a quarantine file of a quarantine file has the added columns once
	b.Reset()
	must(t, h.WriteReturnFile(t.Context(), &b, second.ID))
	if n := strings.Count(strings.SplitN(b.String(), "\r\n", 2)[0], normal.ReasonHeading); n != 1 {
		t.Errorf("%d columns %s", n, normal.ReasonHeading)
	}
}

// More rows than one statement takes leave quarantine each in its way, and of two that name one row the first counts.
func TestManyRowsLeaveQuarantineEachInItsWay(t *testing.T) {
	t.Parallel()
	h := open(t)
	var rows []row
	for i := range 40 {
		rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i+1), bad))
	}
	first := h.load("eco", file(t, credit.Penalty, rows...))
	var b bytes.Buffer
	must(t, h.WriteReturnFile(t.Context(), &b, first.ID))
	lines := readCSV(t, b.String())
	day, docNo := column(t, lines[0], "处罚决定日期"), column(t, lines[0], "行政处罚决定书文号")
	for i, line := range lines[1:] {
		if i%2 == 0 {
			line[day] = "2026-05-13"
		}
	}
	twice := slices.Clone(lines[1]) // names the row of the first line, and is wrong
	twice[day], twice[docNo] = "2022-09-31", "岚环罚〔2026〕99号"
	second := h.load("eco", write(t, append(lines[:39:39], twice))) // two rows are not sent back
	if second.Accepted != 19 || len(h.held(first.ID)) != 2 {
		t.Fatalf("accepted %d, still held %d", second.Accepted, len(h.held(first.ID)))
	}
	for state, want := range map[intake.HeldState]int64{intake.HeldMended: 19, intake.HeldResent: 19, "open": 2} {
		var n int64
		must(t, h.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM quarantine WHERE load = $1 AND state = $2", first.ID, string(state)).Scan(&n))
		if n != want {
			t.Errorf("%d rows are %s, want %d", n, state, want)
		}
	}
	var leads int64
	must(t, h.db.QueryRow(t.Context(), "SELECT COUNT(DISTINCT row) FROM held_lead WHERE load = $1", first.ID).Scan(&leads))
	if leads != 2 {
		t.Errorf("leads of %d rows, want those of the two that are open", leads)
	}
}

func TestAnotherSourceCannotTakeRowsOutOfQuarantine(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕2号", bad)))
	var b bytes.Buffer
	must(t, h.WriteReturnFile(t.Context(), &b, first.ID))
	lines := readCSV(t, b.String())
	lines[1][column(t, lines[0], "处罚决定日期")] = "2026-05-13"
	h.load("trans", write(t, lines))
	if len(h.held(first.ID)) != 1 {
		t.Error("the row of one source left quarantine by the file of another")
	}
}

func TestIdentityNumbersAreMaskedInTheQuarantineFileAndComeBackWhole(t *testing.T) {
	t.Parallel()
	h := open(t)
	const number = "00000019900101001X"
	id := validID(number[:17])
	person := row{"行政相对人名称": "演示乙", "行政相对人类别": "自然人", "统一社会信用代码": "", "法定代表人": "", "证件类型": "居民身份证", "证件号码": id}
	for k, v := range bad {
		person[k] = v
	}
	first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕9号", person)))
	if held := h.held(first.ID); len(held) != 1 {
		t.Fatalf("held %d", len(held))
	}
	var b bytes.Buffer
	must(t, h.WriteReturnFile(t.Context(), &b, first.ID))
	if strings.Contains(b.String(), id) || !strings.Contains(b.String(), id[:3]+"***") {
		t.Fatal("the number is not masked")
	}
	lines := readCSV(t, b.String())
	lines[1][column(t, lines[0], "处罚决定日期")] = "2026-05-13"
	second := h.load("eco", write(t, lines))
	if second.Accepted != 1 {
		t.Fatalf("accepted %d: %+v", second.Accepted, second.Findings)
	}
	key, ok, err := h.ledger.FindPerson(t.Context(), id)
	must(t, err)
	if !ok || len(h.matters(string(key))) != 1 {
		t.Error("the person is not known by the whole number")
	}
	// the same mended file once more says the same, though its rows have left quarantine
	if third := h.load("eco", write(t, lines)); third.Unchanged != 1 {
		t.Errorf("sent again: %+v", third.Load)
	}
}

func validID(first17 string) string {
	for _, c := range "0123456789X" {
		if credit.CheckResidentID(first17+string(c)).Verdict == credit.Valid {
			return first17 + string(c)
		}
	}
	panic("no check character fits")
}

func TestFormulasAreNeutralisedInTheQuarantineFile(t *testing.T) {
	t.Parallel()
	h := open(t)
	change := row{"备注": `=HYPERLINK("http://x.test")`, "违法事实": "+1+cmd|calc"}
	for k, v := range bad {
		change[k] = v
	}
	first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕4号", change)))
	var b bytes.Buffer
	must(t, h.WriteReturnFile(t.Context(), &b, first.ID))
	for _, cell := range readCSV(t, b.String())[1] {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
			t.Errorf("the cell %q would run", cell)
		}
	}
}

func TestARowMendedInPlaceIsTakenInAndAWrongOneKeepsItsNewCells(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕5号", bad)))
	held := h.held(first.ID)[0]
	at := column(t, held.Headings, "处罚决定日期")
	m, err := h.Mend(t.Context(), first.ID, 1, map[int]string{at: "2026-13-01"}, "test")
	must(t, err)
	if m.Taken || h.held(first.ID)[0].Cells[at] != "2026-13-01" || !strings.Contains(h.held(first.ID)[0].Findings[0].Message, "2026-13-01") {
		t.Fatalf("a wrong mend: taken %v, kept %+v", m.Taken, h.held(first.ID)[0])
	}
	m, err = h.Mend(t.Context(), first.ID, 1, map[int]string{at: "2026-05-13"}, "test")
	must(t, err)
	if !m.Taken || len(h.held(first.ID)) != 0 || len(h.matters(firm)) != 1 {
		t.Fatalf("a right mend: taken %v, held %d, matters %d", m.Taken, len(h.held(first.ID)), len(h.matters(firm)))
	}
	_, err = h.Mend(t.Context(), first.ID, 1, nil, "test")
	wants(t, err, intake.ErrNotHeld)
}

func TestDroppingARowNeedsAReason(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕5号", bad), penalty("岚环罚〔2026〕6号", bad), penalty("岚环罚〔2026〕7号", bad)))
	_, err := h.Drop(t.Context(), first.ID, 1, " ", "test")
	wants(t, err, intake.ErrReason)
	_, err = h.Drop(t.Context(), first.ID, 1, "当事人"+validID("00000019900101001")+"来电", "test")
	wants(t, err, intake.ErrReasonID)
	_, err = h.Drop(t.Context(), first.ID, 1, strings.Repeat("长", 301), "test")
	wants(t, err, intake.ErrReasonLong)
	for _, c := range []struct{ row, want int64 }{{1, 1}, {1, 0}, {0, 2}, {0, 0}} {
		n, err := h.Drop(t.Context(), first.ID, c.row, "不属于归集范围", "test")
		must(t, err)
		if n != c.want {
			t.Errorf("row %d: dropped %d, want %d", c.row, n, c.want)
		}
	}
}

// A load whose program was killed after the file was kept goes on under its number when it starts again.
func TestAnInterruptedUploadIsResumed(t *testing.T) {
	t.Parallel()
	db, dir := storetest.SQLite(t), t.TempDir()
	h := reopen(t, db, dir)
	body, err := os.ReadFile(file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", bad)))
	must(t, err)
	h.Stop() // what is accepted from now on does not run: as if the power went
	sp, err := h.Spool(bytes.NewReader(body))
	must(t, err)
	l, err := h.Accept(t.Context(), intake.Request{Path: sp.Path, SHA256: sp.SHA256, Name: "处罚.csv", Source: "eco", By: "test"})
	must(t, err)
	h.Wait()
	if got, err := h.LoadByID(t.Context(), l.ID); err != nil || got.State != intake.Running {
		t.Fatalf("state %s, %v", got.State, err)
	}
	again := reopen(t, db, dir)
	must(t, again.Resume(t.Context()))
	again.Wait()
	got, err := again.LoadByID(t.Context(), l.ID)
	must(t, err)
	if got.State != intake.Done || got.Accepted != 1 || got.Quarantined != 1 || got.Name != "处罚.csv" || got.By != "test" {
		t.Errorf("after the resume: %+v", got)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "verdicts", "inbox")); err != nil || len(left) != 0 {
		t.Errorf("the inbox still holds %v, %v", left, err)
	}
}

type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestACutUploadLeavesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.Spool(io.MultiReader(strings.NewReader("行政相对人名称"), cut{}))
	wants(t, err, io.ErrUnexpectedEOF)
	if left, err := os.ReadDir(filepath.Join(h.dir, "verdicts", "inbox")); err != nil || len(left) != 0 {
		t.Errorf("the inbox holds %v, %v", left, err)
	}
	if _, err := h.Accept(t.Context(), intake.Request{Path: filepath.Join(h.dir, "nothing"), Source: "eco"}); err == nil || errors.Is(err, intake.ErrLoading) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestVerdictsArePagedWithoutGapOrRepetition(t *testing.T) {
	t.Parallel()
	h := open(t)
	var rows []row
	for i := range 7 {
		change := row{}
		if i%2 == 0 {
			change = bad
		}
		rows = append(rows, penalty("岚环罚〔2026〕"+string(rune('1'+i))+"号", change))
	}
	l := h.load("eco", file(t, credit.Penalty, rows...))
	for _, found := range []bool{false, true} {
		var seen []int64
		for from := int64(0); ; {
			lines, next, err := h.Verdicts(l.ID, from, 2, found)
			must(t, err)
			for _, x := range lines {
				seen = append(seen, x.Row)
				if found && x.Code == "" {
					t.Errorf("row %d has nothing to tell", x.Row)
				}
			}
			if next == 0 {
				break
			}
			from = next
		}
		want := []int64{1, 2, 3, 4, 5, 6, 7}
		if found {
			want = []int64{1, 3, 5, 7}
		}
		if !slices.Equal(slices.Compact(seen), want) {
			t.Errorf("found only %v: rows %v, want %v", found, seen, want)
		}
	}
}
