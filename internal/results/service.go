package results

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/tally"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Names says how domains are called.
type Names interface {
	Domain(id string) string
}

// Config is what a Service is made of.
type Config struct {
	DB    *store.DB
	Tally *tally.Tally
	Names Names
	Now   func() time.Time
}

// Service reads the results. It is safe for concurrent use.
type Service struct{ c Config }

// New brings the tables up to date and returns the service.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{c}, c.DB.Migrate(ctx, "results", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

// begun is the first day that is asked for when nobody names one: before there was anything to count.
const begun = credit.Date(20200101)
