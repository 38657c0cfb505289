package consent

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"xinban/internal/credit"
)

// Get returns a grant of a subject; ErrNone when there is none under the number.
func (s *Service) Get(ctx context.Context, subject credit.Key, id string) (Grant, error) {
	g, err := scan(s.db.QueryRow(ctx, "SELECT "+columns+" FROM consent WHERE subject = $1 AND id = $2", string(subject), id))
	if errors.Is(err, sql.ErrNoRows) {
		return g, ErrNone
	}
	if err != nil {
		return g, fmt.Errorf("consent: reading a grant: %w", err)
	}
	return g, nil
}

// Envelopes returns the signed envelopes of a grant: as it was given and, when it was, as it was withdrawn; nil for what
// is not there.
func (s *Service) Envelopes(ctx context.Context, subject credit.Key, id string) (gave, took []byte, err error) {
	q := func(query string, args ...any) (*sql.Rows, error) { return s.db.Query(ctx, query, args...) }
	all, err := s.envelopes(q, subject, id)
	return all[given], all[withdrawn], err
}

// Verify returns nil when a grant is as it was sealed, otherwise why not.
func (s *Service) Verify(ctx context.Context, g *Grant) error {
	return s.verify(func(query string, args ...any) (*sql.Rows, error) { return s.db.Query(ctx, query, args...) }, g)
}

// Given lists what a subject allows, newest first; it includes what is over.
func (s *Service) Given(ctx context.Context, subject credit.Key) ([]Grant, error) {
	rows, err := s.db.Query(ctx, "SELECT "+columns+" FROM consent WHERE subject = $1 ORDER BY id", string(subject))
	if err != nil {
		return nil, fmt.Errorf("consent: listing grants: %w", err)
	}
	all, err := scanAll(rows)
	newestFirst(all)
	return all, err
}

// GivenBefore lists up to limit grants of a subject, newest first, before the given number (empty: from the newest).
func (s *Service) GivenBefore(ctx context.Context, subject credit.Key, before string, limit int) ([]Grant, error) {
	rows, err := s.db.Query(ctx, "SELECT "+columns+" FROM consent WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
		string(subject), cmp.Or(before, last), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("consent: listing grants: %w", err)
	}
	return scanAll(rows)
}

// ToGrantee lists up to limit grants to somebody, after the given number, for paging; it includes what is over.
func (s *Service) ToGrantee(ctx context.Context, who Grantee, after string, limit int) ([]Grant, error) {
	return s.places(ctx, "SELECT subject, id FROM consent_grantee WHERE grantee = $1 AND id > $2 ORDER BY id LIMIT $3", string(who), after, int64(limit))
}

// ToGranteeBefore is ToGrantee from the newest, before the given number (empty: from the newest).
func (s *Service) ToGranteeBefore(ctx context.Context, who Grantee, before string, limit int) ([]Grant, error) {
	return s.places(ctx, "SELECT subject, id FROM consent_grantee WHERE grantee = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
		string(who), cmp.Or(before, last), int64(limit))
}

// InForce lists up to limit grants of a scope to somebody that are neither withdrawn nor past their last day, newest first,
// before the given number (empty: from the newest). The uses of some may be spent.
func (s *Service) InForce(ctx context.Context, who Grantee, scope Scope, before string, limit int) ([]Grant, error) {
	return s.places(ctx, `SELECT subject, id FROM consent_grantee WHERE grantee = $1 AND scope = $2 AND withdrawn = 0 AND until >= $3 AND id < $4
		ORDER BY id DESC LIMIT $5`, string(who), string(scope), int64(s.today()), cmp.Or(before, last), int64(limit))
}

type place struct{ subject, id string }

// places reads the grants to which rows of the directory lead, in their order.
func (s *Service) places(ctx context.Context, query string, args ...any) ([]Grant, error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("consent: listing grants: %w", err)
	}
	defer rows.Close()
	var all []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.subject, &p.id); err != nil {
			return nil, fmt.Errorf("consent: listing grants: %w", err)
		}
		all = append(all, p)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	return s.at(ctx, all)
}

// atOnce is how many grants one query reads.
const atOnce = 32

// atOnceQuery reads grants by their keys.
var atOnceQuery = "SELECT " + columns + " FROM consent WHERE subject IN (" + marks(1) + ") AND id IN (" + marks(1+atOnce) + ")"

func marks(from int) string {
	var all []string
	for i := range atOnce {
		all = append(all, fmt.Sprintf("$%d", from+i))
	}
	return strings.Join(all, ", ")
}

func (s *Service) at(ctx context.Context, places []place) (all []Grant, err error) {
	for len(places) > 0 {
		some := places[:min(atOnce, len(places))]
		places = places[len(some):]
		args := make([]any, 2*atOnce)
		for i := range atOnce { // the last is repeated: a query has one number of arguments
			p := some[min(i, len(some)-1)]
			args[i], args[atOnce+i] = p.subject, p.id
		}
		rows, err := s.db.Query(ctx, atOnceQuery, args...)
		if err != nil {
			return nil, fmt.Errorf("consent: reading grants: %w", err)
		}
		found, err := scanAll(rows)
		if err != nil {
			return nil, err
		}
		by := map[place]Grant{}
		for _, g := range found {
			by[place{string(g.Subject), g.ID}] = g
		}
		for _, p := range some {
			if g, ok := by[p]; ok {
				all = append(all, g)
			}
		}
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
