// Package adopted keeps the rule sets that persons put in force, and gives the program the book of
// those in force, or the book as it was when a document was issued.
//
// The table is append-only and named by content. A fresh store adopts the shipped proposals by itself;
// an edit needs a second person.
package adopted

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Books is the rule books of one store. It is safe for concurrent use.
type Books struct {
	db *store.DB

	mu    sync.RWMutex
	now   *law.Book
	rows  int                  // of the table, of which now is made
	known map[string]*law.Book // by digest
}

// Open brings the tables up to date, lets a fresh store adopt the proposals on the given day, and
// reads the book in force.
func Open(ctx context.Context, db *store.DB, today credit.Date, at int64) (*Books, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, "ruleset", files); err != nil {
		return nil, err
	}
	b := &Books{db: db, known: map[string]*law.Book{}}
	all, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return b, b.Adopt(ctx, law.AdoptProposals(today, law.Program), "", at)
	}
	return b, b.use(ctx, all)
}

// Adopt puts rule sets in force, with the result of their dry run, at an instant (UTC ms). The book
// with them must be sound. Persons go through [Books.Propose] and [Books.Decide].
func (b *Books) Adopt(ctx context.Context, sets []law.Adopted, dryRun string, at int64) error {
	err := b.turn(ctx, func(tx *store.Tx) error { return adopt(tx, sets, dryRun, at) })
	if err != nil {
		return fmt.Errorf("law: adopting rule sets: %w", err)
	}
	return b.Refresh(ctx)
}

// turn runs fn while nobody else proposes or adopts, in this process or another: a former book is the first rows of
// the table, so rows must come in one after the other.
func (b *Books) turn(ctx context.Context, fn func(*store.Tx) error) error {
	return b.db.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("UPDATE ruleset_turn SET n = n + 1 WHERE id = 1"); err != nil {
			return err
		}
		return fn(tx)
	})
}

func adopt(tx *store.Tx, sets []law.Adopted, dryRun string, at int64) error {
	before, err := readAll(tx.Query(rulesetQuery))
	if err != nil {
		return err
	}
	book, err := law.NewBook(append(before, sets...))
	if err != nil {
		return err
	}
	var last int64 // new rows come after all others, whatever the clock says
	if err := tx.QueryRow("SELECT COALESCE(MAX(adopted), 0) FROM ruleset").Scan(&last); err != nil {
		return err
	}
	at = max(at, last+1)
	for i, a := range sets {
		set, err := law.ReadSet(a.Body)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(book.Sets(), func(s law.Set) bool { return s.Digest == set.Digest }) {
			return fmt.Errorf("规则%s不能在%s采用：现行内容的采用日期更晚", set.ID, a.KnownFrom)
		}
		if _, err := tx.Exec("INSERT INTO ruleset (digest, known_from, adopted, author, approver, dry_run, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			set.Digest, int64(a.KnownFrom), at+int64(i), a.Author, a.Approver, dryRun, string(a.Body)); err != nil {
			return err
		}
	}
	return nil
}

// Refresh takes up what another process has adopted since the last look.
func (b *Books) Refresh(ctx context.Context) error {
	all, err := b.read(ctx)
	if err != nil {
		return err
	}
	b.mu.RLock()
	same := b.now != nil && b.rows == len(all)
	b.mu.RUnlock()
	if same {
		return nil
	}
	return b.use(ctx, all)
}

const rulesetQuery = "SELECT body, known_from, author, approver FROM ruleset ORDER BY adopted, digest"

func (b *Books) read(ctx context.Context) ([]law.Adopted, error) {
	return readAll(b.db.Query(ctx, rulesetQuery))
}

func readAll(rows *sql.Rows, err error) ([]law.Adopted, error) {
	if err != nil {
		return nil, fmt.Errorf("law: reading the adopted rule sets: %w", err)
	}
	defer rows.Close()
	var all []law.Adopted
	for rows.Next() {
		var a law.Adopted
		if err := rows.Scan(&a.Body, &a.KnownFrom, &a.Author, &a.Approver); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// use compiles the book and keeps what its digest consists of, so that documents can be made again.
func (b *Books) use(ctx context.Context, all []law.Adopted) error {
	book, err := law.NewBook(all)
	if err != nil {
		return err
	}
	members, err := json.Marshal(len(all))
	if err != nil {
		return err
	}
	err = b.db.Tx(ctx, func(tx *store.Tx) error {
		return tx.InsertMissing("rulebook", []string{"digest", "members"}, [][]any{{book.Digest(), string(members)}})
	})
	if err != nil {
		return fmt.Errorf("law: keeping the rule book: %w", err)
	}
	b.mu.Lock()
	if len(all) >= b.rows { // a slower reader must not bring an older book back
		b.now, b.rows = book, len(all)
	}
	b.known[book.Digest()] = book
	b.mu.Unlock()
	return nil
}

// Book returns the book with a digest; the empty digest asks for the one in force.
func (b *Books) Book(digest string) (*law.Book, error) {
	b.mu.RLock()
	book := b.known[digest]
	if digest == "" {
		book = b.now
	}
	b.mu.RUnlock()
	if book != nil {
		return book, nil
	}
	return b.past(context.Background(), digest)
}

// past compiles a former book: the table is append-only, so its first n rows are what it was.
func (b *Books) past(ctx context.Context, digest string) (*law.Book, error) {
	var text string
	err := b.db.QueryRow(ctx, "SELECT members FROM rulebook WHERE digest = $1", digest).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("law: no rule book with digest %s was ever in force here", digest)
	}
	if err != nil {
		return nil, err
	}
	var n int
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		return nil, err
	}
	all, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	book, err := law.NewBook(all[:min(n, len(all))])
	if err != nil {
		return nil, err
	}
	if book.Digest() != digest {
		return nil, fmt.Errorf("law: the adopted rule sets were changed: digest %s cannot be made again", digest)
	}
	b.mu.Lock()
	b.known[digest] = book
	b.mu.Unlock()
	return book, nil
}
