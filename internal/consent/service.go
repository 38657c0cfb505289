package consent

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Service keeps the grants. It is safe for concurrent use.
type Service struct {
	db     *store.DB
	now    func() time.Time
	sealer Sealer
	shows  func(edition string) Level
	held   held
	broken brokenList
}

// New brings the tables up to date.
func New(ctx context.Context, db *store.DB, now func() time.Time) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{db: db, now: now}, db.Migrate(ctx, "consent", files)
}

// SealWith has every grant and withdrawal sealed from now on, and every grant verified before it is used. It is called
// once, before the service is used.
func (s *Service) SealWith(sealer Sealer) { s.sealer = sealer }

// ShowsBy tells the service how much a report of an edition shows; without it, everything.
func (s *Service) ShowsBy(edition func(edition string) Level) { s.shows = edition }

func (s *Service) today() credit.Date { return credit.DateOf(s.now()) }

// newID begins with the instant, so that later ones sort after earlier.
func newID(now time.Time) string { return fmt.Sprintf("%013d%s", ms(now), rand.Text()[:12]) }

// Give keeps a signed grant in the caller's transaction and gives it its number. What is wrong with it is
// an error whose text is shown.
func (s *Service) Give(tx *store.Tx, g *Grant) error {
	if err := g.check(s.today()); err != nil {
		return err
	}
	now := s.now()
	g.ID, g.Given, g.Used, g.Withdrawn = newID(now), ms(now), 0, 0
	editions, domains, signature, err := g.encode()
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO consent ("+columns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, 0, $15)",
		string(g.Subject), g.ID, string(g.Grantee), g.Name, string(g.Scope), g.Purpose, editions, domains, int64(g.From), int64(g.To), string(g.Level),
		g.Uses, g.Given, int64(g.Until), signature)
	if err == nil {
		_, err = tx.Exec("INSERT INTO consent_grantee (grantee, id, subject, scope, until, withdrawn) VALUES ($1, $2, $3, $4, $5, 0)",
			string(g.Grantee), g.ID, string(g.Subject), string(g.Scope), int64(g.Until))
	}
	if err != nil {
		return fmt.Errorf("consent: keeping a grant: %w", err)
	}
	return s.seal(tx, g, given, g.Given, Actor{})
}

// Withdraw ends a grant at once, in the caller's transaction; nobody that is known did it. One that was withdrawn stays so.
func (s *Service) Withdraw(tx *store.Tx, subject credit.Key, id string) error {
	return s.WithdrawBy(tx, subject, id, Actor{})
}

// WithdrawBy is Withdraw by somebody, whose name is sealed with it.
func (s *Service) WithdrawBy(tx *store.Tx, subject credit.Key, id string, by Actor) error {
	g, err := scan(tx.QueryRow("SELECT "+columns+" FROM consent WHERE subject = $1 AND id = $2", string(subject), id))
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone
	}
	if err != nil {
		return fmt.Errorf("consent: reading a grant: %w", err)
	}
	at := ms(s.now())
	n, err := tx.Exec("UPDATE consent SET withdrawn = $1 WHERE subject = $2 AND id = $3 AND withdrawn = 0", at, string(subject), id)
	if err == nil && n == 0 {
		return ErrNone
	}
	if err == nil {
		_, err = tx.Exec("UPDATE consent_grantee SET withdrawn = $1 WHERE grantee = $2 AND id = $3", at, string(g.Grantee), id)
	}
	if err != nil {
		return fmt.Errorf("consent: withdrawing a grant: %w", err)
	}
	return s.seal(tx, &g, withdrawn, at, by)
}
