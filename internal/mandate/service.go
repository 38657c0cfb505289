package mandate

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
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
}

// New brings the table up to date.
func New(ctx context.Context, db *store.DB, grants *consent.Service, now func() time.Time) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{db, grants, now}, db.Migrate(ctx, "mandate", files)
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

// grantPage is how many grants are read at once, and mostGrants how many of one agent are looked at.
const grantPage, mostGrants = 200, 5000

// toMe lists the grants to a person, those that are over too.
func (s *Service) toMe(ctx context.Context, me account.Principal) (all []consent.Grant, err error) {
	for _, who := range grantees(me) {
		after := ""
		for len(all) < mostGrants {
			page, err := s.consent.ToGrantee(ctx, who, after, grantPage)
			if err != nil {
				return nil, err
			}
			all = append(all, page...)
			if len(page) < grantPage {
				break
			}
			after = page[len(page)-1].ID
		}
	}
	return all, nil
}

// ActsFor lists the subjects in whose name the person may ask for reports at this moment, for a purpose; an empty one
// is any.
func (s *Service) ActsFor(ctx context.Context, me account.Principal, purpose string) ([]credit.Key, error) {
	grants, err := s.toMe(ctx, me)
	if err != nil {
		return nil, err
	}
	today := credit.DateOf(s.now())
	var keys []credit.Key
	for _, g := range grants {
		if g.Scope == consent.Ask && (purpose == "" || g.Purpose == purpose) && g.Over(today) == nil && !slices.Contains(me.Subjects, g.Subject) && !slices.Contains(keys, g.Subject) {
			keys = append(keys, g.Subject)
		}
	}
	return keys, nil
}

// Check tells, without counting, whether the person may ask for a report in the subject's name.
func (s *Service) Check(ctx context.Context, me account.Principal, key credit.Key, purpose, edition string) error {
	err := s.consent.Allowed(ctx, key, grantees(me), consent.Ask, purpose, edition)
	if err == nil && purpose == "" { // who was never allowed is told so, not that a purpose is missing
		return consent.ErrOutside
	}
	return err
}

// Use counts one use in the transaction that issues the document. It refuses as the grants stand at that moment.
// A use without a purpose is outside every grant. The same document once more, under a grant that still stands, is no use more.
func (s *Service) Use(tx *store.Tx, me account.Principal, key credit.Key, purpose, edition, number string) error {
	if purpose == "" {
		return consent.ErrOutside
	}
	if again, err := s.had(tx, me, number); err != nil || again {
		return err
	}
	g, err := s.consent.Use(tx, key, grantees(me), consent.Ask, purpose, edition)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO mandate_document (grantee, number, subject, grant_id, edition, purpose, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (grantee, number) DO UPDATE SET grant_id = excluded.grant_id, at = excluded.at`,
		string(g.Grantee), number, string(key), g.ID, edition, purpose, s.now().UnixMilli())
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
	grants, err := s.consent.Given(ctx, subject)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(grants, func(g consent.Grant) bool { return g.ID == id })
	if i < 0 {
		return consent.ErrNone, nil
	}
	if why := grants[i].Over(credit.DateOf(s.now())); why != nil && !errors.Is(why, consent.ErrUsedUp) {
		return why, nil
	}
	return nil, nil
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

// under lists the newest documents asked for under a grant.
func (s *Service) under(ctx context.Context, g *consent.Grant, limit int) ([]document, error) {
	return s.documents(s.db.Query(ctx, "SELECT "+documentColumns+` FROM mandate_document WHERE grantee = $1 AND grant_id = $2
		ORDER BY number DESC LIMIT $3`, string(g.Grantee), g.ID, int64(limit)))
}
