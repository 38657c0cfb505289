package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/store"
)

// Layout returns the number under which the headings of a file are kept, so that rows need not
// repeat them.
func (l *Ledger) Layout(ctx context.Context, headings []string) (int64, error) {
	text, err := json.Marshal(headings)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:16])
	l.mu.Lock()
	defer l.mu.Unlock()
	if id, ok := l.ids[digest]; ok {
		return id, nil
	}
	var id int64
	err = l.Change(ctx, func(tx *store.Tx) error {
		err := tx.QueryRow("SELECT id FROM layout WHERE digest = $1", digest).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := tx.QueryRow("SELECT COALESCE(MAX(id), 0) + 1 FROM layout").Scan(&id); err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO layout (id, digest, headings) VALUES ($1, $2, $3)", id, digest, string(text))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("ledger: keeping the headings of a file: %w", err)
	}
	l.ids[digest], l.layouts[id] = id, headings
	return id, nil
}

func (l *Ledger) headings(ctx context.Context, id int64) ([]string, error) {
	if id == 0 {
		return nil, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if h, ok := l.layouts[id]; ok {
		return h, nil
	}
	var text string
	if err := l.db.QueryRow(ctx, "SELECT headings FROM layout WHERE id = $1", id).Scan(&text); err != nil {
		return nil, fmt.Errorf("ledger: reading layout %d: %w", id, err)
	}
	var h []string
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return nil, err
	}
	l.layouts[id] = h
	return h, nil
}
