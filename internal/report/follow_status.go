package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// held is a document that a change of facts may undo.
type held struct {
	subject  credit.Key
	number   string
	replaced bool // its holder has a newer one
	stored   stored
}

// Project withdraws the documents in which a fact was corrected or annulled, and tells their holders; who holds one to
// which something was added is told so. One
// that was replaced before is withdrawn too, for whoever still has it, but its holder need not be told.
// Facts of a key concern its own documents and those of subjects that it belongs to.
func (s *Service) Project(ctx context.Context, key credit.Key, facts []ledger.Fact) ([]func(*store.Tx) error, error) {
	docs, err := s.standingDocuments(ctx, key)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	var steps []func(*store.Tx) error
	today := credit.DateOf(s.c.Now())
	past := &folds{reading: s.ledger.Reading(), done: map[string]folded{}}
	if facts != nil {
		past.reading.Has(key, facts)
	}
	for _, d := range docs {
		now, err := past.fold(ctx, d.subject, today, nil)
		if err != nil {
			return nil, err
		}
		if slices.Equal(d.stored.Facts, now.versions) {
			continue
		}
		c, reasons, err := s.undoneNow(ctx, &d, past, now.matters)
		if err != nil {
			return nil, err
		}
		switch {
		case len(reasons) > 0:
			steps = append(steps, s.withdrawal(d, c, strings.Join(reasons, "；")))
		case !d.replaced && s.c.Changed != nil:
			steps = append(steps, func(tx *store.Tx) error { return s.changedStill(tx, d.subject, d.number) })
		}
	}
	return steps, nil
}

// changedStill tells of a change unless the document was withdrawn meanwhile, for another key on which it rests: that
// is the last that is told of it.
func (s *Service) changedStill(tx *store.Tx, key credit.Key, number string) error {
	var status Status
	err := tx.QueryRow("SELECT status FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&status)
	if err != nil || status != Valid {
		return err
	}
	return s.changed(tx, key, number, Changed)
}

// foldsKept bounds the standings remembered: a subject may have documents of many days.
const foldsKept = 16

// folds remembers standings: documents issued on one day on the same facts need one.
type folds struct {
	reading *ledger.Reading
	done    map[string]folded
}

type folded struct {
	matters  matters
	versions []ledger.KeySeq
}

func (f *folds) fold(ctx context.Context, key credit.Key, on credit.Date, known []ledger.KeySeq) (folded, error) {
	name := fmt.Sprint(key, on, known == nil, known)
	if was, ok := f.done[name]; ok {
		return was, nil
	}
	st, versions, err := f.reading.Standing(ctx, key, on, known)
	if err != nil {
		return folded{}, err
	}
	if len(f.done) == foldsKept {
		clear(f.done)
	}
	f.done[name] = folded{byMatter(st), versions}
	return f.done[name], nil
}

func (s *Service) undoneNow(ctx context.Context, d *held, past *folds, now matters) (*Content, []string, error) {
	if d.stored.Bare {
		return nil, nil, nil
	}
	c, err := s.content(ctx, d.subject, d.number)
	if err != nil {
		return nil, nil, err
	}
	then, err := past.fold(ctx, d.subject, d.stored.On, d.stored.Facts)
	if err != nil {
		return nil, nil, err
	}
	return c, undone(c, then.matters, now), nil
}

// standingDocuments lists the documents that rest on the facts of a key and that a change of them may undo or
// add to: not withdrawn. Those without a record matter only where somebody is told that a document has changed.
func (s *Service) standingDocuments(ctx context.Context, key credit.Key) ([]held, error) {
	holders := []credit.Key{key}
	rows, err := s.db.Query(ctx, "SELECT subject FROM document_basis WHERE key = $1", string(key))
	if err != nil {
		return nil, fmt.Errorf("report: finding whose documents rest on a subject: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var h credit.Key
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		holders = append(holders, h)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var all []held
	for _, h := range holders {
		if all, err = s.ownStanding(ctx, h, all); err != nil {
			return nil, fmt.Errorf("report: listing the documents that stand: %w", err)
		}
	}
	return all, nil
}

func (s *Service) ownStanding(ctx context.Context, key credit.Key, all []held) ([]held, error) {
	rows, err := s.db.Query(ctx, "SELECT number, inputs, newer FROM document WHERE subject = $1 AND status = 'valid' ORDER BY number", string(key))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d := held{subject: key}
		var text, newer string
		if err := rows.Scan(&d.number, &text, &newer); err != nil {
			return nil, err
		}
		d.replaced = newer != ""
		if err := json.Unmarshal([]byte(text), &d.stored); err != nil {
			return nil, err
		}
		if !d.stored.Bare || s.c.Changed != nil && !d.replaced {
			all = append(all, d)
		}
	}
	return all, rows.Err()
}

// withdrawal marks a document as withdrawn and tells its holder, once, unless there is a newer one.
func (s *Service) withdrawal(d held, c *Content, reason string) func(*store.Tx) error {
	now := s.c.Now()
	at := now.UnixMilli()
	return func(tx *store.Tx) error {
		n, err := tx.Exec("UPDATE document SET status = 'withdrawn', reason = $1 WHERE subject = $2 AND number = $3 AND status = 'valid'",
			reason, string(d.subject), d.number)
		if err != nil || n == 0 {
			return err
		}
		if err := countWithdrawn(tx, c, credit.DateOf(now)); err != nil {
			return err
		}
		if err := s.end(tx, d.subject, d.number, Withdrawn); err != nil || d.replaced {
			return err
		}
		return tx.InsertMissing("notice", []string{"subject", "id", "at", "number", "text", "seen"},
			[][]any{{string(d.subject), d.number + "-withdrawn", at, d.number, reason, int64(0)}})
	}
}

// Notice is what the holder of a document is told.
type Notice struct {
	Subject credit.Key
	ID      string
	At      int64 // UTC ms
	Number  string
	Text    string
	Seen    int64 // UTC ms, 0 when not yet
}

// Notices lists what the holder of a subject's documents was told, newest first, before the given id
// (empty: from the newest). Identifiers begin with the document's number and so with its time.
func (s *Service) Notices(ctx context.Context, key credit.Key, before string, limit int) ([]Notice, error) {
	if before == "" {
		before = "Z"
	}
	rows, err := s.db.Query(ctx, "SELECT id, at, number, text, seen FROM notice WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
		string(key), before, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("report: listing notices: %w", err)
	}
	defer rows.Close()
	var all []Notice
	for rows.Next() {
		n := Notice{Subject: key}
		if err := rows.Scan(&n.ID, &n.At, &n.Number, &n.Text, &n.Seen); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, rows.Err()
}

// SeeNotice notes that the holder has seen a notice.
func (s *Service) SeeNotice(ctx context.Context, key credit.Key, id string) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE notice SET seen = $1 WHERE subject = $2 AND id = $3 AND seen = 0", s.c.Now().UnixMilli(), string(key), id)
		return err
	})
}
