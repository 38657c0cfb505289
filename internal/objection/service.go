package objection

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/workday"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Matter is a matter to which its subject may object.
type Matter struct {
	ID        string
	Key       credit.Key // under which it lies
	Kind      credit.Kind
	Subject   string // name of the subject
	DocNo     string
	Title     string
	Authority string // determining body, as the register calls it
	Organ     string // its identifier in the register, empty when it is not there
	Domain    string
	Decided   credit.Date
	Gone      bool // annulled or taken back
}

// Mark is what the ledger is told of an objection.
type Mark struct {
	Key    credit.Key
	Kind   credit.Kind
	Matter string
	Closed bool // the dispute ends, else it begins
	Reason string
	Login  string // of who decided it
	Case   string
	On     credit.Date
}

// Matters tells of the matters of a subject, and keeps what becomes of them.
type Matters interface {
	// Matter is one that a subject may see of itself, else [ErrNoMatter].
	Matter(ctx context.Context, subject credit.Key, matter string) (Matter, error)
	// Matters lists those that a subject may see of itself.
	Matters(ctx context.Context, subject credit.Key) ([]Matter, error)
	// Corrections lists what was recorded to change a matter since an instant (UTC ms), the oldest first.
	Corrections(ctx context.Context, key credit.Key, matter string, since int64) ([]Correction, error)
	// Mark notes in the transaction that a dispute begins or ends.
	Mark(tx *store.Tx, m Mark) error
}

// Config is what a Service is made of.
type Config struct {
	DB       *store.DB
	Cases    *casework.Service
	Outbox   *outbox.Outbox
	Matters  Matters
	Change   func(ctx context.Context, fn func(*store.Tx) error) error // a transaction that adds to the ledger
	Organs   *law.Register
	Books    func(digest string) (*law.Book, error)
	Region   string // profile of the region, empty for the default
	Calendar *workday.Calendar
	Now      func() time.Time
	// Tell, if not nil, tells in the transaction whoever objected that the body moved the case. turn is another for each move.
	Tell func(tx *store.Tx, subject credit.Key, asker, id, turn string) error
}

// Service keeps objections. It is safe for concurrent use.
type Service struct{ c Config }

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{c}, c.DB.Migrate(ctx, "objection", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

func (s *Service) region() (*law.Region, error) {
	book, err := s.c.Books("")
	if err != nil {
		return nil, err
	}
	return book.Region(s.c.Region, s.today())
}

func by(p account.Principal) casework.By {
	a := p.Actor()
	return casework.By{ID: a.ID, Name: a.Name}
}

// responsible is the body that answers today for a determination.
func (s *Service) responsible(organ, domain string) (law.Organ, error) {
	o, ok := s.c.Organs.Responsible(organ, domain, s.today())
	if !ok || o.Code == "" {
		return o, ErrNoOrgan
	}
	return o, nil
}

// desk is the desk of a body.
func desk(code string) string { return "organ:" + code }

// purpose is under which the subject finds what was done in its access log.
const purpose = "异议处理"

func (s *Service) log(tx *store.Tx, p account.Principal, subject credit.Key, action audit.Action) error {
	return audit.Record(tx, audit.Entry{Subject: subject, At: s.c.Now(), Actor: audit.Actor(p.Actor()), Action: action, Purpose: purpose})
}

// Filing is what an objector says.
type Filing struct {
	Matter  string
	Ground  Ground
	Reasons string
	Text    string // evidence
	File    string // which file lies with the body
}

func (f *Filing) evidence(on credit.Date) []Evidence {
	if f.Text == "" && f.File == "" {
		return nil
	}
	return []Evidence{{f.Text, f.File, on}}
}

// File opens an objection of a subject. One that repeats a decided one without new evidence, or whose matter is gone, is
// kept and refused at once, with the reason.
func (s *Service) File(ctx context.Context, p account.Principal, subject credit.Key, f Filing) (c casework.Case, err error) {
	if !p.MayActFor(subject) {
		return c, account.ErrForbidden()
	}
	x, err := s.c.Matters.Matter(ctx, subject, f.Matter)
	switch {
	case err != nil:
		return c, err
	case f.Ground.Chinese() == "":
		return c, ErrGround
	case f.Reasons == "":
		return c, ErrReasons
	}
	organ, err := s.responsible(x.Organ, x.Domain)
	if err != nil {
		return c, err
	}
	region, err := s.region()
	if err != nil {
		return c, err
	}
	clock, _ := limitOf(region, clockPlain)
	d := data{Matter: x.ID, Asker: p.ID, Key: x.Key, Kind: x.Kind, Name: x.Subject, DocNo: x.DocNo, Title: x.Title, Authority: x.Authority, Organ: x.Organ, Domain: x.Domain,
		Decided: x.Decided, Ground: f.Ground, Reasons: f.Reasons, Evidence: f.evidence(s.today()), Filed: s.today(), Clock: clock}
	if d.Earlier, err = s.earlier(ctx, subject, &d); err != nil {
		return c, err
	}
	switch {
	case x.Gone:
		d.Refusal = Gone
	case d.Earlier != "":
		d.Refusal = Repeated
	}
	c = casework.Case{Subject: subject, Kind: Kind, Desk: desk(organ.Code), Title: x.DocNo}
	if c.Data, err = json.Marshal(d); err != nil {
		return c, err
	}
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error { return s.open(tx, p, &c, &d) })
	s.c.Outbox.Wake()
	if errors.Is(err, store.ErrConflict) {
		return c, ErrOpen
	}
	if err != nil {
		return c, fmt.Errorf("objection: filing: %w", err)
	}
	return c, nil
}

func (s *Service) open(tx *store.Tx, p account.Principal, c *casework.Case, d *data) error {
	if err := s.c.Cases.Open(tx, c, by(p), ""); err != nil {
		return err
	}
	if err := s.log(tx, p, c.Subject, audit.Amend); err != nil {
		return err
	}
	if d.Refusal != "" {
		return s.c.Cases.Move(tx, c, "refuse", casework.By{ID: "system", Name: "系统"}, d.Refusal.Chinese())
	}
	if _, err := tx.Exec("INSERT INTO objection_open (subject, matter, id) VALUES ($1, $2, $3)", string(c.Subject), d.Matter, c.ID); err != nil {
		return err
	}
	if err := s.set(tx, c, d); err != nil {
		return err
	}
	return s.write(tx, c, c.Desk, Message{Kind: askedName, Link: href(c), Day: d.Clock.due(s.c.Calendar, d.Filed).Date})
}

// may tells whether a clerk's body answers for a case today.
func (s *Service) may(p account.Principal, c *casework.Case) error {
	d, err := dataOf(c)
	if err != nil {
		return err
	}
	o, err := s.responsible(d.Organ, d.Domain)
	if err != nil {
		return err
	}
	if !p.Has(account.Clerk) || !p.ForOrgan(o.Code) {
		return ErrNotYours
	}
	return nil
}
