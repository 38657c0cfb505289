package group

import (
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Settings are what all reports of a request have in common.
type Settings struct {
	Edition string      `json:"edition"`
	Purpose string      `json:"purpose"`
	Years   int         `json:"years,omitempty"` // the period ends today and is so long; 0 with no dates for the longest
	From    credit.Date `json:"from,omitzero"`
	To      credit.Date `json:"to,omitzero"`
	Domains []string    `json:"domains,omitempty"` // all when empty
}

// act is what is done in a member's name. A period told by its years ends on the day of the issue: only a grant without a
// period allows it.
func (s *Settings) act(number string) consent.Act {
	return consent.Act{Purpose: s.Purpose, Edition: s.Edition, Domains: s.Domains, From: s.From, To: s.To, Document: number}
}

// Refusal is why the rules refuse a report; its text is shown.
type Refusal struct{ Text string }

// Error is the text.
func (e *Refusal) Error() string { return e.Text }

// Paper is an issued report.
type Paper struct {
	Name       string
	From, To   credit.Date
	Conclusion string // in Chinese
	Status     Status
	Why        []string // it stands so
	PDF, JSON  []byte
}

// Status is whether a paper is still in force.
type Status string

// The statuses of a paper.
const (
	Valid     Status = "valid"     // 有效
	Changed   Status = "changed"   // 有效，此后有变化
	Replaced  Status = "replaced"  // 已有新的报告
	Withdrawn Status = "withdrawn" // 已作废
)

// Place is where a paper lies.
type Place struct {
	Key    credit.Key
	Number string
}

// Reports issues. What the rules refuse is a *Refusal.
type Reports interface {
	// Check tells whether a report with the settings may be asked for today.
	Check(s Settings) error
	// Issue issues one; within is called in its transaction, and again when that is tried again.
	Issue(ctx context.Context, key credit.Key, s Settings, who audit.Actor, within func(tx *store.Tx, number string) error) (number string, err error)
	// Paper reads one that was issued, with how it stands today.
	Paper(ctx context.Context, number string) (Paper, error)
	// Ended tells of many whether they were replaced or withdrawn, by number; Valid while neither happened.
	Ended(ctx context.Context, papers []Place) (map[string]Status, error)
}

// Mandates say for whom the asker may act; mandate.Service is one. What is refused is a reason of package consent.
type Mandates interface {
	ActsFor(ctx context.Context, me account.Principal, purpose string) ([]credit.Key, error)
	MayAct(ctx context.Context, me account.Principal, key credit.Key, act consent.Act) error
	UseAs(tx *store.Tx, me account.Principal, key credit.Key, act consent.Act) error
	MayRead(ctx context.Context, me account.Principal, number string) error
}

// Accounts knows the asker when its request is worked on; account.Service is one.
type Accounts interface {
	ByID(ctx context.Context, id string) (account.Account, error)
}

// Asking is how a request for consent stands that was put to a subject.
type Asking struct {
	State  AskingState
	Reason string // why it declined
}

// AskingState is whether a subject has answered.
type AskingState string

// The states of asking for consent; the empty one is that nobody asked.
const (
	Asked    AskingState = "asked"    // 已请求
	Given    AskingState = "given"    // 已授权
	Declined AskingState = "declined" // 已拒绝
)

// Config is what a Service is made of.
type Config struct {
	DB       *store.DB
	Cases    *casework.Service
	Ledger   *ledger.Ledger
	Reports  Reports
	Mandates Mandates
	Accounts Accounts
	Now      func() time.Time
	AtOnce   int                    // reports made at once
	Area     func() (string, error) // digits with which the areas begin that the platform serves; empty when not stated

	// Asking tells how a request of the caller for a subject's consent stands. Nil while consent cannot be asked for here: the page
	// then leads to nowhere where it could be.
	Asking func(ctx context.Context, me account.Principal, subject credit.Key, purpose string) (Asking, error)
}

// Service takes requests and works them off. It is safe for concurrent use.
type Service struct {
	Config
	wake chan struct{}

	mu   sync.Mutex
	last *casework.Case // the request at which the last turn ended; nil for the first
}

//go:embed migrations/*.sql
var migrations embed.FS

// New brings the table up to date and returns a service over cases that know [Machines].
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{Config: c, wake: make(chan struct{}, 1)}, c.DB.Migrate(ctx, "group", files)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.Now()) }

// asker is who asked, kept with the request.
type asker struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Channel string `json:"channel"`
}

func (a *asker) by() casework.By { return casework.By{ID: a.ID, Name: a.Name} }

// request is the data of the case of a group.
type request struct {
	Settings Settings `json:"settings"`
	Asker    asker    `json:"asker"`
	Of       string   `json:"of,omitempty"`      // the request that this one renews or completes
	Missing  bool     `json:"missing,omitempty"` // it asks again for those that Of has no report for
	Total    int      `json:"total"`
}

// member is the data of the case of one subject.
type member struct {
	Parent credit.Key `json:"parent"`
	Group  string     `json:"group"`
	Given  string     `json:"given"` // as listed
	Name   string     `json:"name,omitempty"`
	Note   string     `json:"note,omitempty"`
	Reason string     `json:"reason,omitempty"`
	Number string     `json:"number,omitempty"`
	Asks   bool       `json:"asks,omitempty"`  // it was refused because the subject has not consented
	Tries  int        `json:"tries,omitempty"` // how often it failed
}

func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain strings and numbers
	}
	return b
}

// Create keeps a request with a case for each of its members, found out beforehand by [Service.Resolve].
// Those that cannot be issued end at once with their reason.
func (s *Service) Create(ctx context.Context, parent credit.Key, set Settings, members []Member) (id string, err error) {
	return s.create(ctx, parent, request{Settings: set}, members)
}

func (s *Service) create(ctx context.Context, parent credit.Key, q request, members []Member) (id string, err error) {
	me := account.From(ctx)
	if !me.MayActFor(parent) {
		return "", account.ErrForbidden()
	}
	if len(members) == 0 {
		return "", &Refusal{ErrNobody.Error()}
	}
	if err := s.Reports.Check(q.Settings); err != nil {
		return "", err
	}
	by := asker{me.ID, me.Name, cmp.Or(me.Channel, account.ChannelPage)}
	q.Asker, q.Total = by, len(members)
	c := casework.Case{Subject: parent, Kind: Kind, Desk: desk, Title: fmt.Sprintf("%s等%d个主体", members[0].called(), len(members)),
		Data: encode(q)}
	err = s.DB.Tx(ctx, func(tx *store.Tx) error {
		g := c // tried again, it begins anew
		if err := s.Cases.Open(tx, &g, by.by(), ""); err != nil {
			return err
		}
		id = g.ID
		return s.openAll(tx, &g, members, by.by())
	})
	if err != nil {
		return "", err
	}
	s.nudge()
	return id, nil
}

// openAll begins the cases of the members. A request of which none waits is through at once.
func (s *Service) openAll(tx *store.Tx, g *casework.Case, members []Member, by casework.By) error {
	var children []casework.Child
	for i, m := range members {
		child, err := s.open(tx, g, m, by)
		if err != nil {
			return err
		}
		children = append(children, casework.Child{No: int64(i + 1), Subject: child.Subject, Case: child.ID})
	}
	if err := s.Cases.Adopt(tx, g, children...); err != nil || slices.ContainsFunc(members, func(m Member) bool { return m.Ready() }) {
		return err
	}
	return s.finished(tx, *g)
}

// open begins the case of a member. One whose subject is not known lies with the parent.
func (s *Service) open(tx *store.Tx, g *casework.Case, m Member, by casework.By) (casework.Case, error) {
	data := member{Parent: g.Subject, Group: g.ID, Given: m.Given, Name: m.Name, Note: m.Note}
	c := casework.Case{Subject: cmp.Or(m.Key, g.Subject), Kind: MemberKind, Desk: desksOf(g.ID), Title: m.called(), Data: encode(data)}
	if err := s.Cases.Open(tx, &c, by, ""); err != nil || m.State == Waiting {
		return c, err
	}
	return c, s.move(tx, &c, moves[m.State], by, ending{reason: m.Reason, asks: m.Asks})
}

// nudge lets the work begin at once.
func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Wait returns true when a request comes, or false after the pause or when ctx ends.
func (s *Service) Wait(ctx context.Context, pause time.Duration) bool {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-s.wake:
		return true
	case <-ctx.Done():
	case <-t.C:
	}
	return false
}

// Cancel stops a request: what is issued stays, what waits is not issued any more.
func (s *Service) Cancel(ctx context.Context, id string) error {
	c, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	members, err := s.Cases.Family(ctx, &c)
	if err != nil {
		return err
	}
	me := account.From(ctx)
	by := casework.By{ID: me.ID, Name: me.Name}
	return s.DB.Tx(ctx, func(tx *store.Tx) error {
		next := c
		if err := s.Cases.Move(tx, &next, "cancel", by, ""); err != nil {
			return err
		}
		return s.cancelAll(tx, members, by)
	})
}

// cancelAll ends the members that wait. One that ends at this moment stays as it ended; one that fails at this moment is
// cancelled when it would be tried again.
func (s *Service) cancelAll(tx *store.Tx, members []casework.Case, by casework.By) error {
	for i := range members {
		if members[i].Closed != 0 {
			continue
		}
		err := s.move(tx, &members[i], "cancel", by, ending{reason: "申请人已取消"})
		if err != nil && !errors.Is(err, casework.ErrMoved) {
			return err
		}
	}
	return nil
}
