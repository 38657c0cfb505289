package hall

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/problem"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Order is the report that is asked for.
type Order struct {
	Key     credit.Key
	Purpose Purpose
	Within  func(tx *store.Tx, number string) error // in the transaction that issues
}

// Purpose is what a report is for; it decides the edition. Its name is the message report.purpose.ID.
type Purpose struct {
	ID      string
	Printed string // as it stands on the paper
	Edition string // the name is the message report.edition.Edition
}

// Sheet is an issued report as a hall shows it.
type Sheet struct {
	Number, Code string
	Subject      credit.Key
	Name         string
	Edition      string
	Purpose      string // as printed
	Conclusion   string // none, found or incomplete
	From, To     credit.Date
	Issued       time.Time
	Asked        int // domains
	Answered     int
	FoundIn      int      // domains
	Found        []Found  // what was found where
	Unanswered   []string // names of domains
	Withdrawn    bool     // it is not handed out any more
	PDF          []byte
}

// Found is how many records a domain has.
type Found struct {
	Domain  string
	Records int
}

// Reports makes reports; the report capability does.
type Reports interface {
	Purposes() []Purpose
	Issue(ctx context.Context, o Order, who audit.Actor) (*Sheet, error)
	Sheet(ctx context.Context, number string) (*Sheet, error)        // ErrNoReport when there is none
	ByCode(ctx context.Context, number, code string) (*Sheet, error) // ErrNoReport also where the code is another's
	Numbers(ctx context.Context, key credit.Key, limit int) ([]Line, error)
}

// Line is a report in a list.
type Line struct {
	Number  string
	Edition string
	Purpose string
	Issued  time.Time
}

// ErrNoReport says that there is no such report.
var ErrNoReport = errors.New("hall: no such report")

// Config is what the service stands on. Reader and Printer may be nil where there are no kiosks.
type Config struct {
	Ledger  *ledger.Ledger
	Consent *consent.Service
	Reports Reports
	Reader  Reader
	Printer Printer
	Now     func() time.Time
	Log     *slog.Logger // nil is slog.Default
}

// Service gives reports without accounts. It is safe for concurrent use.
type Service struct {
	Config
	db *store.DB
}

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Service{c, c.Ledger.DB()}
	return s, s.db.Migrate(ctx, "hall", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.Now()) }

func (s *Service) purpose(id string) (Purpose, bool) {
	for _, p := range s.Reports.Purposes() {
		if p.ID == id {
			return p, true
		}
	}
	return Purpose{}, false
}

// actorAt is who acts, with the place as the channel.
func actorAt(p account.Principal, place Place) audit.Actor {
	return audit.Actor(p.Actor()).By(audit.Channel(place))
}

// actorOf is who acts at a visit, and whom it served: the subject learns that somebody came for it, and as what.
func actorOf(p account.Principal, v *Visit) audit.Actor {
	a := actorAt(p, v.Place)
	if who := v.Person.who(); who != "" {
		a.Name += "，办事人：" + who
	}
	return a
}

// log writes one entry of the subject's access log.
func (s *Service) log(ctx context.Context, who audit.Actor, key credit.Key, action audit.Action, document string) error {
	e := audit.Entry{Subject: key, At: s.Now(), Actor: who, Action: action, Document: document}
	if err := s.db.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, e) }); err != nil {
		return fmt.Errorf("hall: recording an access: %w", err)
	}
	return nil
}

// foundRows is how many subjects of one name are offered.
const foundRows = 20

// find returns the subjects that somebody means by a code, a number or an exact name, a person only by the number of
// an identity document.
func (s *Service) find(ctx context.Context, text string) ([]ledger.Subject, error) {
	if number, ok := credit.ParsePersonNumber(text); ok {
		key, ok, err := s.Ledger.FindPerson(ctx, number)
		if err != nil || !ok {
			return nil, err
		}
		subject, ok, err := s.Ledger.Subject(ctx, key)
		if err != nil || !ok {
			return nil, err
		}
		return []ledger.Subject{subject}, nil
	}
	all, err := s.Ledger.Find(ctx, text, foundRows)
	var firms []ledger.Subject
	for _, x := range all {
		if !x.Key.Person() {
			firms = append(firms, x)
		}
	}
	return firms, err
}

// nameOf is the subject's present name in full: it is signed for.
func (s *Service) nameOf(ctx context.Context, key credit.Key) (string, error) {
	st, _, err := s.Ledger.Standing(ctx, key, s.today(), nil)
	if err != nil {
		return "", err
	}
	if st.Name != "" {
		return st.Name, nil
	}
	x, _, err := s.Ledger.Subject(ctx, key)
	return x.Name, err
}

// begin opens a visit for a subject and notes in its access log that it was found.
func (s *Service) begin(ctx context.Context, me account.Principal, place Place, key credit.Key, person Person, also func(*store.Tx, *Visit) error) (*Visit, error) {
	v := &Visit{ID: newID(), Subject: key, Place: place, Clerk: me.ID, ClerkName: me.Name, Begun: s.Now().UnixMilli(), State: Open, Person: person}
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		if err := s.insert(tx, v); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx, v); err != nil {
				return err
			}
		}
		return audit.Record(tx, audit.Entry{Subject: key, At: s.Now(), Actor: actorAt(me, place), Action: audit.Search})
	})
	return v, err
}

// identify keeps who stands there and what the report is for. A person that asks for itself shows the number under which it
// was found; with another document than the identity card that is for the clerk to see.
func (s *Service) identify(ctx context.Context, v *Visit, p Person, purpose string) error {
	if number, ok := credit.ParsePersonNumber(p.Number); p.Capacity == Self && p.Document == "resident" {
		key, known, err := s.Ledger.FindPerson(ctx, number)
		if err != nil {
			return err
		}
		if !ok || !known || key != v.Subject {
			return fieldWrong("number", "hall.number.another")
		}
	}
	v.Person = p
	if v.Reprint() { // the consent was given when the report was issued
		return s.move(ctx, v, Issued, nil, Open)
	}
	v.Purpose = purpose
	return s.move(ctx, v, Known, nil, Open, Known)
}

// grant is the consent that the person is asked for: to this window, once, today.
func (s *Service) grant(v *Visit) (consent.Grant, error) {
	p, ok := s.purpose(v.Purpose)
	if !ok {
		return consent.Grant{}, errors.New("hall: a visit without a purpose")
	}
	return consent.Grant{Subject: v.Subject, Grantee: consent.AccountGrantee(v.Clerk), Name: v.ClerkName, Scope: consent.Ask,
		Purpose: p.Printed, Editions: []string{p.Edition}, Uses: 1, Until: s.today()}, nil
}

// words are what is signed.
func (s *Service) words(ctx context.Context, v *Visit) (string, error) {
	g, err := s.grant(v)
	if err != nil {
		return "", err
	}
	name, err := s.nameOf(ctx, v.Subject)
	if name == "" && v.Subject.Person() && v.Person.Capacity == Self {
		name = v.Person.Name // as it was checked at the window
	}
	return g.Text(name) + v.Person.signed(), err
}

// sign gives the consent and keeps what was signed.
func (s *Service) sign(ctx context.Context, v *Visit, method consent.Method, paper, authority *Paper) error {
	if (v.Person.Capacity == Agent) != (authority != nil) {
		return fieldWrong("authority", "hall.authority.missing")
	}
	g, err := s.grant(v)
	if err != nil {
		return err
	}
	words, err := s.words(ctx, v)
	if err != nil {
		return err
	}
	g.Signature = consent.Signature{Text: words, By: v.Clerk, Name: v.Person.MaskedName(), At: s.Now().UnixMilli(), Method: method}
	if paper != nil {
		g.Signature.Proof = paper.Digest()
	}
	v.Method, v.Proof = method, g.Signature.Proof
	return s.move(ctx, v, Signed, func(tx *store.Tx) error {
		if err := s.Consent.Give(tx, &g); err != nil {
			return err
		}
		v.Grant = g.ID
		return errors.Join(s.keepPaper(tx, "hall_paper", v, paper), s.keepPaper(tx, "hall_authority", v, authority))
	}, Known)
}

// issue makes the report with the consent, which is used in the transaction that issues.
func (s *Service) issue(ctx context.Context, me account.Principal, v *Visit) (*Sheet, error) {
	p, ok := s.purpose(v.Purpose)
	if !ok || v.State != Signed {
		return nil, wrongState()
	}
	return s.Reports.Issue(ctx, Order{Key: v.Subject, Purpose: p, Within: func(tx *store.Tx, number string) error {
		who := []consent.Grantee{consent.AccountGrantee(v.Clerk)}
		act := consent.Act{Scope: consent.Ask, Purpose: p.Printed, Edition: p.Edition, Who: consent.Actor{ID: me.ID, Name: me.Name}, Document: number}
		if _, err := s.Consent.ApplyGrant(tx, v.Subject, v.Grant, who, act); err != nil { // the visit's own, not another to this window
			return refusedBy(err)
		}
		v.Document = number
		return s.update(tx, v, Issued, Signed)
	}}, actorOf(me, v))
}

// refusedBy tells why a consent does not allow the report.
func refusedBy(err error) error {
	if why, ok := consent.Why(err); ok {
		return problem.New(http.StatusConflict, "consent", why.Error())
	}
	return err
}

// finish closes a visit (办结). One that is closed stays so. A consent that was not used ends with it.
func (s *Service) finish(ctx context.Context, v *Visit) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error { return s.close(tx, v) })
}

func (s *Service) close(tx *store.Tx, v *Visit) error {
	v.Ended = s.Now().UnixMilli()
	if v.Grant != "" && v.Document == "" {
		if err := s.Consent.Withdraw(tx, v.Subject, v.Grant); err != nil && !errors.Is(err, consent.ErrNone) {
			return err
		}
	}
	return s.update(tx, v, Closed, Open, Known, Signed, Issued)
}

func wrongState() error { return problem.New(http.StatusConflict, "hall-state") }
