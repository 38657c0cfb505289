package statement

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
	"xinban/internal/law"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/workday"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Matters tells of the penalties that a subject may see of itself. One that it may not see, or that is not
// there, is [ErrNoPenalty].
type Matters interface {
	Penalty(ctx context.Context, subject credit.Key, matter string) (Penalty, error)
}

// Teller tells people, in the transaction, what comes of a request: who asked, and the followers of the subject.
type Teller interface {
	// StatementAnswered says that a statement was answered or changed. number names the answer, id the request.
	StatementAnswered(tx *store.Tx, subject credit.Key, asker, number, id string) error
	// StatementLate says that the organ did not answer in time and the centre was told.
	StatementLate(tx *store.Tx, subject credit.Key, asker, id string) error
}

// Config is what a Service is made of.
type Config struct {
	DB       *store.DB
	Cases    *casework.Service
	Outbox   *outbox.Outbox
	Matters  Matters
	Teller   Teller
	Organs   *law.Register
	Books    func(digest string) (*law.Book, error)
	Region   string // profile of the region, empty for the default
	Calendar *workday.Calendar
	Days     int // working days where the region sets no limit, 0 for [DefaultDays]
	Keys     *seal.Keys
	Fonts    sheet.Fonts
	Writer   *pdf.Writer
	Now      func() time.Time
	Issuer   string // who keeps the seal
	Verify   string // address of the page that verifies, in the QR
	Demo     bool
	// Changed, if not nil, is told in the transaction that a statement of a subject was replaced or withdrawn: documents
	// that name its number have changed.
	Changed func(ctx context.Context, tx *store.Tx, subject credit.Key, number string) error
}

// Service keeps requests and statements. It is safe for concurrent use.
type Service struct{ c Config }

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if c.Days == 0 {
		c.Days = DefaultDays
	}
	if err := c.DB.Migrate(ctx, "statement", files); err != nil {
		return nil, err
	}
	s := &Service{c}
	return s, s.fill(ctx)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

func by(p account.Principal) casework.By {
	a := p.Actor()
	return casework.By{ID: a.ID, Name: a.Name}
}

// responsible is the organ that answers today for a decision.
func (s *Service) responsible(organ, domain string) (law.Organ, error) {
	o, ok := s.c.Organs.Responsible(organ, domain, s.today())
	if !ok || o.Code == "" {
		return o, ErrNoOrgan
	}
	return o, nil
}

// desk is the desk of an organ.
func desk(code string) string { return "organ:" + code }

// Ask opens a request of a subject about one of its penalties, and returns the case.
func (s *Service) Ask(ctx context.Context, p account.Principal, subject credit.Key, matter, why string) (casework.Case, error) {
	var c casework.Case
	x, err := s.c.Matters.Penalty(ctx, subject, matter)
	if err != nil {
		return c, err
	}
	organ, err := s.responsible(x.Organ, x.Domain)
	if err != nil {
		return c, err
	}
	if has, err := s.validFor(ctx, subject, matter); err != nil || has {
		return c, errors.Join(err, onlyIf(has, ErrHas))
	}
	book, err := s.c.Books("")
	if err != nil {
		return c, err
	}
	region, err := book.Region(s.c.Region, s.today())
	if err != nil {
		return c, err
	}
	l := limitOf(region, s.c.Days)
	d := data{Matter: matter, Name: x.Subject, DocNo: x.DocNo, Title: x.Title, Authority: x.Authority, Organ: x.Organ, Domain: x.Domain, DomainName: x.DomainName,
		Decided: x.Decided, Content: x.Content, Why: why, Asker: p.ID, Days: l.days, Working: l.working, Source: l.source, Sureness: l.sureness}
	c = casework.Case{Subject: subject, Kind: Kind, Desk: desk(organ.Code), Title: x.DocNo}
	if c.Data, err = json.Marshal(d); err != nil {
		return c, err
	}
	due := l.due(s.c.Calendar, s.today())
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error { return s.open(tx, p, &c, &d, organ.Code, due) })
	s.c.Outbox.Wake()
	if errors.Is(err, store.ErrConflict) {
		return c, ErrOpen
	}
	if err != nil {
		return c, fmt.Errorf("statement: asking: %w", err)
	}
	return c, nil
}

func onlyIf(yes bool, err error) error {
	if yes {
		return err
	}
	return nil
}

func (s *Service) open(tx *store.Tx, p account.Principal, c *casework.Case, d *data, organ string, due workday.Result) error {
	if err := s.c.Cases.Open(tx, c, by(p), ""); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO statement_open (subject, matter, id) VALUES ($1, $2, $3)", string(c.Subject), d.Matter, c.ID); err != nil {
		return err
	}
	if err := list(tx, c, d, organ); err != nil {
		return err
	}
	if err := s.write(tx, c, c.Desk, Reminder{Kind: askedName, Link: href(c), Day: due.Date}); err != nil {
		return err
	}
	days := []casework.Deadline{{Name: dueName, Due: due.Date, Provisional: due.Provisional}}
	for name, day := range reminders(s.c.Calendar, due) {
		days = append(days, casework.Deadline{Name: name, Due: day})
	}
	for _, d := range days {
		d.Subject, d.Case = c.Subject, c.ID
		if err := s.c.Cases.Set(tx, d); err != nil {
			return err
		}
	}
	return s.log(tx, p, c.Subject, audit.Amend, "")
}

// purpose is under which the subject finds what was done in its access log.
const purpose = "情节说明"

func (s *Service) log(tx *store.Tx, p account.Principal, subject credit.Key, action audit.Action, document string) error {
	return audit.Record(tx, audit.Entry{Subject: subject, At: s.c.Now(), Actor: audit.Actor(p.Actor()), Action: action, Purpose: purpose, Document: document})
}

// end moves a case to an end and frees its matter for another request.
func (s *Service) end(tx *store.Tx, c *casework.Case, move string, p account.Principal, note string) error {
	d, err := dataOf(c)
	if err != nil {
		return err
	}
	if err := s.c.Cases.Move(tx, c, move, by(p), note); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM statement_open WHERE subject = $1 AND matter = $2 AND id = $3", string(c.Subject), d.Matter, c.ID); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE statement_row SET closed = $1 WHERE subject = $2 AND id = $3", c.Closed, string(c.Subject), c.ID)
	return err
}

// Withdraw ends a request by its asker.
func (s *Service) Withdraw(ctx context.Context, p account.Principal, c *casework.Case) error {
	if !p.MayActFor(c.Subject) {
		return account.ErrForbidden()
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if err := s.end(tx, c, "withdraw", p, ""); err != nil {
			return err
		}
		return s.log(tx, p, c.Subject, audit.Amend, "")
	})
}

// Refuse ends a request by the organ, with a reason; nothing is signed.
func (s *Service) Refuse(ctx context.Context, p account.Principal, c *casework.Case, why string) error {
	if err := s.may(p, c); err != nil {
		return err
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if err := s.end(tx, c, "refuse", p, why); err != nil {
			return err
		}
		if err := s.tell(tx, c, "refused:"+c.ID); err != nil {
			return err
		}
		return s.log(tx, p, c.Subject, audit.Amend, "")
	})
}

func (s *Service) tell(tx *store.Tx, c *casework.Case, number string) error {
	d, err := dataOf(c)
	if err != nil || s.c.Teller == nil {
		return err
	}
	return s.c.Teller.StatementAnswered(tx, c.Subject, d.Asker, number, c.ID)
}

// may tells whether a clerk's organ answers for a case today.
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

// Answer is what an organ finds.
type Answer struct {
	Verdict Verdict
	Reasons string
	Basis   string // the legal basis, as text
	Why     string // why it replaces an older statement; empty for a first one
}

// sign makes the document of an answer. replaces is the number of the older one.
func (s *Service) sign(p account.Principal, c *casework.Case, a Answer, replaces string) (*Signed, error) {
	d, err := dataOf(c)
	if err != nil {
		return nil, err
	}
	organ, err := s.responsible(d.Organ, d.Domain)
	if err != nil {
		return nil, err
	}
	now := s.c.Now()
	content := Content{Kind: contentKind, Version: ContentVersion, Number: newNumber(now), Code: random(8), Subject: c.Subject, Name: d.Name, Matter: d.Matter,
		DocNo: d.DocNo, DecidedOn: d.Decided, Authority: d.Authority, Organ: organ.Name, OrganCode: organ.Code, Verdict: a.Verdict,
		Reasons: strings.TrimSpace(a.Reasons), Basis: strings.TrimSpace(a.Basis), SignedBy: p.Login, SignedAt: now.In(credit.Shanghai).Format(time.RFC3339),
		Request: c.ID, Replaces: replaces, Why: strings.TrimSpace(a.Why), Issuer: s.c.Issuer, Demo: s.c.Demo}
	return s.make(content, now)
}

// Answer ends a request with a signed statement and returns its number. Whoever calls it has asked for the
// password again.
func (s *Service) Answer(ctx context.Context, p account.Principal, c *casework.Case, a Answer) (string, error) {
	if err := s.may(p, c); err != nil {
		return "", err
	}
	doc, err := s.sign(p, c, a, "")
	if err != nil {
		return "", err
	}
	return doc.Content.Number, s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if err := s.end(tx, c, "answer", p, doc.Content.Number); err != nil {
			return err
		}
		if err := errors.Join(s.keep(tx, doc), found(tx, c, doc.Content.Number)); err != nil {
			return err
		}
		if err := s.tell(tx, c, doc.Content.Number); err != nil {
			return err
		}
		return s.log(tx, p, c.Subject, audit.Issue, doc.Content.Number)
	})
}

// Replace signs a newer statement in place of one that stands, with the reason in a.Why.
func (s *Service) Replace(ctx context.Context, p account.Principal, c *casework.Case, number string, a Answer) (string, error) {
	if err := s.may(p, c); err != nil {
		return "", err
	}
	doc, err := s.sign(p, c, a, number)
	if err != nil {
		return "", err
	}
	return doc.Content.Number, s.change(ctx, p, c, number, Replaced, a.Why, doc)
}

// Retract takes back a statement that stands, with a reason.
func (s *Service) Retract(ctx context.Context, p account.Principal, c *casework.Case, number, why string) error {
	if err := s.may(p, c); err != nil {
		return err
	}
	return s.change(ctx, p, c, number, Retracted, why, nil)
}

// change ends a statement that stands; newer takes its place, nil for none.
func (s *Service) change(ctx context.Context, p account.Principal, c *casework.Case, number string, to Status, why string, newer *Signed) error {
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		next := ""
		if newer != nil {
			next = newer.Content.Number
		}
		n, err := tx.Exec("UPDATE statement_paper SET status = $1, reason = $2, newer = $3, changed = $4 WHERE subject = $5 AND number = $6 AND id = $7 AND status = 'valid'",
			string(to), why, next, s.c.Now().UnixMilli(), string(c.Subject), number, c.ID)
		if err != nil {
			return fmt.Errorf("statement: ending a statement: %w", err)
		}
		if n == 0 {
			return ErrChanged
		}
		if newer != nil {
			if err := errors.Join(s.keep(tx, newer), found(tx, c, next)); err != nil {
				return err
			}
		}
		if err := s.tell(tx, c, number+":"+string(to)); err != nil {
			return err
		}
		if s.c.Changed != nil {
			if err := s.c.Changed(ctx, tx, c.Subject, number); err != nil {
				return err
			}
		}
		return s.log(tx, p, c.Subject, audit.Amend, number)
	})
}
