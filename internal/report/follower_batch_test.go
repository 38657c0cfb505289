package report_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// shelf is a queue in the store, and a projection that counts there how often each subject was written.
type shelf struct {
	db   *store.DB
	wait func(credit.Key) error // called in the transaction
}

func newShelf(t testing.TB, db *store.DB, keys ...credit.Key) *shelf {
	t.Helper()
	s := &shelf{db: db}
	must(t, db.Tx(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Exec("CREATE TABLE waiting (load BIGINT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (load, subject))"); err != nil {
			return err
		}
		if _, err := tx.Exec("CREATE TABLE projected (subject TEXT NOT NULL PRIMARY KEY, times BIGINT NOT NULL)"); err != nil {
			return err
		}
		return s.Touch(tx, keys...)
	}))
	return s
}

func (s *shelf) list(ctx context.Context, query string, args ...any) (all []report.Touched, err error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var x report.Touched
		if err := rows.Scan(&x.Load, &x.Subject); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

func (s *shelf) Touched(ctx context.Context, limit int) ([]report.Touched, error) {
	return s.list(ctx, "SELECT load, subject FROM waiting ORDER BY load, subject LIMIT $1", int64(limit))
}

func (s *shelf) TouchedOf(ctx context.Context, key credit.Key) ([]report.Touched, error) {
	return s.list(ctx, "SELECT load, subject FROM waiting WHERE subject = $1", string(key))
}

func (s *shelf) Followed(tx *store.Tx, x report.Touched) error {
	n, err := tx.Exec("DELETE FROM waiting WHERE load = $1 AND subject = $2", x.Load, string(x.Subject))
	if err == nil && n == 0 {
		err = store.ErrConflict
	}
	return err
}

// Touch puts each subject on the queue for two loads.
func (s *shelf) Touch(tx *store.Tx, keys ...credit.Key) error {
	var rows [][]any
	for _, k := range keys {
		rows = append(rows, []any{int64(1), string(k)}, []any{int64(2), string(k)})
	}
	return tx.InsertMissing("waiting", []string{"load", "subject"}, rows)
}

func (s *shelf) Project(_ context.Context, key credit.Key, _ []ledger.Fact) ([]func(*store.Tx) error, error) {
	return []func(*store.Tx) error{func(tx *store.Tx) error {
		if _, err := tx.Exec("INSERT INTO projected (subject, times) VALUES ($1, 1) ON CONFLICT (subject) DO UPDATE SET times = projected.times + 1", string(key)); err != nil {
			return err
		}
		if s.wait != nil {
			return s.wait(key)
		}
		return nil
	}}, nil
}

// state tells of each subject how often it was written, which of them wait, and how many do.
func (s *shelf) state(t testing.TB) (times map[credit.Key]int64, waits map[credit.Key]bool) {
	t.Helper()
	written, err := s.list(t.Context(), "SELECT times, subject FROM projected")
	must(t, err)
	left, err := s.list(t.Context(), "SELECT load, subject FROM waiting")
	must(t, err)
	times, waits = map[credit.Key]int64{}, map[credit.Key]bool{}
	for _, x := range written {
		times[x.Subject] = x.Load
	}
	for _, x := range left {
		waits[x.Subject] = true
	}
	return times, waits
}

// whole makes sure that each of n subjects was written once and is off the queue, or is on it and was not written.
func (s *shelf) whole(t testing.TB, n int) (written int) {
	t.Helper()
	times, waits := s.state(t)
	for i := range n {
		key := subjectAt(i)
		if waits[key] == (times[key] == 1) || times[key] > 1 {
			t.Errorf("%s was written %d times, waits: %v", key, times[key], waits[key])
		}
	}
	return len(times)
}

func subjectsTo(n int) (keys []credit.Key) {
	for i := range n {
		keys = append(keys, subjectAt(i))
	}
	return keys
}

// Of the subjects written together one that cannot be written stays on the queue, whole, and no other does.
func TestOneSubjectOfABatchStays(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		const n = 150
		s := newShelf(t, o.db, subjectsTo(n)...)
		s.wait = func(k credit.Key) error {
			if k == subjectAt(77) {
				return errDamaged
			}
			return nil
		}
		f := report.NewFollower(o.ledger, s, s)
		took, err := f.Follow(t.Context(), 2*n)
		if took != 2*(n-1) || !errors.Is(err, errDamaged) || s.whole(t, n) != n-1 {
			t.Errorf("%d entries followed, %v", took, err)
		}
		s.wait = nil
		if took, err := f.Follow(t.Context(), 2*n); took != 2 || err != nil || s.whole(t, n) != n {
			t.Errorf("repaired: %d entries followed, %v", took, err)
		}
	})
}

// A fact that comes while its subject waits to be written leaves that subject on the queue, and no other.
func TestASubjectThatMovesOnStays(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		const n = 20
		s := newShelf(t, o.db, subjectsTo(n)...)
		moving := moves{o, subjectAt(3), subjectAt(11)}
		if took, err := report.NewFollower(o.ledger, s, s, moving).Follow(t.Context(), n); took != 2*(n-1) || err != nil || s.whole(t, n) != n-1 {
			t.Errorf("%d entries followed, %v", took, err)
		}
		if took, err := report.NewFollower(o.ledger, s, s).Follow(t.Context(), n); took != 2 || err != nil || s.whole(t, n) != n {
			t.Errorf("again: %d entries followed, %v", took, err)
		}
	})
}

// moves adds a fact to one subject once another is projected.
type moves struct {
	o            *office
	moved, after credit.Key
}

func (m moves) Project(_ context.Context, key credit.Key, _ []ledger.Fact) ([]func(*store.Tx) error, error) {
	if key == m.after {
		m.o.says(m.moved, registered())
	}
	return nil, nil
}

// Two who follow at once leave each subject written and off the queue, and neither undoes what the other did.
func TestTwoFollowAtOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		const n = 400
		s := newShelf(t, o.db, subjectsTo(n)...)
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				for {
					left, err := s.Touched(t.Context(), 1)
					if err == nil && len(left) > 0 {
						_, err = report.NewFollower(o.ledger, s, s).Follow(t.Context(), 90)
					}
					if err != nil {
						t.Error(err)
					}
					if err != nil || len(left) == 0 {
						return
					}
				}
			})
		}
		all.Wait()
		if written := s.whole(t, n); written != n {
			t.Errorf("%d of %d were written", written, n)
		}
	})
}

const followEnv = "XINBAN_TEST_FOLLOW"

// TestFollowInAChild is the process that is killed; on its own it does nothing.
func TestFollowInAChild(t *testing.T) {
	url := os.Getenv(followEnv)
	if url == "" {
		t.Skip("only as a child of TestKilledFollower")
	}
	db, err := store.Open(t.Context(), url)
	must(t, err)
	o := open(t, db, t.TempDir())
	s := &shelf{db: db, wait: func(k credit.Key) error {
		fmt.Println("writing", k)
		return nil
	}}
	for { // until killed
		_, err := report.NewFollower(o.ledger, s, s).Follow(t.Context(), 500)
		must(t, err)
	}
}

// A follower killed at any moment, also between two transactions, leaves each subject written or on the queue.
func TestKilledFollower(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const n = 3000
		url := filepath.Join(t.TempDir(), "follow.db")
		if db.Engine() == store.PostgreSQL {
			url = storetest.Schema(t, os.Getenv("XINBAN_TEST_POSTGRES"))
		}
		again, err := store.Open(t.Context(), url)
		must(t, err)
		t.Cleanup(func() { again.Close() })
		o, s := open(t, again, t.TempDir()), newShelf(t, again, subjectsTo(n)...)
		for round := range 4 {
			runKilled(t, "TestFollowInAChild", followEnv+"="+url, 5*time.Millisecond*time.Duration(1+round), func(string) bool { return true })
			t.Logf("%d of %d written", s.whole(t, n), n)
		}
		for {
			took, err := report.NewFollower(o.ledger, s, s).Follow(t.Context(), 500)
			must(t, err)
			if took == 0 {
				break
			}
		}
		if written := s.whole(t, n); written != n {
			t.Errorf("%d of %d were written", written, n)
		}
	})
}
