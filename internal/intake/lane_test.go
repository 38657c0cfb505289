package intake_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// many is a file of n penalties of a firm, from the given number on.
func many(t *testing.T, from, n int) string {
	t.Helper()
	var rows []row
	for i := range n {
		rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", from+i), nil))
	}
	return file(t, credit.Penalty, rows...)
}

// Files that follow one another overlap, and come out as if they did not: in their order, and the same bytes again
// unchanged.
func TestFilesFollowOneAnother(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first, second := many(t, 1, 4000), many(t, 3001, 3000)
		sent := []intake.Request{{Path: first, Source: "eco"}, {Path: first, Source: "trans"}, {Path: second, Source: "eco"}, {Path: second, Source: "eco"},
			{Path: "/nowhere.csv", Source: "eco"}, {Path: second, Source: "trans"}}
		want := []struct{ accepted, unchanged int64 }{{4000, 0}, {4000, 0}, {2000, 1000}, {0, 3000}, {0, 0}, {2000, 1000}}
		var order []int
		err := h.LoadFiles(t.Context(), sent, func(i int, r intake.Result, err error) {
			order = append(order, i)
			if (err != nil) != (i == 4) {
				t.Errorf("file %d: %v", i, err)
			}
			if r.Accepted != want[i].accepted || r.Unchanged != want[i].unchanged {
				t.Errorf("file %d: %d accepted, %d unchanged, want %v", i, r.Accepted, r.Unchanged, want[i])
			}
			if i != 4 {
				h.tallied(r)
			}
		})
		must(t, err)
		if !slices.Equal(order, []int{0, 1, 2, 3, 4, 5}) {
			t.Errorf("told in the order %v", order)
		}
	})
}

// A file by legacy numbers that is prepared while the registrations before it are still written finds the subjects
// that those teach.
func TestAFileFindsWhatTheOneBeforeItTaught(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		headings := []string{"主体名称", "统一社会信用代码", "主体类别", "成立日期", "登记机关"}
		taught := write(t, [][]string{headings, registration("岚港远航货代有限公司", firm).cells(headings)})
		asked := file(t, credit.Penalty, penalty("岚环罚〔2026〕7号", row{"统一社会信用代码": "", "组织机构代码": firm[8:17]}))
		err := h.LoadFiles(t.Context(), []intake.Request{{Path: taught, Source: intake.Local}, {Path: asked, Source: "trans"}}, func(i int, r intake.Result, err error) {
			if err != nil || r.Accepted != 1 {
				t.Errorf("file %d: %+v, %v", i, r.Load, err)
			}
		})
		must(t, err)
		if n := len(h.matters(firm)); n != 2 {
			t.Errorf("%d matters lead to the firm, want its registration and its penalty", n)
		}
	})
}

// Many files sent at once are taken in one after another; none is lost.
func TestManyFilesInTheInbox(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		var loads []int64
		for i := range 6 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				l, err := h.Accept(t.Context(), intake.Request{Path: many(t, 1000*i, 1000), Source: []string{"eco", "trans"}[i%2]})
				if err != nil {
					t.Errorf("file %d: %v", i, err)
				}
				mu.Lock()
				defer mu.Unlock()
				loads = append(loads, l.ID)
			}()
		}
		wg.Wait()
		h.Wait()
		for _, id := range loads {
			l, err := h.LoadByID(t.Context(), id)
			must(t, err)
			if l.State != intake.Done || l.Accepted != 1000 {
				t.Errorf("load %+v", l)
			}
		}
	})
}

// Files that were never begun are told of as such: a caller must not take the list for done.
func TestFilesThatWereNotBegunAreToldOf(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		err := h.LoadFiles(ctx, []intake.Request{{Path: many(t, 1, 2), Source: "eco"}}, func(i int, _ intake.Result, err error) { t.Errorf("file %d: %v", i, err) })
		wants(t, err, context.Canceled)
	})
}

// Rows by legacy numbers lead to the subjects of rows before them, in the same file too, wherever its runs are cut; a row
// that stands behind teaches nothing backwards.
func TestWhereRunsAreCutChangesNoVerdict(t *testing.T) {
	number := firm[8:17]
	rows := []row{penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": "", "组织机构代码": otherFirm[8:17]})} // before its subject
	for i := range 700 {
		by := row{}
		if i%2 == 1 {
			by = row{"统一社会信用代码": "", "组织机构代码": number}
		}
		rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", 10+i), by))
	}
	rows = append(rows, penalty("岚环罚〔2026〕9号", row{"统一社会信用代码": otherFirm}))
	for _, cut := range []int{1, 300, 1000} {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			h := reopenCut(t, db, t.TempDir(), cut)
			h.load("eco", file(t, credit.Penalty, rows...))
			if own, other := len(h.matters(firm)), len(h.matters(otherFirm)); own != 700 || other != 1 {
				t.Errorf("runs of %d rows: %d matters of the firm, %d of the other", cut, own, other)
			}
		})
	}
}
