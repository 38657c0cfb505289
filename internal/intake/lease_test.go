package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake"
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
		began := make(chan struct{}, 1)
		done := make(chan error, 1)
		go func() {
			_, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco", Progress: func(intake.Progress) {
				select {
				case began <- struct{}{}:
				default:
				}
			}})
			done <- err
		}()
		<-began
		_, err := second.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco"})
		wants(t, err, intake.ErrLoading)
		must(t, <-done)
		if r := second.load("eco", path); r.Unchanged != 3000 {
			t.Errorf("afterwards: %+v", r.Load)
		}
	})
}
