package consent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Use counts one use of a grant that allows a whole report of an edition for a purpose, as [Service.Apply] does.
func (s *Service) Use(tx *store.Tx, subject credit.Key, who []Grantee, scope Scope, purpose, edition string) (Grant, error) {
	return s.Apply(tx, subject, who, Act{Scope: scope, Purpose: purpose, Edition: edition})
}

// Allowed tells, without counting, whether Use would find a grant.
func (s *Service) Allowed(ctx context.Context, subject credit.Key, who []Grantee, scope Scope, purpose, edition string) error {
	_, err := s.Permits(ctx, subject, who, Act{Scope: scope, Purpose: purpose, Edition: edition})
	return err
}

// Apply counts one use of a grant that allows an act at this moment, and notes it, in the transaction of what it allows.
// When none does, the error says why the best of them does not.
func (s *Service) Apply(tx *store.Tx, subject credit.Key, who []Grantee, a Act) (Grant, error) {
	return s.apply(tx, subject, a, func(g *Grant) bool { return slices.Contains(who, g.Grantee) })
}

// ApplyGrant is Apply with one grant and no other.
func (s *Service) ApplyGrant(tx *store.Tx, subject credit.Key, id string, who []Grantee, a Act) (Grant, error) {
	return s.apply(tx, subject, a, func(g *Grant) bool { return g.ID == id && slices.Contains(who, g.Grantee) })
}

// UseGrant counts one use of one grant, as [Service.ApplyGrant] does.
func (s *Service) UseGrant(tx *store.Tx, subject credit.Key, id string, who []Grantee, scope Scope, purpose, edition string) (Grant, error) {
	return s.ApplyGrant(tx, subject, id, who, Act{Scope: scope, Purpose: purpose, Edition: edition})
}

// Permits finds, without counting, the grant that Apply would use.
func (s *Service) Permits(ctx context.Context, subject credit.Key, who []Grantee, a Act) (Grant, error) {
	q := func(query string, args ...any) (*sql.Rows, error) { return s.db.Query(ctx, query, args...) }
	return s.best(q, subject, a.Who, func(g *Grant) bool { return slices.Contains(who, g.Grantee) }, s.allows(a))
}

// Reaches tells whether somebody has a grant of a scope that stands, for a purpose or, where none is named, for any. It
// is for choosing: what is done under the grant is asked with [Service.Permits].
func (s *Service) Reaches(ctx context.Context, subject credit.Key, who []Grantee, scope Scope, purpose string) error {
	q := func(query string, args ...any) (*sql.Rows, error) { return s.db.Query(ctx, query, args...) }
	_, err := s.best(q, subject, Actor{}, func(g *Grant) bool { return slices.Contains(who, g.Grantee) }, func(g *Grant) error {
		if g.Scope != scope || purpose != "" && purpose != g.Purpose {
			return ErrOutside
		}
		return g.Over(s.today())
	})
	return err
}

// allows is whether a grant allows an act today.
func (s *Service) allows(a Act) func(*Grant) error {
	if a.Level == "" && s.shows != nil {
		a.Level = s.shows(a.Edition)
	}
	return func(g *Grant) error { return g.Allows(a, s.today()) }
}

func (s *Service) apply(tx *store.Tx, subject credit.Key, a Act, mayBe func(*Grant) bool) (Grant, error) {
	g, err := s.best(tx.Query, subject, a.Who, mayBe, s.allows(a))
	if err != nil {
		return Grant{}, err
	}
	n, err := tx.Exec(`UPDATE consent SET used = used + 1 WHERE subject = $1 AND id = $2 AND withdrawn = 0 AND (uses = 0 OR used < uses)`, string(subject), g.ID)
	if err != nil {
		return Grant{}, fmt.Errorf("consent: counting a use: %w", err)
	}
	if n == 0 { // another used it up or it was withdrawn meanwhile
		return Grant{}, ErrUsedUp
	}
	g.Used++
	return g, s.note(tx, &g, a)
}

// best finds the grant that allows and verifies; the error says why the one that comes nearest does not.
func (s *Service) best(q querier, subject credit.Key, who Actor, mayBe func(*Grant) bool, allows func(*Grant) error) (Grant, error) {
	rows, err := q("SELECT "+columns+" FROM consent WHERE subject = $1", string(subject))
	if err != nil {
		return Grant{}, fmt.Errorf("consent: looking for a grant: %w", err)
	}
	all, err := scanAll(rows)
	if err != nil {
		return Grant{}, err
	}
	why := ErrNone
	for i := range all {
		g := &all[i]
		if !mayBe(g) {
			continue
		}
		no := allows(g)
		if no == nil {
			no = s.verified(q, g, who)
		}
		if _, known := Why(no); no != nil && !known {
			return Grant{}, no
		}
		if no == nil {
			return *g, nil
		}
		if slices.Index(reasons, no) > slices.Index(reasons, why) {
			why = no
		}
	}
	return Grant{}, why
}

// verified is verify, with what does not hold noted.
func (s *Service) verified(q querier, g *Grant, who Actor) error {
	err := s.verify(q, g)
	if errors.Is(err, ErrSeal) || errors.Is(err, ErrWithdrawn) {
		s.broken.add(Broken{*g, who})
	}
	return err
}

// Stands tells why what was made under a grant may no longer be read: consent.ErrNone when there is no such grant. That its
// times are used up does not matter.
func (s *Service) Stands(ctx context.Context, subject credit.Key, id string) error {
	g, err := s.Get(ctx, subject, id)
	if err != nil {
		return err
	}
	if why := g.Over(s.today()); why != nil && !errors.Is(why, ErrUsedUp) {
		return why
	}
	q := func(query string, args ...any) (*sql.Rows, error) { return s.db.Query(ctx, query, args...) }
	return s.verified(q, &g, Actor{})
}
