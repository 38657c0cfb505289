package receive

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// Whatever is dropped is a row that says what it is; an upload never fails because of a file.
func TestEveryFileIsARow(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	good := paper("1", nil)
	whole := zipped(t, map[string][]byte{"甲/a.json": paper("2", nil), "__MACOSX/a.json": good, "甲/.x": good, "甲/": nil})
	b := d.check(bank("bank"), good, []byte("no paper"), []byte("panic"), nil, whole, append([]byte("PK\x03\x04"), "broken"...), good, paper("1", func(p *Paper) { p.Fines = 100; p.Reasons = []string{"另一种格式"} }),
		make([]byte, maxPaper+1))
	var said []string
	for _, r := range b.Rows {
		said = append(said, fmt.Sprintf("%d %s %v %s", r.No, r.File, r.Genuine, strings.Join(r.Reasons, "；")))
	}
	want := []string{"1 1.json true ", "2 2.json false 不是本系统", "3 3.json false 文件已损坏", "4 4.json false 文件是空的", "5 a.json true ", "6 6.json false 压缩包无法读取",
		"7 7.json true 与第1份是同一文件", "8 8.json true 另一种格式；与第1份是同一报告", "9 9.json false 文件超过20MB"}
	if !slices.EqualFunc(said, want, strings.HasPrefix) {
		t.Errorf("%q", said)
	}
	if b.Problems != 5 || b.Attend != 2 || b.Fines != 200 {
		t.Errorf("problems %d, attend %d, fines %d", b.Problems, b.Attend, b.Fines)
	}
}

// Of more than 500 papers the first 500 are checked, and one row says what was not.
func TestPapersOverTheBound(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	many := map[string][]byte{}
	for i := range MaxPapers + 7 {
		many[fmt.Sprintf("%03d.json", i)] = paper(fmt.Sprint(i), nil)
	}
	b := d.check(bank("bank"), zipped(t, many))
	last := b.Rows[len(b.Rows)-1]
	if len(b.Rows) != MaxPapers+1 || last.Genuine || !strings.Contains(last.Reasons[0], "共7份超出") {
		t.Errorf("%d rows, the last %+v", len(b.Rows), last)
	}
}

// A failure of the store fails the whole, and nothing is kept.
func TestAFailingStoreKeepsNothing(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	d.reports.fault = errTest
	if _, err := d.Check(t.Context(), bank("bank"), headers(t, paper("1", nil)), Need{}, false); !errors.Is(err, errTest) {
		t.Fatal(err)
	}
	if all, err := d.Batches(t.Context(), bank("bank"), "", 10); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

// A table is for its receiver alone, problems first, can be deleted, and is gone after 30 days; the subject sees the check.
func TestTablesAreKeptForTheirReceiver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		mine, another := bank("bank"), bank("another")
		b := d.check(mine, paper("1", nil), []byte("x"))
		got, err := d.Batch(t.Context(), mine, b.ID, true)
		must(t, err)
		if got.Rows[0].No != 2 || got.Papers != 2 || got.Problems != 1 {
			t.Errorf("%+v", got)
		}
		if _, err := d.Batch(t.Context(), another, b.ID, true); !errors.Is(err, errNoBatch) {
			t.Errorf("another reads it: %v", err)
		}
		must(t, d.Delete(t.Context(), another, b.ID))
		if all, err := d.Batches(t.Context(), mine, "", 10); err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
		if log := d.log(firm); log != "bank verify " {
			t.Errorf("the subject sees %q", log)
		}
		must(t, d.Delete(t.Context(), mine, b.ID))
		if _, err := d.Batch(t.Context(), mine, b.ID, true); !errors.Is(err, errNoBatch) {
			t.Errorf("a deleted table is read: %v", err)
		}
		b = d.check(mine, paper("1", nil))
		d.pass(Kept*24*time.Hour - time.Minute)
		if _, err := d.Batch(t.Context(), mine, b.ID, true); err != nil {
			t.Errorf("before its time: %v", err)
		}
		d.pass(time.Minute)
		if _, err := d.Batch(t.Context(), mine, b.ID, true); !errors.Is(err, errNoBatch) {
			t.Errorf("after 30 days: %v", err)
		}
		if more, err := d.Purge(t.Context()); err != nil || !more {
			t.Errorf("purging: %v %v", more, err)
		}
		if more, err := d.Purge(t.Context()); err != nil || more {
			t.Errorf("purging again: %v %v", more, err)
		}
	})
}

// What is new is told only of a subject that allows this receiver to read, which uses the grant once and is in its log;
// a grant withdrawn while the papers are verified tells nothing.
func TestNewerOnlyWithAGrant(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		d.reports.since = 2
		ask := func(who *Receiver) *Batch {
			b, err := d.Check(t.Context(), who, headers(t, paper("1", nil), paper("2", nil)), Need{Purpose: "贷款"}, true)
			must(t, err)
			return b
		}
		if b := ask(bank("bank")); b.Rows[0].Newer != "未获该主体授权，不查询" || strings.Contains(d.log(firm), "新增") {
			t.Errorf("without a grant: %q, %s", b.Rows[0].Newer, d.log(firm))
		}
		g := d.allow(bank("bank"), 1)
		b := ask(bank("bank"))
		if b.Rows[0].Newer != "出具后新增2条记录" || b.Rows[1].Newer != "出具后新增2条记录" || b.Attend != 2 || !strings.Contains(d.log(firm), "bank view 查询报告出具后的新增情况") {
			t.Errorf("with a grant: %+v, %s", b.Rows, d.log(firm))
		}
		if b := ask(bank("bank")); b.Rows[0].Newer != "未获该主体授权，不查询" {
			t.Errorf("the grant was for once: %q", b.Rows[0].Newer)
		}
		if b := ask(bank("another")); b.Rows[0].Newer != "未获该主体授权，不查询" {
			t.Errorf("another's grant: %q", b.Rows[0].Newer)
		}
		g = d.allow(bank("bank"), 0)
		told, err := d.newer(t.Context(), bank("bank"), []Row{{Genuine: true, Known: Known{Subject: firm, Edition: "general"}}}, "贷款")
		must(t, err)
		must(t, d.tx(func(tx *store.Tx) error { return d.grants.Withdraw(tx, firm, g.ID) }))
		late := &Batch{ID: "late", Papers: 1, Need: Need{Purpose: "贷款"}, Rows: []Row{{No: 1, Genuine: true, Number: "9", Status: Valid, Newer: "出具后新增2条记录", Known: Known{Subject: firm, Edition: "general"}}}}
		must(t, d.tx(func(tx *store.Tx) error { return d.keep(tx, bank("bank"), late, told) }))
		if strings.Contains(late.Rows[0].Newer, "新增") {
			t.Errorf("told though withdrawn meanwhile: %q", late.Rows[0].Newer)
		}
	})
}

// The exports hold every row; a name that would run as a formula does not.
func TestExports(t *testing.T) {
	t.Parallel()
	b := &Batch{Rows: []Row{{No: 1, File: "=cmd|x.json", Status: Unknown, Rank: Problem, Reasons: []string{"已损坏"}},
		{No: 2, File: "b.json", Genuine: true, Enough: true, Status: Valid, Rank: Fine, Known: Known{Subject: firm, Name: "+甲", Fines: 123456, From: 20210519, To: 20260518, Edition: "listing"}}}}
	var out bytes.Buffer
	must(t, b.WriteCSV(&out))
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	must(t, err)
	out.Reset()
	must(t, b.WriteXLSX(&out))
	f, err := excelize.OpenReader(&out)
	must(t, err)
	rows, err := f.GetRows(f.GetSheetName(0))
	must(t, err)
	for what, table := range map[string][][]string{"csv": lines, "xlsx": rows} {
		if len(table) != 3 || table[1][1] != "'=cmd|x.json" || table[2][3] != "'+甲" || table[2][12] != "1234.56" || table[2][2] != "通过" || table[1][2] != "有问题" {
			t.Errorf("%s: %q", what, table)
		}
	}
}
