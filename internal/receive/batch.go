package receive

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"slices"
	"time"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// How long things are kept.
const (
	Kept    = 30  // days a table is kept
	watched = 366 // days after its last check for which a paper's change is told
)

var errNoBatch = errors.New("receive: no such batch of this receiver")

// Batch is what was dropped at once.
type Batch struct {
	ID       string
	Made     int64 // UTC ms
	Until    int64 // UTC ms, when it is deleted
	Need     Need
	Papers   int
	Problems int
	Attend   int
	Fines    credit.Fen // of all genuine papers, each once
	Rows     []Row
}

// Check verifies what was uploaded and keeps the table. newer asks what is new of subjects that allow it,
// which uses their grants once.
func (s *Service) Check(ctx context.Context, who *Receiver, headers []*multipart.FileHeader, need Need, newer bool) (*Batch, error) {
	files, done := gather(headers)
	defer done()
	rows, err := s.verifyAll(ctx, files, &need)
	if err != nil {
		return nil, err
	}
	var told map[credit.Key]string
	if newer {
		if told, err = s.newer(ctx, who, rows, need.Purpose); err != nil {
			return nil, err
		}
	}
	now := s.c.Now()
	b := &Batch{ID: newID(now), Made: now.UnixMilli(), Until: now.AddDate(0, 0, Kept).UnixMilli(), Need: need, Papers: len(rows), Rows: rows}
	err = s.db.Tx(ctx, func(tx *store.Tx) error { return s.keep(tx, who, b, told) })
	if err != nil {
		return nil, fmt.Errorf("receive: keeping a table: %w", err)
	}
	return b, s.catchUp(ctx, b)
}

// newID begins with the instant, so that later ones sort after earlier.
func newID(now time.Time) string { return fmt.Sprintf("%013d%s", now.UnixMilli(), rand.Text()[:12]) }

// keep writes the table, who holds which paper, and the subjects' access log, in one transaction.
func (s *Service) keep(tx *store.Tx, who *Receiver, b *Batch, told map[credit.Key]string) error {
	refused := map[credit.Key]string{}
	for key, edition := range told {
		_, err := s.c.Consent.Apply(tx, key, who.Whom, newerAct(who, b.Need.Purpose, edition, consent.Conclusion))
		if refusal(err) {
			refused[key] = err.Error() // withdrawn while the papers were verified
		} else if err != nil {
			return err
		}
	}
	b.Problems, b.Attend, b.Fines = 0, 0, 0
	var lines [][]any
	for i := range b.Rows {
		r := &b.Rows[i]
		if why := refused[r.Subject]; why != "" && r.Genuine {
			r.Newer = why
		}
		b.count(r)
		if err := s.note(tx, who, b, r, told); err != nil {
			return err
		}
		body, err := json.Marshal(r)
		if err != nil {
			return err
		}
		lines = append(lines, []any{string(who.ID), b.ID, int64(r.No), string(body)})
	}
	need, err := json.Marshal(b.Need)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO receive_batch (receiver, id, made, until, need, papers, problems, attend, fines) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		string(who.ID), b.ID, b.Made, b.Until, string(need), int64(b.Papers), int64(b.Problems), int64(b.Attend), int64(b.Fines)); err != nil {
		return err
	}
	return tx.InsertMissing("receive_row", []string{"receiver", "batch", "no", "body"}, lines)
}

func (b *Batch) count(r *Row) {
	switch r.Rank {
	case Problem:
		b.Problems++
	case Attend:
		b.Attend++
	}
	if r.Genuine && r.Same == 0 {
		b.Fines += r.Fines
	}
}

// note records that a paper was checked and by whom it is held.
func (s *Service) note(tx *store.Tx, who *Receiver, b *Batch, r *Row, told map[credit.Key]string) error {
	if !r.Genuine || r.Same != 0 {
		return nil
	}
	now := s.c.Now()
	if err := audit.Record(tx, who.entry(now, r.Subject, audit.Verify, b.Need.Purpose, r.Number)); err != nil {
		return err
	}
	if _, asked := told[r.Subject]; asked {
		if err := audit.Record(tx, who.entry(now, r.Subject, audit.View, "查询报告出具后的新增情况", r.Number)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO receive_holder (number, receiver, subject, batch, status, told, hook, until) VALUES ($1, $2, $3, $4, $5, 0, '', $6)
		ON CONFLICT (number, receiver) DO UPDATE SET batch = excluded.batch, status = excluded.status, until = excluded.until`,
		r.Number, string(who.ID), string(r.Subject), b.ID, r.Status, now.AddDate(0, 0, watched).UnixMilli())
	return err
}

// catchUp tells of papers that ended while the table was being made, before it was known who holds them.
func (s *Service) catchUp(ctx context.Context, b *Batch) error {
	for i := range b.Rows {
		r := &b.Rows[i]
		if !r.Genuine || r.Same != 0 {
			continue
		}
		now, err := s.c.Reports.Ended(ctx, r.Subject, r.Number)
		if err != nil {
			return err
		}
		if weight(now) <= weight(r.Status) {
			continue
		}
		if err := s.db.Tx(ctx, func(tx *store.Tx) error { return s.Changed(tx, r.Subject, r.Number, now) }); err != nil {
			return err
		}
	}
	return nil
}

// refusal tells that an error is the answer that a grant does not allow.
func refusal(err error) bool {
	_, ok := consent.Why(err)
	return ok
}

const batchColumns = "id, made, until, need, papers, problems, attend, fines"

func scanBatch(row interface{ Scan(...any) error }) (b Batch, err error) {
	var need string
	if err = row.Scan(&b.ID, &b.Made, &b.Until, &need, &b.Papers, &b.Problems, &b.Attend, &b.Fines); err == nil {
		err = json.Unmarshal([]byte(need), &b.Need)
	}
	return b, err
}

// Batches lists up to limit batches of a receiver, newest first, before an id (empty: from the newest).
func (s *Service) Batches(ctx context.Context, who *Receiver, before string, limit int) ([]Batch, error) {
	rows, err := s.db.Query(ctx, "SELECT "+batchColumns+" FROM receive_batch WHERE receiver = $1 AND id < $2 AND until > $3 ORDER BY id DESC LIMIT $4",
		string(who.ID), cmp.Or(before, "Z"), s.c.Now().UnixMilli(), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("receive: listing batches: %w", err)
	}
	defer rows.Close()
	var all []Batch
	for rows.Next() {
		b, err := scanBatch(rows)
		if err != nil {
			return nil, fmt.Errorf("receive: listing batches: %w", err)
		}
		all = append(all, b)
	}
	return all, rows.Err()
}

// Batch reads a table of a receiver, problems first when sorted, otherwise in the order of the files. What
// is another's or over is not there.
func (s *Service) Batch(ctx context.Context, who *Receiver, id string, sorted bool) (*Batch, error) {
	b, err := scanBatch(s.db.QueryRow(ctx, "SELECT "+batchColumns+" FROM receive_batch WHERE receiver = $1 AND id = $2 AND until > $3",
		string(who.ID), id, s.c.Now().UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoBatch
	}
	if err != nil {
		return nil, fmt.Errorf("receive: reading a batch: %w", err)
	}
	rows, err := s.db.Query(ctx, "SELECT body FROM receive_row WHERE receiver = $1 AND batch = $2 ORDER BY no", string(who.ID), id)
	if err != nil {
		return nil, fmt.Errorf("receive: reading a table: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var body string
		var r Row
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			return nil, fmt.Errorf("receive: reading a row: %w", err)
		}
		b.Rows = append(b.Rows, r)
	}
	if sorted {
		slices.SortStableFunc(b.Rows, func(x, y Row) int { return cmp.Compare(x.Rank, y.Rank) })
	}
	return &b, rows.Err()
}

// Delete removes a batch, with its table and what is watched because of it.
func (s *Service) Delete(ctx context.Context, who *Receiver, id string) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM receive_holder WHERE receiver = $1 AND batch = $2", string(who.ID), id); err != nil {
			return err
		}
		return drop(tx, string(who.ID), id)
	})
	if err != nil {
		return fmt.Errorf("receive: deleting a table: %w", err)
	}
	return nil
}

func drop(tx *store.Tx, receiver, id string) error {
	if _, err := tx.Exec("DELETE FROM receive_row WHERE receiver = $1 AND batch = $2", receiver, id); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM receive_batch WHERE receiver = $1 AND id = $2", receiver, id)
	return err
}

// purged is how many batches, and how many watched papers, one step of a purge deletes.
const purged = 20

// Purge deletes what is over; more says that there may be more of it.
func (s *Service) Purge(ctx context.Context) (more bool, err error) {
	now := s.c.Now().UnixMilli()
	batches, err := s.pairs(ctx, "SELECT receiver, id FROM receive_batch WHERE until <= $1 ORDER BY until, receiver, id LIMIT $2", now, int64(purged))
	if err != nil {
		return false, err
	}
	holders, err := s.pairs(ctx, "SELECT number, receiver FROM receive_holder WHERE until <= $1 ORDER BY until, number, receiver LIMIT $2", now, int64(purged))
	if err != nil || len(batches)+len(holders) == 0 {
		return false, err
	}
	err = s.db.Bulk(ctx, func(tx *store.Tx) error {
		for _, b := range batches {
			if err := drop(tx, b[0], b[1]); err != nil {
				return err
			}
		}
		for _, h := range holders {
			if _, err := tx.Exec("DELETE FROM receive_holder WHERE number = $1 AND receiver = $2 AND until <= $3", h[0], h[1], now); err != nil {
				return err
			}
		}
		return nil
	})
	return err == nil, err
}

func (s *Service) pairs(ctx context.Context, query string, args ...any) (all [][2]string, err error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("receive: looking for what is over: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p [2]string
		if err := rows.Scan(&p[0], &p[1]); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}
