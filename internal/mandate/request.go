package mandate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// RequestKind is the kind of the cases in which consent is asked for.
const RequestKind = "consent"

// The states of a request.
const (
	Asked     casework.State = "asked"
	Given     casework.State = "given"
	Declined  casework.State = "declined"
	Lapsed    casework.State = "lapsed"
	Withdrawn casework.State = "withdrawn" // by the asker
)

// The moves.
const (
	give     = "give"
	decline  = "decline"
	lapse    = "lapse"
	withdraw = "withdraw"
)

// Machine is the states of a request.
func Machine() *casework.Machine {
	asked := []casework.State{Asked}
	return &casework.Machine{Kind: RequestKind, Start: Asked, Moves: []casework.Move{{Name: give, From: asked, To: Given}, {Name: decline, From: asked, To: Declined},
		{Name: lapse, From: asked, To: Lapsed}, {Name: withdraw, From: asked, To: Withdrawn}}}
}

// Request is what is asked of a subject. Its answer is a grant that the subject signs itself.
type Request struct {
	Grantee  consent.Grantee  `json:"grantee"`
	Name     string           `json:"name"`    // of the grantee, as the subject is shown it
	Login    string           `json:"login"`   // login or code of the grantee, as a grant's form takes it
	Account  string           `json:"account"` // who asked
	Subject  string           `json:"subject"` // name of the subject
	Scope    consent.Scope    `json:"scope"`
	Purpose  string           `json:"purpose"`
	Editions []string         `json:"editions"`
	Domains  []consent.Domain `json:"domains"`
	From     credit.Date      `json:"from"`
	To       credit.Date      `json:"to"`
	Level    consent.Level    `json:"level"`
	Uses     int64            `json:"uses"`
	Until    credit.Date      `json:"until"`
	Why      string           `json:"why"`
	Grant    string           `json:"grant"`  // given in answer
	Reason   string           `json:"reason"` // of declining
}

// Errors of asking. Their text is shown.
var (
	ErrAskedAlready = errors.New("已经请该主体作同样的授权，还没有答复：请在“授权请求”中查看")
	ErrOwnSubject   = errors.New("该主体是本账号绑定的主体，不需要授权")
	ErrAskPerson    = errors.New("自然人的授权请由本人直接在“授权管理”中作出")
	ErrWhy          = fmt.Errorf("请写明请求授权的事由，%d字以内，不要填写身份证号", maxWhy)
	ErrReason       = fmt.Errorf("请写明不同意的理由，%d字以内，不要填写身份证号", maxWhy)
	ErrAnswers      = errors.New("签署的授权与请求的对象、事项或用途不同：请按请求重新填写，或者不经请求另作授权")
)

// maxWhy is the longest reason, in characters; waits is how many days a request waits for its answer; mostOpen how many
// requests of a subject are looked at for one like the new.
const maxWhy, waits, mostOpen = 200, 14, 100

const lapseName = "consent.lapse"

// Requests is what asking for consent needs.
type Requests struct {
	Cases  *casework.Service
	Outbox *outbox.Outbox
	// Bound lists the accounts that act for a subject and are told.
	Bound func(ctx context.Context, key credit.Key) ([]string, error)
}

// ServeRequests lets consent be asked for. It is called once, before the service is used.
func (s *Service) ServeRequests(r Requests) { s.requests = r }

func by(p account.Principal) casework.By {
	a := p.Actor()
	return casework.By{ID: a.ID, Name: a.Name}
}

func reasonOK(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= maxWhy && !problem.HasIdentityNumber(text)
}

// Ask opens a request to a subject in the name of a grantee for whom the caller acts, and tells the subject's accounts.
func (s *Service) Ask(ctx context.Context, me account.Principal, subject credit.Key, q Request) (c casework.Case, err error) {
	q.Why, q.Account = strings.TrimSpace(q.Why), me.ID
	switch {
	case me.MayActFor(subject):
		return c, ErrOwnSubject
	case subject.Person():
		return c, ErrAskPerson
	case !reasonOK(q.Why):
		return c, ErrWhy
	case !slices.Contains(grantees(me), q.Grantee):
		return c, account.ErrForbidden()
	}
	open, err := s.requests.Cases.OfSubject(ctx, subject, RequestKind, "", mostOpen)
	if err != nil {
		return c, err
	}
	for i := range open {
		if x, err := RequestOf(&open[i]); err != nil || open[i].State == Asked && x.Grantee == q.Grantee && x.Scope == q.Scope && x.Purpose == q.Purpose {
			return c, errors.Join(err, ErrAskedAlready)
		}
	}
	return s.open(ctx, me, subject, &q)
}

func (s *Service) open(ctx context.Context, me account.Principal, subject credit.Key, q *Request) (c casework.Case, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return c, err
	}
	told, err := s.requests.Bound(ctx, subject)
	if err != nil {
		return c, err
	}
	c = casework.Case{Subject: subject, Kind: RequestKind, Desk: "subject:" + string(subject), Title: q.Name, Data: body}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		if err := s.requests.Cases.Open(tx, &c, by(me), q.Why); err != nil {
			return err
		}
		due := casework.Deadline{Subject: subject, Case: c.ID, Name: lapseName, Due: credit.DateOf(s.now()).AddDays(waits + 1)}
		if err := s.requests.Cases.Set(tx, due); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO mandate_request (asker, id, subject) VALUES ($1, $2, $3)", string(q.Grantee), c.ID, string(subject)); err != nil {
			return fmt.Errorf("mandate: keeping a request: %w", err)
		}
		if err := audit.Record(tx, audit.Entry{Subject: subject, At: s.now(), Actor: audit.Actor(me.Actor()), Action: audit.Allow, Purpose: "请求授权：" + q.Purpose}); err != nil {
			return err
		}
		return s.tell(tx, &c, told)
	})
	s.requests.Outbox.Wake()
	return c, err
}

// tell writes that a request is in a state to the desks of accounts.
func (s *Service) tell(tx *store.Tx, c *casework.Case, accounts []string) error {
	body, err := json.Marshal(map[string]any{"kind": "consent." + string(c.State), "link": "/mandate-requests/" + c.ID})
	if err != nil {
		return err
	}
	for _, id := range accounts {
		m := outbox.Message{Subject: c.Subject, Target: "desk:" + id, Topic: "consent." + string(c.State) + ":" + c.ID, Version: 1, Body: string(body)}
		if err := s.requests.Outbox.Put(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// RequestOf reads the request of a case.
func RequestOf(c *casework.Case) (q Request, err error) {
	if err = json.Unmarshal(c.Data, &q); err != nil {
		err = fmt.Errorf("mandate: reading request %s: %w", c.ID, err)
	}
	return q, err
}

// end moves a request to its end and tells who asked.
func (s *Service) end(tx *store.Tx, c *casework.Case, q *Request, move string, who casework.By, note string) error {
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	c.Data = body
	if err := s.requests.Cases.Move(tx, c, move, who, note); err != nil {
		return err
	}
	if move == withdraw {
		return nil // the asker did it itself
	}
	return s.tell(tx, c, []string{q.Account})
}

// answered notes in the transaction that gives a grant that it is the answer to a request.
func (s *Service) answered(tx *store.Tx, me account.Principal, c *casework.Case, g *consent.Grant) error {
	q, err := RequestOf(c)
	if err != nil {
		return err
	}
	if c.Subject != g.Subject || q.Grantee != g.Grantee || q.Scope != g.Scope || q.Purpose != g.Purpose {
		return ErrAnswers
	}
	q.Grant = g.ID
	return s.end(tx, c, &q, give, by(me), "")
}

// Decline answers a request with a reason. Only who acts for the subject may.
func (s *Service) Decline(ctx context.Context, me account.Principal, id, reason string) (casework.Case, error) {
	c, q, err := s.Request(ctx, me, id)
	if err != nil {
		return c, err
	}
	if q.Reason = strings.TrimSpace(reason); !reasonOK(q.Reason) {
		return c, ErrReason
	}
	if !me.MayActFor(c.Subject) {
		return c, account.ErrForbidden()
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error { return s.end(tx, &c, &q, decline, by(me), q.Reason) })
	s.requests.Outbox.Wake()
	return c, err
}

// TakeBack withdraws a request. Only who asked may.
func (s *Service) TakeBack(ctx context.Context, me account.Principal, id string) (casework.Case, error) {
	c, q, err := s.Request(ctx, me, id)
	if err != nil {
		return c, err
	}
	if !slices.Contains(grantees(me), q.Grantee) {
		return c, account.ErrForbidden()
	}
	return c, s.db.Tx(ctx, func(tx *store.Tx) error { return s.end(tx, &c, &q, withdraw, by(me), "") })
}

// Request returns a request to whoever asked or is asked; to anybody else there is none.
func (s *Service) Request(ctx context.Context, me account.Principal, id string) (c casework.Case, q Request, err error) {
	if c, err = s.requests.Cases.Find(ctx, id); err != nil {
		return c, q, err
	}
	if c.Kind != RequestKind {
		return c, q, casework.ErrNoCase
	}
	if q, err = RequestOf(&c); err != nil {
		return c, q, err
	}
	if !me.MayActFor(c.Subject) && !slices.Contains(grantees(me), q.Grantee) {
		return c, q, casework.ErrNoCase
	}
	return c, q, nil
}

// AskedBy lists up to limit requests of a person and the organisations that it acts for, newest first, before a number.
func (s *Service) AskedBy(ctx context.Context, me account.Principal, before string, limit int) (all []casework.Case, err error) {
	type place struct{ id, subject string }
	var places []place
	for _, who := range grantees(me) {
		rows, err := s.db.Query(ctx, "SELECT id, subject FROM mandate_request WHERE asker = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
			string(who), cmp.Or(before, "~"), int64(limit))
		if err != nil {
			return nil, fmt.Errorf("mandate: listing requests: %w", err)
		}
		for rows.Next() {
			var p place
			if err := rows.Scan(&p.id, &p.subject); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			places = append(places, p)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(b.id, a.id) })
	for _, p := range places[:min(limit, len(places))] {
		c, err := s.requests.Cases.Get(ctx, credit.Key(p.subject), p.id)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// AskedOf lists up to limit requests to a subject, newest first, before a number.
func (s *Service) AskedOf(ctx context.Context, subject credit.Key, before string, limit int) ([]casework.Case, error) {
	return s.requests.Cases.OfSubject(ctx, subject, RequestKind, before, limit)
}

// LastAsked is the newest request of a person, or of an organisation that it acts for, to a subject for a purpose; ok is false
// when there is none.
func (s *Service) LastAsked(ctx context.Context, me account.Principal, subject credit.Key, scope consent.Scope, purpose string) (state casework.State, q Request, ok bool, err error) {
	cases, err := s.AskedOf(ctx, subject, "", mostOpen)
	if err != nil {
		return "", q, false, err
	}
	for _, c := range cases {
		q = Request{}
		if err := json.Unmarshal(c.Data, &q); err != nil {
			return "", q, false, fmt.Errorf("mandate: reading a request: %w", err)
		}
		if q.Scope == scope && q.Purpose == purpose && slices.Contains(grantees(me), q.Grantee) {
			return c.State, q, true, nil
		}
	}
	return "", Request{}, false, nil
}

// lapseRows is how many requests lapse at once.
const lapseRows = 50

// Lapse ends the requests that nobody answered in time and tells who asked; more says that there are others.
func (s *Service) Lapse(ctx context.Context) (more bool, err error) {
	list, err := s.requests.Cases.DueBy(ctx, lapseName, credit.DateOf(s.now()), lapseRows)
	if err != nil {
		return false, err
	}
	for _, d := range list {
		c, err := s.requests.Cases.Get(ctx, d.Subject, d.Case)
		if err != nil {
			return false, err
		}
		q, err := RequestOf(&c)
		if err != nil {
			return false, err
		}
		err = s.db.Tx(ctx, func(tx *store.Tx) error { return s.end(tx, &c, &q, lapse, casework.By{}, "") })
		if err != nil && !errors.Is(err, casework.ErrMoved) { // answered at this moment
			return false, err
		}
	}
	if len(list) > 0 {
		s.requests.Outbox.Wake()
	}
	return len(list) == lapseRows, nil
}
