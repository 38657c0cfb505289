package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
	"xinban/internal/store"
)

// A load that another process runs is left to it, and is anybody's when the process is gone or silent.
func TestALoadHasOneOwner(t *testing.T) {
	other := "OTHERPROCESS"
	for name, c := range map[string]struct {
		leased time.Duration
		file   bool // the other process named itself in this folder, and is gone
		want   error
	}{"of another": {time.Minute, false, intake.ErrLoading}, "of a silent one": {-time.Second, false, nil}, "of one that was killed": {time.Minute, true, nil}} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				path := file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil))
				first := h.load("eco", path)
				must(t, h.db.Tx(t.Context(), func(tx *store.Tx) error {
					_, err := tx.Exec("UPDATE intake_load SET state = 'running', owner = $1, leased = $2", other, time.Now().Add(c.leased).UnixMilli())
					return err
				}))
				if c.file {
					must(t, os.WriteFile(filepath.Join(h.dir, "verdicts", "owners", other), nil, 0o600))
				}
				part := h.VerdictFile(first.ID) + "." + other + ".part"
				must(t, os.WriteFile(part, nil, 0o600))
				r, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco"})
				wants(t, err, c.want)
				_, left := os.Stat(part)
				if c.want != nil {
					must(t, left)
					return
				}
				if r.ID != first.ID || !os.IsNotExist(left) {
					t.Errorf("load %d was taken up as %d, its part: %v", first.ID, r.ID, left)
				}
			})
		})
	}
}

// Two processes, each of its own name, never run one load: of the same file at once the second waits.
func TestTwoProcessesOnOneFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var rows []row
		for i := range 3000 {
			rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i), nil))
		}
		path := file(t, credit.Penalty, rows...)
		second := shortRuns(t, reopen(t, h.db, h.dir))
		began, finish, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		var once sync.Once
		go func() {
			_, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco", Progress: func(intake.Progress) {
				once.Do(func() {
					close(began)
					<-finish
				})
			}})
			done <- err
		}()
		<-began
		_, err := second.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco"})
		close(finish)
		must(t, <-done)
		wants(t, err, intake.ErrLoading)
		if r := second.load("eco", path); r.Unchanged != 3000 {
			t.Errorf("afterwards: %+v", r.Load)
		}
	})
}

// A load that was cut off and whose file is not here is closed with what to do; one that runs elsewhere is left.
func TestACutOffLoadWithoutItsFileIsClosed(t *testing.T) {
	for name, c := range map[string]struct {
		leased time.Duration
		state  intake.State
	}{"of nobody": {-time.Second, intake.Failed}, "of another process": {time.Minute, intake.Running}} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
			must(t, h.db.Tx(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec("UPDATE intake_load SET state = 'running', owner = 'OTHERPROCESS', leased = $1", time.Now().Add(c.leased).UnixMilli())
				return err
			}))
			must(t, h.Resume(t.Context()))
			l, err := h.LoadByID(t.Context(), r.ID)
			must(t, err)
			if l.State != c.state || strings.Contains(l.Error, "再次报送") != (c.state == intake.Failed) {
				t.Errorf("state %s, error %q", l.State, l.Error)
			}
		})
	}
}

// The same bytes sent twice are two files: the end of the first load leaves the second upload whole, and
// nothing of either stays behind.
func TestTheSameUploadTwiceIsTwoFiles(t *testing.T) {
	h := open(t)
	body, err := os.ReadFile(file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	must(t, err)
	var both [2]intake.Spooled
	for i := range both {
		both[i], err = h.Spool(bytes.NewReader(body))
		must(t, err)
	}
	for i, sp := range both {
		if _, ok := h.Waiting(sp.SHA256); !ok {
			t.Errorf("upload %d is lost", i)
		}
		l, err := h.Accept(t.Context(), intake.Request{Path: sp.Path, SHA256: sp.SHA256, Source: "eco", By: "test"})
		must(t, err)
		if l.State != intake.Running || l.Rows != 0 {
			t.Errorf("accepted as %+v, not as it was entered", l)
		}
		h.Discard(sp) // of no effect while the load reads it, or after
		h.Wait()
		if l, err = h.LoadByID(t.Context(), l.ID); err != nil || l.State != intake.Done || l.Rows != 1 {
			t.Errorf("load %+v, %v", l, err)
		}
	}
	if left, err := os.ReadDir(filepath.Join(h.dir, "verdicts", "inbox")); err != nil || len(left) != 0 {
		t.Errorf("the inbox holds %v, %v", left, err)
	}
}

// A typed row that cannot be taken in leaves no file with what it says.
func TestARefusedEntryLeavesNoFile(t *testing.T) {
	h := open(t)
	_, err := h.Enter(t.Context(), intake.Entry{Source: "trans", Kind: credit.Licence, Headings: normal.Template(credit.Licence), Rows: [][]string{{"x"}}})
	wants(t, err, intake.ErrNotInCatalogue)
	if left, err := os.ReadDir(filepath.Join(h.dir, "verdicts", "inbox")); err != nil || len(left) != 0 {
		t.Errorf("the inbox holds %v, %v", left, err)
	}
}
