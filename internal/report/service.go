package report

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config is what a Service is made of.
type Config struct {
	Ledger *ledger.Ledger
	// Books returns the adopted rules with a digest; the empty digest asks for those in force.
	Books  func(digest string) (*law.Book, error)
	Organs *law.Register
	Feeds  Feeds
	Checks Checks
	// Statements are what organs say of the gravity of penalties; nil where none are kept.
	Statements Statements
	Keys       *seal.Keys
	Fonts      sheet.Fonts
	Writer     *pdf.Writer
	Now        func() time.Time
	Issuer     string // 出具单位
	Region     string // profile of the region, empty for the default
	Verify     string // address of the page that verifies, in the QR
	Demo       bool   // 演示专用 on every paper
	// Changed, if not nil, is called in the transaction in which a document is changed, replaced or withdrawn, so
	// that whoever holds it is told. It may be called again with the same status.
	Changed func(tx *store.Tx, key credit.Key, number string, status Status) error
}

// Service issues, verifies and replays reports. It is safe for concurrent use.
type Service struct {
	c      Config
	db     *store.DB
	ledger *ledger.Ledger
}

// New brings the tables up to date and returns the service.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	db := c.Ledger.DB()
	if err := db.Migrate(ctx, "report", files); err != nil {
		return nil, err
	}
	if _, err := c.Books(""); err != nil {
		return nil, err
	}
	s := &Service{c: c, db: db, ledger: c.Ledger}
	return s, s.keepRegister(ctx)
}

// book is the rules in force; New has seen that there are some.
func (s *Service) book() *law.Book {
	b, err := s.c.Books("")
	if err != nil {
		panic(err)
	}
	return b
}
