package mandate

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"time"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Service answers what an agent may do, and counts what it does. It is safe for concurrent use.
type Service struct {
	db      *store.DB
	consent *consent.Service
	now     func() time.Time

	requests Requests
}

// New brings the table up to date.
func New(ctx context.Context, db *store.DB, grants *consent.Service, now func() time.Time) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{db: db, consent: grants, now: now}, db.Migrate(ctx, "mandate", files)
}

// grantees is under which names a person may have been allowed: the account, and each organisation that it
// acts for.
func grantees(me account.Principal) []consent.Grantee {
	if !me.SignedIn() {
		return nil
	}
	all := []consent.Grantee{consent.AccountGrantee(me.ID)}
	for _, k := range me.Subjects {
		all = append(all, consent.OrganisationGrantee(k))
	}
	return all
}

// grantPage is how many grants are read at once.
const grantPage = 200

// inForce gives the grants of a scope to a person that stand at this moment and have a use left, until yield wants no more.
func (s *Service) inForce(ctx context.Context, me account.Principal, scope consent.Scope, yield func(*consent.Grant) bool) error {
	today := credit.DateOf(s.now())
	for _, who := range grantees(me) {
		before := ""
		for {
			some, err := s.consent.InForce(ctx, who, scope, before, grantPage)
			if err != nil {
				return err
			}
			for i := range some {
				if some[i].Over(today) == nil && !yield(&some[i]) {
					return nil
				}
			}
			if len(some) < grantPage {
				break
			}
			before = some[len(some)-1].ID
		}
	}
	return nil
}

// ActsFor lists all subjects in whose name the person may ask for reports at this moment, for a purpose; an empty one
// is any.
func (s *Service) ActsFor(ctx context.Context, me account.Principal, purpose string) ([]credit.Key, error) {
	all, _, err := s.Mandated(ctx, me, purpose, math.MaxInt)
	return all, err
}

// Mandated lists up to limit of the subjects of ActsFor, newest grant first; more tells that there are others.
func (s *Service) Mandated(ctx context.Context, me account.Principal, purpose string, limit int) (all []credit.Key, more bool, err error) {
	seen := map[credit.Key]bool{}
	err = s.inForce(ctx, me, consent.Ask, func(g *consent.Grant) bool {
		if seen[g.Subject] || purpose != "" && purpose != g.Purpose || me.MayActFor(g.Subject) {
			return true
		}
		if len(all) == limit {
			more = true
			return false
		}
		seen[g.Subject] = true
		all = append(all, g.Subject)
		return true
	})
	return all, more, err
}

// Reaches returns nil when the person has a grant to act for a subject, for a purpose or, where none is named, for any.
func (s *Service) Reaches(ctx context.Context, me account.Principal, key credit.Key, purpose string) error {
	return s.consent.Reaches(ctx, key, grantees(me), consent.Ask, purpose)
}

// Check tells, without counting, whether Use would be allowed.
func (s *Service) Check(ctx context.Context, me account.Principal, key credit.Key, purpose, edition string) error {
	return s.MayAct(ctx, me, key, consent.Act{Purpose: purpose, Edition: edition})
}

// MayAct tells, without counting, whether UseAs would be allowed.
func (s *Service) MayAct(ctx context.Context, me account.Principal, key credit.Key, act consent.Act) error {
	_, err := s.consent.Permits(ctx, key, grantees(me), actOf(me, act))
	return err
}

// Use counts one use in the transaction that issues a report of all domains. It refuses as the grants stand at that moment.
func (s *Service) Use(tx *store.Tx, me account.Principal, key credit.Key, purpose, edition, number string) error {
	return s.UseAs(tx, me, key, consent.Act{Purpose: purpose, Edition: edition, Document: number})
}

// actOf is an act in a subject's name by a person.
func actOf(me account.Principal, act consent.Act) consent.Act {
	act.Scope, act.Kind, act.Who = consent.Ask, consent.Report, consent.Actor{ID: me.ID, Name: me.Name}
	return act
}

// UseAs counts one use for an act in the transaction that issues its document. It refuses as the grants stand at that moment.
// The same document once more, under a grant that still stands, is no use more.
func (s *Service) UseAs(tx *store.Tx, me account.Principal, key credit.Key, act consent.Act) error {
	if again, err := s.had(tx, me, act.Document); err != nil || again {
		return err
	}
	g, err := s.consent.Apply(tx, key, grantees(me), actOf(me, act))
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO mandate_document (grantee, number, subject, grant_id, edition, purpose, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (grantee, number) DO UPDATE SET grant_id = excluded.grant_id, at = excluded.at`,
		string(g.Grantee), act.Document, string(key), g.ID, act.Edition, act.Purpose, s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("mandate: noting a document: %w", err)
	}
	return nil
}

// MayRead returns nil when the person asked for the document under a grant that still stands; otherwise the reason:
// consent.ErrNone when it never asked, consent.ErrWithdrawn or consent.ErrExpired.
func (s *Service) MayRead(ctx context.Context, me account.Principal, number string) error {
	why := consent.ErrNone
	for _, who := range grantees(me) {
		var subject credit.Key
		var id string
		err := s.db.QueryRow(ctx, "SELECT subject, grant_id FROM mandate_document WHERE grantee = $1 AND number = $2", string(who), number).Scan(&subject, &id)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("mandate: looking up a document: %w", err)
		}
		if why, err = s.stands(ctx, subject, id); err != nil || why == nil {
			return err
		}
	}
	return why
}

// stands tells why what was made under a grant may no longer be read; nil when it may.
func (s *Service) stands(ctx context.Context, subject credit.Key, id string) (why, err error) {
	err = s.consent.Stands(ctx, subject, id)
	if no, ok := consent.Why(err); ok {
		return no, nil
	}
	return nil, err
}

// document is one that an agent asked for.
type document struct {
	Number, Edition, Purpose string
	Subject                  credit.Key
	Grant                    string
	At                       int64 // UTC ms
}

func (s *Service) documents(rows *sql.Rows, err error) ([]document, error) {
	if err != nil {
		return nil, fmt.Errorf("mandate: listing documents: %w", err)
	}
	defer rows.Close()
	var all []document
	for rows.Next() {
		var d document
		if err := rows.Scan(&d.Number, &d.Subject, &d.Grant, &d.Edition, &d.Purpose, &d.At); err != nil {
			return nil, fmt.Errorf("mandate: listing documents: %w", err)
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

const documentColumns = "number, subject, grant_id, edition, purpose, at"

// mine lists the newest documents that the person asked for in others' names.
func (s *Service) mine(ctx context.Context, me account.Principal, limit int) (all []document, err error) {
	for _, who := range grantees(me) {
		found, err := s.documents(s.db.Query(ctx, "SELECT "+documentColumns+" FROM mandate_document WHERE grantee = $1 ORDER BY number DESC LIMIT $2",
			string(who), int64(limit)))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b document) int { return int(b.At - a.At) })
	return all[:min(limit, len(all))], nil
}
