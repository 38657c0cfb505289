package objection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// askedName is the kind of the message of a new objection; that of an overdue one is the name of its deadline.
const askedName = "objection.asked"

// sweepRows is how many overdue objections are told at once.
const sweepRows = 50

// Message is the body of a message to a desk.
type Message struct {
	Kind string      `json:"kind"` // objection.asked or objection.escalate
	Link string      `json:"link"`
	Day  credit.Date `json:"day"` // by which the outcome is, or was, due
}

func href(c *casework.Case) string { return "/objections/" + c.ID }

func (s *Service) write(tx *store.Tx, c *casework.Case, to string, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	topic := m.Kind + ":" + c.ID + ":" + m.Day.String() // a longer limit is another day
	return s.c.Outbox.Put(tx, outbox.Message{Subject: c.Subject, Target: "desk:" + to, Topic: topic, Version: 1, Body: string(body)})
}

// Sweep tells the credit centre of the objections whose last day is past, each once for that day; more tells that there are
// others. One that cannot be told stays and holds up no other.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	list, err := s.c.Cases.DueBy(ctx, riseName, s.today(), sweepRows)
	if err != nil {
		return false, err
	}
	var errs []error
	for _, d := range list {
		if err := s.rise(ctx, d); err != nil {
			errs = append(errs, fmt.Errorf("objection: telling of case %s: %w", d.Case, err))
		}
	}
	s.c.Outbox.Wake()
	return len(list) == sweepRows && len(errs) < len(list), errors.Join(errs...)
}

func (s *Service) rise(ctx context.Context, d casework.Deadline) error {
	c, err := s.c.Cases.Get(ctx, d.Subject, d.Case)
	if err != nil {
		return err
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if err := s.write(tx, &c, "centre", Message{Kind: riseName, Link: "/objections", Day: d.Due.AddDays(-1)}); err != nil {
			return err
		}
		return s.c.Cases.Drop(tx, d.Subject, d.Case, d.Name)
	})
}

// due is the day by which a case must be decided; the zero deadline when it has ended.
func (s *Service) due(ctx context.Context, c *casework.Case) (casework.Deadline, error) {
	all, err := s.c.Cases.Deadlines(ctx, c)
	for _, d := range all {
		if d.Name == dueName {
			return d, nil
		}
	}
	return casework.Deadline{}, err
}

// Late is an objection that a body has not decided in time, as the credit centre sees it: it urges the body, so it
// is not told whose matter it is.
type Late struct {
	ID    string
	DocNo string
	Organ string // that answers today
	Due   credit.Date
	Days  int // working days since
}

// lateMost is how many overdue objections the centre is shown: the longest overdue.
const lateMost = 100

// Overdue lists the objections that bodies within a principal's region have not decided in time, the longest overdue first. A
// provisional day is never overdue.
func (s *Service) Overdue(ctx context.Context, p account.Principal, limit int) (all []Late, err error) {
	list, err := s.c.Cases.DueBy(ctx, dueName, s.today().AddDays(-1), 10*limit)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		c, err := s.c.Cases.Get(ctx, d.Subject, d.Case)
		if err != nil {
			return nil, err
		}
		x, err := dataOf(&c)
		if err != nil {
			return nil, err
		}
		o, err := s.responsible(x.Organ, x.Domain)
		if err != nil {
			o.Name = x.Authority
		}
		if p.Reaches(o.Region) {
			all = append(all, Late{c.ID, x.DocNo, o.Name, d.Due, s.c.Calendar.Between(d.Due, s.today()).Days})
		}
		if len(all) == limit {
			break
		}
	}
	return all, nil
}
