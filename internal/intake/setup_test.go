package intake_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// today is the day of every test.
const today = credit.Date(20260518)

// Codes of two firms and of two organs of a place that does not exist.
var (
	firm      = code("91000000MA000001")
	otherFirm = code("91000000MA000002")
	ecology   = code("11000000MB000001")
	transport = code("11000000MB000002")
)

// code completes a credit code with the checks of its organisation code and of itself.
func code(first16 string) string {
	c := first16[:16] + string(credit.OrgCodeCheck(first16[8:16]))
	return c + string(credit.USCCCheck(c))
}

type organs struct{}

func (organs) Organ(name, _ string, _ credit.Date) (string, bool) { return name, true }
func (organs) Domains(*credit.Record) []string                    { return []string{"ecology"} }
func (organs) Area(code string) string                            { return code[2:8] }
func (organs) FindDomain(name string) (string, bool) {
	id, ok := map[string]string{"ecology": "ecology", "生态环境": "ecology", "market": "market", "市场监管": "market"}[name]
	return id, ok
}

func (organs) List(_ credit.Kind, name string) (string, bool) {
	id, ok := map[string]string{"": "operation", "经营异常名录": "operation", "异常名录": "operation", "社会组织活动异常名录": "society"}[name]
	return id, ok
}

type clocks struct{}

// notFinal is a day of a decision of which no limit is final.
const notFinal = credit.Date(20260401)

func (clocks) Limits(credit.Date) (intake.Limits, error) {
	return func(d credit.Date) (publish, arrive credit.Date) {
		if d == notFinal {
			return 0, 0
		}
		return d.AddDays(9), d.AddDays(14)
	}, nil
}

// house is an intake with two sources, each of an organ of its own.
type house struct {
	*intake.Service
	db     *store.DB
	ledger *ledger.Ledger
	dir    string
	eco    intake.Source
	trans  intake.Source
	t      *testing.T
}

func open(t *testing.T) *house {
	t.Helper()
	return reopen(t, storetest.SQLite(t), t.TempDir())
}

func reopen(t *testing.T, db *store.DB, dir string) *house {
	t.Helper()
	return reopenCut(t, db, dir, 0)
}

// reopenCut cuts files into runs of so many rows, by whole chunks.
func reopenCut(t *testing.T, db *store.DB, dir string, runRows int) *house {
	t.Helper()
	ctx := t.Context()
	keys, err := ledger.OpenKeyring(filepath.Join(dir, "keys"), true)
	must(t, err)
	l, err := ledger.Open(ctx, db, keys)
	must(t, err)
	must(t, audit.Migrate(ctx, db))
	h := &house{db: db, ledger: l, dir: dir, t: t}
	h.Service, err = intake.New(ctx, intake.Config{Ledger: l, Organs: organs{}, Clocks: clocks{}, RunRows: runRows, Dir: filepath.Join(dir, "verdicts"),
		Now: func() time.Time { return today.Time().Add(12 * time.Hour) }})
	must(t, err)
	t.Cleanup(h.Stop)
	h.eco, err = h.AddSource(ctx, intake.Source{Code: "eco", Name: "岚港市生态环境局", Organ: ecology})
	must(t, err)
	h.trans, err = h.AddSource(ctx, intake.Source{Code: "trans", Name: "岚港市交通运输局", Organ: transport})
	must(t, err)
	for _, f := range []intake.Feed{
		{Source: h.eco.ID, Kind: credit.Penalty, Basis: "目录第3类", Rhythm: 7},
		{Source: h.trans.ID, Kind: credit.Penalty, Basis: "目录第3类", Rhythm: 7},
		{Source: h.eco.ID, Kind: credit.AbnormalList, Basis: "目录第5类", Rhythm: 7, Snapshot: true},
	} {
		must(t, h.AddFeed(ctx, f))
	}
	return h
}

// row is a penalty by heading; what is not named is good.
type row map[string]string

func penalty(docNo string, change row) row {
	r := row{"行政相对人名称": "岚港远航货代有限公司", "行政相对人类别": "法人及非法人组织", "统一社会信用代码": firm, "法定代表人": "演示甲",
		"行政处罚决定书文号": docNo, "违法行为类型": "未按规定贮存", "违法事实": "危险废物贮存场所未设置标志", "处罚依据": "演示条例第一条", "处罚类别": "罚款",
		"案件程序类别": "普通程序", "处罚内容": "罚款人民币20000元", "罚款金额（万元）": "2", "处罚决定日期": "2026-05-12",
		"处罚机关": "岚港市生态环境局", "处罚机关统一社会信用代码": ecology, "数据来源单位": "岚港市生态环境局", "数据来源单位统一社会信用代码": ecology}
	for k, v := range change {
		r[k] = v
	}
	return r
}

// bad is what keeps a row in quarantine.
var bad = row{"处罚决定日期": "2022-09-31"}

func (r row) cells(headings []string) []string {
	cells := make([]string, len(headings))
	for i, h := range headings {
		cells[i] = r[h]
	}
	return cells
}

// file writes rows as a department does.
func file(t *testing.T, kind credit.Kind, rows ...row) string {
	t.Helper()
	headings := normal.Template(kind)
	lines := [][]string{headings}
	for _, r := range rows {
		lines = append(lines, r.cells(headings))
	}
	return write(t, lines)
}

func write(t *testing.T, lines [][]string) string {
	t.Helper()
	var b bytes.Buffer
	must(t, csv.NewWriter(&b).WriteAll(lines))
	path := filepath.Join(t.TempDir(), "file.csv")
	must(t, os.WriteFile(path, b.Bytes(), 0o600))
	return path
}

func (h *house) load(source string, path string) intake.Result {
	h.t.Helper()
	r, err := h.LoadFile(h.t.Context(), intake.Request{Path: path, Source: source, By: "test"})
	must(h.t, err)
	return r
}

// matters are the matters of a subject as they stand today.
func (h *house) matters(key string) []ledger.Matter {
	h.t.Helper()
	s, _, err := h.ledger.Standing(h.t.Context(), credit.Key(key), today, nil)
	must(h.t, err)
	return s.Matters
}

func (h *house) held(load int64) []intake.Held {
	h.t.Helper()
	rows, err := h.HeldRows(h.t.Context(), load, 0, 100)
	must(h.t, err)
	return rows
}

func actor() audit.Actor {
	return audit.Actor{ID: "1", Name: "岚港市生态环境局", Role: "clerk", Organ: ecology}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func readCSV(t *testing.T, text string) [][]string {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	must(t, err)
	return lines
}

func wants(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

func column(t *testing.T, header []string, name string) int {
	t.Helper()
	i := slices.Index(header, name)
	if i < 0 {
		t.Fatalf("no column %q in %q", name, header)
	}
	return i
}
