package statement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// remindRows is how many reminders are written at once, mostRows how many when those before them cannot be written.
const (
	remindRows = 50
	mostRows   = 5000
)

// askedName is the kind of the message of a new request; those of reminders are the names of their deadlines.
const askedName = "statement.asked"

// centreDesk is the desk of the credit centre.
const centreDesk = "centre"

// Reminder is the body of a message to a desk.
type Reminder struct {
	Kind string      `json:"kind"` // statement.asked, statement.before, statement.after or statement.escalate
	Link string      `json:"link"`
	Day  credit.Date `json:"day"` // by which the answer is, or was, due
}

func href(c *casework.Case) string { return "/statements/" + c.ID }

// write puts a message for a desk into the outbox.
func (s *Service) write(tx *store.Tx, c *casework.Case, to string, r Reminder) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.c.Outbox.Put(tx, outbox.Message{Subject: c.Subject, Target: "desk:" + to, Topic: r.Kind + ":" + c.ID, Version: 1, Body: string(body)})
}

// Remind writes a message to the desks whose answers are due on the next working day or were due on the last, and to
// the centre of those that are still missing some days later; more tells that there are others. One that cannot be
// written stays and holds up no other.
func (s *Service) Remind(ctx context.Context) (more bool, err error) {
	var errs []error
	for _, name := range []string{beforeName, afterName, riseName} {
		some, err := s.remindAll(ctx, name)
		more, errs = more || some, append(errs, err)
	}
	s.c.Outbox.Wake()
	return more, errors.Join(errs...)
}

// remindAll works off the deadlines of a name. Where all that were read fail it reads on behind them.
func (s *Service) remindAll(ctx context.Context, name string) (more bool, err error) {
	for rows := remindRows; ; rows *= 2 {
		list, err := s.c.Cases.DueBy(ctx, name, s.today(), rows)
		if err != nil {
			return false, err
		}
		var errs []error
		for _, d := range list {
			if err := s.remind(ctx, d); err != nil {
				errs = append(errs, fmt.Errorf("statement: reminding of case %s: %w", d.Case, err))
			}
		}
		if len(list) < rows || len(errs) < len(list) || rows >= mostRows {
			return len(list) == rows && len(errs) < len(list), errors.Join(errs...)
		}
	}
}

func (s *Service) remind(ctx context.Context, d casework.Deadline) error {
	c, err := s.c.Cases.Get(ctx, d.Subject, d.Case)
	if err != nil {
		return err
	}
	due, err := s.due(ctx, &c)
	if err != nil {
		return err
	}
	x, err := dataOf(&c)
	if err != nil {
		return err
	}
	late := d.Name == beforeName && s.today() > due.Due // the day before was missed: the other reminder tells
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if c.State == Asked && !late {
			if err := s.send(tx, &c, &x, d.Name, due.Due); err != nil {
				return err
			}
		}
		return s.c.Cases.Drop(tx, d.Subject, d.Case, d.Name)
	})
}

// send tells the desk that answers today. That nobody did is told to the centre, and to who asked.
func (s *Service) send(tx *store.Tx, c *casework.Case, x *data, name string, due credit.Date) error {
	if name == riseName {
		err := s.write(tx, c, centreDesk, Reminder{Kind: name, Link: "/statements", Day: due})
		if err == nil && s.c.Teller != nil {
			err = s.c.Teller.StatementLate(tx, c.Subject, x.Asker, c.ID)
		}
		return err
	}
	to := c.Desk
	if organ, err := s.responsible(x.Organ, x.Domain); err == nil { // duties may have moved since it was asked
		to = desk(organ.Code)
	}
	return s.write(tx, c, to, Reminder{Kind: name, Link: href(c), Day: due})
}

// due is the day by which a case must be answered; the zero deadline when it has ended.
func (s *Service) due(ctx context.Context, c *casework.Case) (casework.Deadline, error) {
	all, err := s.c.Cases.Deadlines(ctx, c)
	if err != nil {
		return casework.Deadline{}, err
	}
	for _, d := range all {
		if d.Name == dueName {
			return d, nil
		}
	}
	return casework.Deadline{}, nil
}

// overdue tells that the last day is past, for sure.
func overdue(d casework.Deadline, today credit.Date) bool {
	return d.Due != 0 && !d.Provisional && d.Due < today
}
