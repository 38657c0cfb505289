package repair

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/form"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/workday"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Effect is what a grant or its revocation means for whoever shows the record.
type Effect struct {
	Subject   credit.Key // under which the facts of the matter lie
	Matter    credit.MatterID
	Ends      bool  // publicity ends; false: the record is shown again
	Seq       int64 // of the fact that says so
	Domain    string
	Reason    string
	Decided   credit.Date
	DocNo     string
	Name      string
	Authority string
	Item      string // number of the item
	On        credit.Date
}

// OnPlatform is how a matter stands on one platform that shows it.
type OnPlatform struct {
	Name      string
	State     string // pending, confirmed, mismatch, letter_sent, replied or overdue
	Since     int64  // UTC ms since which it is told
	Confirmed int64  // UTC ms at which its page agreed, 0 for never
	Why       string // why it does not agree
}

// Told is since when.
func (p OnPlatform) Told() time.Time { return time.UnixMilli(p.Since) }

// Agreed is when the page agreed.
func (p OnPlatform) Agreed() time.Time { return time.UnixMilli(p.Confirmed) }

// Teller tells people, in the transaction, what comes of an application.
type Teller interface {
	// RepairMoved says that an item of an application moved. turn is another for each move.
	RepairMoved(tx *store.Tx, subject credit.Key, asker, application, turn, move string) error
}

// Config is what a Service is made of.
type Config struct {
	DB       *store.DB
	Cases    *casework.Service
	Outbox   *outbox.Outbox
	Ledger   *ledger.Ledger
	Matters  Matters
	Teller   Teller // may be nil
	Organs   *law.Register
	Calendar *workday.Calendar
	Clocks   Clocks
	Forms    *form.Set   // templates of the papers that the system writes; nil for none
	Press    *form.Press // prints them
	Issuer   string      // the credit centre, which seals them
	Progress string      // address of the page that tells progress by query code
	Now      func() time.Time
	// Touch puts subjects whose facts have changed on the queue of the projections, in the transaction.
	Touch func(tx *store.Tx, keys ...credit.Key) error
	// Granted, if not nil, is told in the transaction of each grant and of its revocation: it tells the platforms.
	Granted func(tx *store.Tx, e Effect) error
	// Platforms, if not nil, tells how a matter stands on each platform.
	Platforms func(ctx context.Context, subject credit.Key, matter credit.MatterID) ([]OnPlatform, error)
	// Bar gives the last day on which a subject may not ask after a breach that was found on a day, and the last on which
	// the breach is shown; nil for neither.
	Bar func(found credit.Date) (until, shown credit.Date)
}

// Service keeps applications for repair. It is safe for concurrent use.
type Service struct{ c Config }

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if c.Clocks == (Clocks{}) {
		c.Clocks = DefaultClocks()
	}
	return &Service{c}, c.DB.Migrate(ctx, "repair", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

func by(p account.Principal) casework.By {
	a := p.Actor()
	return casework.By{ID: a.ID, Name: a.Name}
}

// centreDesk is the desk of the credit centre: of bodies that the register does not know, and of what is late.
const centreDesk = "centre"

// deskOf is the desk of the body that decides today.
func (s *Service) deskOf(organ, domain string) string {
	if o, ok := s.c.Organs.Responsible(organ, domain, s.today()); ok && o.Code != "" {
		return "organ:" + o.Code
	}
	return centreDesk
}

// may tells whether a clerk's organ decides an item today.
func (s *Service) may(p account.Principal, d *itemData) error {
	o, ok := s.c.Organs.Responsible(d.Organ, d.Domain, s.today())
	if !ok || o.Code == "" || !p.Has(account.Clerk) || !p.ForOrgan(o.Code) {
		return ErrForbidden
	}
	return nil
}

// purpose is under which the subject finds what was done in its access log.
const purpose = "信用修复"

func (s *Service) log(tx *store.Tx, p account.Principal, subject credit.Key, action audit.Action) error {
	return audit.Record(tx, audit.Entry{Subject: subject, At: s.c.Now(), Actor: audit.Actor(p.Actor()), Action: action, Purpose: purpose})
}
