package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// Amendment is what a person of the credit centre records about a matter or a subject.
type Amendment struct {
	Key    credit.Key
	Matter credit.MatterID
	Reason string
	Ref    string      // document on which it rests
	On     credit.Date // effective date, 0 for today
	Source int64       // whose word is withdrawn
	To     credit.Key  // subject to which the matter or the link leads
	Link   ledger.Link
	Who    audit.Actor
	Login  string

	seen int64 // the last fact of Key when what is asked was found to be possible
}

// What is wrong with an amendment. The texts are shown.
var (
	ErrReason      = errors.New("请写明理由，10至300字，不要写身份证件号码")
	ErrFutureEvent = errors.New("生效日期不能晚于今天")
	ErrEarlyEvent  = errors.New("生效日期不能早于决定日期或列入日期")
	ErrNoMatter    = errors.New("该主体名下没有这一事项")
	ErrSettled     = errors.New("该事项已是这一状态，无需重复处理")
	ErrNotListed   = errors.New("只有名单类事项可以移出")
	ErrNoTarget    = errors.New("没有查到对方主体：请核对代码，并确认其已有登记信息")
	ErrSameSubject = errors.New("两个主体相同")
)

// amendTries is how often an amendment is looked at anew when another changes the subject at that moment.
const amendTries = 8

// decided runs do again while facts came between its looking and its recording, so that of two persons
// who decide one matter at once the second sees what the first did.
func decided(do func() error) (err error) {
	for range amendTries {
		if err = do(); !errors.Is(err, errMovedOn) {
			return err
		}
	}
	return err
}

// Annul records that the decision itself was annulled (撤销).
func (s *Service) Annul(ctx context.Context, q Queue, a Amendment) error {
	return decided(func() error { return s.annul(ctx, q, a) })
}

func (s *Service) annul(ctx context.Context, q Queue, a Amendment) error {
	m, err := s.amendable(ctx, &a)
	if err != nil {
		return err
	}
	if m.Annulled != 0 {
		return ErrSettled
	}
	return s.amend(ctx, q, a, m.Kind, ledger.Event{Type: ledger.Annulled})
}

// Remove records that an entry was taken off its list (移出).
func (s *Service) Remove(ctx context.Context, q Queue, a Amendment) error {
	return decided(func() error { return s.remove(ctx, q, a) })
}

func (s *Service) remove(ctx context.Context, q Queue, a Amendment) error {
	m, err := s.amendable(ctx, &a)
	switch {
	case err != nil:
		return err
	case !m.Kind.Listing():
		return ErrNotListed
	case m.Removed != 0:
		return ErrSettled
	}
	return s.amend(ctx, q, a, m.Kind, ledger.Event{Type: ledger.Removed})
}

// Withdraw records that a source takes its own word back (撤回).
func (s *Service) Withdraw(ctx context.Context, q Queue, a Amendment) error {
	return decided(func() error { return s.withdraw(ctx, q, a) })
}

func (s *Service) withdraw(ctx context.Context, q Queue, a Amendment) error {
	m, err := s.amendable(ctx, &a)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(m.Assertions, func(x ledger.Assertion) bool { return x.Source == a.Source })
	switch {
	case i < 0:
		return ErrNoMatter
	case m.Assertions[i].Withdrawn:
		return ErrSettled
	}
	return s.amend(ctx, q, a, m.Kind, ledger.Event{Type: ledger.Withdrawn, Source: a.Source})
}

// Reassign records that a matter belongs to another subject (归属更正): it is annulled here and asserted
// there, in one transaction.
func (s *Service) Reassign(ctx context.Context, q Queue, a Amendment) error {
	return decided(func() error { return s.reassign(ctx, q, a) })
}

func (s *Service) reassign(ctx context.Context, q Queue, a Amendment) error {
	m, err := s.amendable(ctx, &a)
	if err != nil {
		return err
	}
	if m.Annulled != 0 {
		return ErrSettled
	}
	target, err := s.target(ctx, &a)
	if err != nil {
		return err
	}
	now := s.c.Now().UnixMilli()
	var facts []ledger.Fact
	for i := range m.Assertions {
		x := &m.Assertions[i]
		if x.Withdrawn {
			continue
		}
		r := x.Record
		r.Name, r.Code, r.OrgCode, r.Registration = target.Name, target.Key.Code(), "", ""
		facts = append(facts, s.ledger.NewAssertion(a.To, a.Matter, x.Source, &r, nil, now))
	}
	reason, err := ledger.NewEvent(a.To, m.Kind, a.Matter, ledger.Event{Type: ledger.Corrected, Reason: a.Reason, By: a.Login, Ref: a.Ref, To: a.Key, On: a.On}, now)
	if err != nil {
		return err
	}
	return s.amend(ctx, q, a, m.Kind, ledger.Event{Type: ledger.Reassigned, To: a.To}, append(facts, reason)...)
}

// Join links a subject to another key: the same subject, or a predecessor whose records it includes.
func (s *Service) Join(ctx context.Context, q Queue, a Amendment) error {
	return decided(func() error { return s.link(ctx, q, a, ledger.Linked) })
}

// Unjoin undoes a link.
func (s *Service) Unjoin(ctx context.Context, q Queue, a Amendment) error {
	return decided(func() error { return s.link(ctx, q, a, ledger.LinkUndone) })
}

func (s *Service) link(ctx context.Context, q Queue, a Amendment, t ledger.EventType) error {
	if err := s.checkAmendment(&a); err != nil {
		return err
	}
	if _, err := s.target(ctx, &a); err != nil {
		return err
	}
	st, versions, err := s.ledger.Standing(ctx, a.Key, a.On, nil)
	if err != nil {
		return err
	}
	a.seen = versions[0].Seq
	linked := slices.ContainsFunc(st.Links, func(e ledger.Event) bool { return e.To == a.To && e.Link == a.Link })
	if linked == (t == ledger.Linked) {
		return ErrSettled
	}
	a.Matter = credit.MatterID{}
	var back []ledger.Fact
	if a.Link == ledger.SameAs { // holds in both directions
		f, err := ledger.NewEvent(a.To, 0, credit.MatterID{}, ledger.Event{Type: t, Link: a.Link, To: a.Key, Reason: a.Reason, By: a.Login, Ref: a.Ref, On: a.On}, s.c.Now().UnixMilli())
		if err != nil {
			return err
		}
		back = append(back, f)
	}
	return s.amend(ctx, q, a, 0, ledger.Event{Type: t, Link: a.Link, To: a.To}, back...)
}

// amendable reads the matter and checks what holds for every amendment of one.
func (s *Service) amendable(ctx context.Context, a *Amendment) (*ledger.Matter, error) {
	if err := s.checkAmendment(a); err != nil {
		return nil, err
	}
	facts, err := s.ledger.Read(ctx, a.Key)
	if err != nil {
		return nil, err
	}
	if len(facts) > 0 {
		a.seen = facts[len(facts)-1].Seq
	}
	if m := find(ledger.Fold(a.Key, facts, 0, a.On), a.Matter.String()); m != nil {
		return m, nil
	}
	if find(ledger.Fold(a.Key, facts, 0, credit.DateOf(s.c.Now())), a.Matter.String()) != nil { // decided after the day given
		return nil, ErrEarlyEvent
	}
	return nil, ErrNoMatter
}

func (s *Service) checkAmendment(a *Amendment) error {
	today := credit.DateOf(s.c.Now())
	a.Reason, a.Ref = strings.TrimSpace(a.Reason), strings.TrimSpace(a.Ref)
	if a.On == 0 {
		a.On = today
	}
	n := utf8.RuneCountInString(a.Reason)
	switch {
	case n < 10 || n > 300 || problem.HasIdentityNumber(a.Reason) || problem.HasIdentityNumber(a.Ref) || utf8.RuneCountInString(a.Ref) > 100:
		return ErrReason
	case a.On > today:
		return ErrFutureEvent
	}
	return nil
}

func (s *Service) target(ctx context.Context, a *Amendment) (ledger.Subject, error) {
	if a.To == a.Key {
		return ledger.Subject{}, ErrSameSubject
	}
	t, ok, err := s.ledger.Subject(ctx, a.To)
	if err == nil && !ok {
		err = ErrNoTarget
	}
	return t, err
}

// amend appends the event here and what belongs to it under the other key, with the access entries, in
// one transaction, and puts both subjects on the queue of the projections.
func (s *Service) amend(ctx context.Context, q Queue, a Amendment, kind credit.Kind, e ledger.Event, there ...ledger.Fact) error {
	now := s.c.Now()
	e.Reason, e.By, e.Ref, e.On = a.Reason, a.Login, a.Ref, a.On
	f, err := ledger.NewEvent(a.Key, kind, a.Matter, e, now.UnixMilli())
	if err != nil {
		return err
	}
	err = s.ledger.Change(ctx, func(tx *store.Tx) error {
		keys := []credit.Key{a.Key}
		seq, err := s.ledger.Append(tx, ledger.Subject{Key: a.Key}, f)
		if err == nil && seq != a.seen+1 {
			err = errMovedOn
		}
		if err != nil {
			return err
		}
		if len(there) > 0 {
			keys = append(keys, a.To)
			if _, err := s.ledger.Append(tx, ledger.Subject{Key: a.To}, slices.Clone(there)...); err != nil {
				return err
			}
		}
		for _, k := range keys {
			if err := audit.Record(tx, audit.Entry{Subject: k, At: now, Actor: a.Who, Action: audit.Amend, Purpose: string(e.Type)}); err != nil {
				return err
			}
		}
		return q.Touch(tx, keys...)
	})
	if err != nil {
		return fmt.Errorf("report: recording %s: %w", e.Type, err)
	}
	return nil
}
