package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// State is where a load stands.
type State string

// The states of a load.
const (
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Load is one file on its way in, or in.
type Load struct {
	ID          int64
	Source      int64
	Kind        credit.Kind
	Name        string // of the file, as the sender named it
	SHA256      string
	Encoding    string
	State       State
	Started     int64 // UTC ms
	Ended       int64 // UTC ms, 0 while running
	By          string
	Rows        int64
	Accepted    int64
	Unchanged   int64
	Amended     int64
	Quarantined int64
	Warned      int64
	Error       string
}

const loadColumns = `id, source, kind, name, sha256, encoding, state, started, ended, by_login, row_count, accepted, unchanged, amended,
	quarantined, warned, error`

func scanLoad(row interface{ Scan(...any) error }) (Load, error) {
	var l Load
	err := row.Scan(&l.ID, &l.Source, &l.Kind, &l.Name, &l.SHA256, &l.Encoding, &l.State, &l.Started, &l.Ended, &l.By,
		&l.Rows, &l.Accepted, &l.Unchanged, &l.Amended, &l.Quarantined, &l.Warned, &l.Error)
	return l, err
}

// ErrNoLoad says that there is no load of a number.
var ErrNoLoad = errors.New("没有这一报送批次")

// LoadByID returns one load.
func (s *Service) LoadByID(ctx context.Context, id int64) (Load, error) {
	l, err := scanLoad(s.db.QueryRow(ctx, "SELECT "+loadColumns+" FROM intake_load WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return l, fmt.Errorf("%w：%d", ErrNoLoad, id)
	}
	return l, err
}

// Loads lists loads, newest first, before the given number (0: from the newest).
func (s *Service) Loads(ctx context.Context, source, before int64, limit int) ([]Load, error) {
	if before == 0 {
		before = 1 << 62
	}
	rows, err := s.db.Query(ctx, "SELECT "+loadColumns+" FROM intake_load WHERE id < $1 AND ($2 = 0 OR source = $2) ORDER BY id DESC LIMIT $3",
		before, source, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("intake: listing loads: %w", err)
	}
	defer rows.Close()
	var all []Load
	for rows.Next() {
		l, err := scanLoad(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, rows.Err()
}

// begin registers a load, or takes up the one of the same file that did not end and that no other
// process runs. token becomes its owner.
func (s *Service) begin(ctx context.Context, token string, l Load) (Load, error) {
	err := s.ledger.Change(ctx, func(tx *store.Tx) error { // another load may take the number first
		old, err := scanLoad(tx.QueryRow("SELECT "+loadColumns+` FROM intake_load WHERE sha256 = $1 AND source = $2 AND kind = $3
			AND state <> 'done' ORDER BY id DESC LIMIT 1`, l.SHA256, l.Source, int64(l.Kind)))
		if err == nil {
			l.ID, l.Started = old.ID, old.Started
			return s.take(tx, l.ID, token)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := tx.QueryRow("SELECT COALESCE(MAX(id), 0) + 1 FROM intake_load").Scan(&l.ID); err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO intake_load ("+loadColumns+", owner, leased) VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, 0, $8, 0, 0, 0, 0, 0, 0, '', $9, $10)",
			l.ID, l.Source, int64(l.Kind), l.Name, l.SHA256, l.Encoding, l.Started, l.By, token, leaseEnd())
		return err
	})
	if errors.Is(err, ErrLoading) {
		return l, ErrLoading
	}
	if err != nil {
		return l, fmt.Errorf("intake: registering the load of %s: %w", l.Name, err)
	}
	return l, nil
}

// end makes the load durable with its counts and tells the feed. Rows over the time limits are passed
// over in a feed's first file, which brings what lay in store (存量). A trial source answers from now on
// for the domains seen. Only the owner ends a load.
func (s *Service) end(ctx context.Context, j *loading) error {
	defer s.forget()
	l := &j.load
	l.Ended = s.now().UnixMilli()
	l.State = Done
	if l.Error != "" {
		l.State = Failed
	}
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`UPDATE intake_load SET state = $1, ended = $2, encoding = $3, row_count = $4, accepted = $5, unchanged = $6,
			amended = $7, quarantined = $8, warned = $9, error = $10, leased = 0 WHERE id = $11 AND owner = $12`,
			string(l.State), l.Ended, l.Encoding, l.Rows, l.Accepted, l.Unchanged, l.Amended, l.Quarantined, l.Warned, l.Error, l.ID, j.lease.token)
		if err == nil && n == 0 {
			return ErrLoading
		}
		if err != nil || l.State != Done {
			return err
		}
		if err := countGathered(tx, l); err != nil {
			return err
		}
		before, err := takenBefore(tx, l)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE feed SET last_arrival = CASE WHEN last_arrival > $1 THEN last_arrival ELSE $1 END, row_count = row_count + $2, bad_count = bad_count + $3,
			late_publish = late_publish + CASE WHEN last_arrival = 0 THEN 0 ELSE $4 END,
			late_arrive = late_arrive + CASE WHEN last_arrival = 0 THEN 0 ELSE $5 END WHERE source = $6 AND kind = $7`,
			j.arrival(before), l.Rows, l.Quarantined, j.late[0], j.late[1], l.Source, int64(l.Kind))
		if err != nil || len(j.seen) == 0 {
			return err
		}
		return widen(tx, l, j.seen)
	})
	if err != nil {
		return fmt.Errorf("intake: closing load %d: %w", l.ID, err)
	}
	return nil
}

// arrival is the instant from which the feed counts as up to date. A file without rows, or of which
// every row was held back, has told nothing, and no domain may answer 未查见 for it: who has nothing to
// send makes a zero report. Nor has a file that was taken in before, and rows that a clerk typed, mended
// or sent back say nothing of what else there is.
func (j *loading) arrival(before bool) int64 {
	if l := &j.load; l.Quarantined == l.Rows || before || j.part {
		return 0
	}
	return j.arrived.UnixMilli()
}

// takenBefore tells whether a delta feed's very file was taken in by an earlier load. A whole list that
// is sent again says that nothing changed.
func takenBefore(tx *store.Tx, l *Load) (bool, error) {
	var n int64
	err := tx.QueryRow(`SELECT COUNT(*) FROM intake_load l JOIN feed f ON f.source = l.source AND f.kind = l.kind
		WHERE l.sha256 = $1 AND l.source = $2 AND l.kind = $3 AND l.state = 'done' AND l.id < $4 AND f.snapshot = 0`,
		l.SHA256, l.Source, int64(l.Kind), l.ID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("intake: looking for an earlier load of the file: %w", err)
	}
	return n > 0, nil
}

// fileDigest is the SHA-256 of a file's bytes.
func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("打不开文件%s：%w", path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("读文件%s时出错：%w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
