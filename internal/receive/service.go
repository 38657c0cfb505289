package receive

import (
	"context"
	"embed"
	"io/fs"
	"slices"
	"time"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config is what a Service is made of.
type Config struct {
	DB      *store.DB
	Reports Reports
	Consent *consent.Service
	Outbox  *outbox.Outbox
	// Domains lists what a need may name.
	Domains func() []Domain
	// Name is a subject's present name, empty for one that is not known.
	Name func(ctx context.Context, key credit.Key) (string, error)
	// Find is the key of a subject by its code or legacy number.
	Find func(ctx context.Context, text string) (credit.Key, bool, error)
	Key  []byte // 32 bytes under which secrets of webhooks are kept
	Live bool   // a webhook must be public and https
	Now  func() time.Time
}

// Domain is a domain of a report.
type Domain struct{ ID, Name string }

// Service is the desk. It is safe for concurrent use.
type Service struct {
	c        Config
	db       *store.DB
	purposes purposes
}

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	s := &Service{c: c, db: c.DB}
	if s.purposes, err = readPurposes(purposesYAML); err != nil {
		return nil, err
	}
	return s, s.db.Migrate(ctx, "receive", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

func (s *Service) domainName(id string) string {
	for _, d := range s.c.Domains() {
		if d.ID == id {
			return d.Name
		}
	}
	return id
}

// Receiver is who drops papers: everybody who acts for one organisation is one receiver.
type Receiver struct {
	ID     consent.Grantee
	Name   string
	Whom   []consent.Grantee // under which a subject may have allowed it
	Access audit.Actor       // as subjects see it
}

func (r *Receiver) has(g consent.Grantee) bool { return slices.Contains(r.Whom, g) }

func (r *Receiver) entry(now time.Time, key credit.Key, action audit.Action, purpose, number string) audit.Entry {
	return audit.Entry{Subject: key, At: now, Actor: r.Access, Action: action, Purpose: purpose, Document: number}
}
