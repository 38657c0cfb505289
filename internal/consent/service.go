package consent

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Service keeps the grants. It is safe for concurrent use.
type Service struct {
	db  *store.DB
	now func() time.Time
}

// New brings the tables up to date.
func New(ctx context.Context, db *store.DB, now func() time.Time) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{db, now}, db.Migrate(ctx, "consent", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.now()) }

// Give keeps a signed grant in the caller's transaction and gives it its number. What is wrong with it is
// an error whose text is shown.
func (s *Service) Give(tx *store.Tx, g *Grant) error {
	if err := g.check(s.today()); err != nil {
		return err
	}
	g.ID, g.Given, g.Used, g.Withdrawn = rand.Text()[:16], ms(s.now()), 0, 0
	editions, signature, err := g.encode()
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO consent ("+columns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, 0, $11)",
		string(g.Subject), g.ID, string(g.Grantee), g.Name, string(g.Scope), g.Purpose, editions, g.Uses, g.Given, int64(g.Until), signature)
	if err == nil {
		_, err = tx.Exec("INSERT INTO consent_grantee (grantee, id, subject) VALUES ($1, $2, $3)", string(g.Grantee), g.ID, string(g.Subject))
	}
	if err != nil {
		return fmt.Errorf("consent: keeping a grant: %w", err)
	}
	return nil
}

// Withdraw ends a grant at once, in the caller's transaction. One that was withdrawn stays so.
func (s *Service) Withdraw(tx *store.Tx, subject credit.Key, id string) error {
	n, err := tx.Exec("UPDATE consent SET withdrawn = $1 WHERE subject = $2 AND id = $3 AND withdrawn = 0", ms(s.now()), string(subject), id)
	if err != nil {
		return fmt.Errorf("consent: withdrawing a grant: %w", err)
	}
	if n == 0 {
		return ErrNone
	}
	return nil
}

// Use counts one use of a grant that allows it at this moment, in the transaction of what it allows. When
// none does, the error says why the best of them does not.
func (s *Service) Use(tx *store.Tx, subject credit.Key, who []Grantee, scope Scope, purpose, edition string) (Grant, error) {
	rows, err := tx.Query("SELECT "+columns+" FROM consent WHERE subject = $1", string(subject))
	if err != nil {
		return Grant{}, fmt.Errorf("consent: looking for a grant: %w", err)
	}
	g, why, err := s.best(rows, who, scope, purpose, edition)
	if err != nil {
		return Grant{}, err
	}
	if why != nil {
		return Grant{}, why
	}
	n, err := tx.Exec(`UPDATE consent SET used = used + 1 WHERE subject = $1 AND id = $2 AND withdrawn = 0 AND (uses = 0 OR used < uses)`, string(subject), g.ID)
	if err != nil {
		return Grant{}, fmt.Errorf("consent: counting a use: %w", err)
	}
	if n == 0 { // another used it up or it was withdrawn meanwhile
		return Grant{}, ErrUsedUp
	}
	g.Used++
	return g, nil
}

// Allowed tells, without counting, whether Use would find a grant.
func (s *Service) Allowed(ctx context.Context, subject credit.Key, who []Grantee, scope Scope, purpose, edition string) error {
	rows, err := s.db.Query(ctx, "SELECT "+columns+" FROM consent WHERE subject = $1", string(subject))
	if err != nil {
		return fmt.Errorf("consent: looking for a grant: %w", err)
	}
	_, why, err := s.best(rows, who, scope, purpose, edition)
	return errors.Join(err, why)
}

// reasons are from the least telling to the most.
var reasons = []error{ErrNone, ErrOutside, ErrExpired, ErrUsedUp, ErrWithdrawn}

func (s *Service) best(rows *sql.Rows, who []Grantee, scope Scope, purpose, edition string) (found Grant, why error, err error) {
	defer rows.Close()
	why = ErrNone
	for rows.Next() {
		g, err := scan(rows)
		if err != nil {
			return g, nil, fmt.Errorf("consent: reading a grant: %w", err)
		}
		if !slices.Contains(who, g.Grantee) {
			continue
		}
		no := g.Allows(scope, purpose, edition, s.today())
		if no == nil {
			return g, nil, rows.Close()
		}
		if slices.Index(reasons, no) > slices.Index(reasons, why) {
			why = no
		}
	}
	return Grant{}, why, rows.Err()
}

// Given lists what a subject allows, newest first; it includes what is over.
func (s *Service) Given(ctx context.Context, subject credit.Key) ([]Grant, error) {
	rows, err := s.db.Query(ctx, "SELECT "+columns+" FROM consent WHERE subject = $1 ORDER BY id", string(subject))
	if err != nil {
		return nil, fmt.Errorf("consent: listing grants: %w", err)
	}
	all, err := scanAll(rows)
	slices.SortStableFunc(all, func(a, b Grant) int { return int(b.Given - a.Given) })
	return all, err
}

// ToGrantee lists up to limit grants to somebody, after the given number, for paging.
func (s *Service) ToGrantee(ctx context.Context, who Grantee, after string, limit int) ([]Grant, error) {
	rows, err := s.db.Query(ctx, "SELECT subject, id FROM consent_grantee WHERE grantee = $1 AND id > $2 ORDER BY id LIMIT $3", string(who), after, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("consent: listing grants: %w", err)
	}
	type place struct{ subject, id string }
	var places []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.subject, &p.id); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		places = append(places, p)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	var all []Grant
	for _, p := range places {
		g, err := scan(s.db.QueryRow(ctx, "SELECT "+columns+" FROM consent WHERE subject = $1 AND id = $2", p.subject, p.id))
		if err != nil {
			return nil, fmt.Errorf("consent: reading a grant: %w", err)
		}
		all = append(all, g)
	}
	return all, nil
}

func scanAll(rows *sql.Rows) ([]Grant, error) {
	defer rows.Close()
	var all []Grant
	for rows.Next() {
		g, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("consent: reading a grant: %w", err)
		}
		all = append(all, g)
	}
	return all, rows.Err()
}
