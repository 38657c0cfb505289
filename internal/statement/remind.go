package statement

import (
	"context"
	"encoding/json"
	"fmt"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// remindRows is how many reminders are written at once.
const remindRows = 50

// Reminder is the body of a message to a desk.
type Reminder struct {
	Kind string      `json:"kind"` // statement.before or statement.after
	Link string      `json:"link"`
	Day  credit.Date `json:"day"` // by which the answer is, or was, due
}

// Remind writes a message to the desks whose answers are due on the next working day or were due on the last;
// more tells that there are others.
func (s *Service) Remind(ctx context.Context) (more bool, err error) {
	for _, name := range []string{beforeName, afterName} {
		list, err := s.c.Cases.DueBy(ctx, name, s.today(), remindRows)
		if err != nil {
			return false, err
		}
		for _, d := range list {
			if err := s.remind(ctx, d); err != nil {
				return false, fmt.Errorf("statement: reminding of case %s: %w", d.Case, err)
			}
		}
		more = more || len(list) == remindRows
	}
	return more, nil
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
	to := c.Desk
	if organ, err := s.responsible(x.Organ, x.Domain); err == nil { // duties may have moved since it was asked
		to = desk(organ.Code)
	}
	body, err := json.Marshal(Reminder{Kind: d.Name, Link: "/statements/" + c.ID, Day: due.Due})
	if err != nil {
		return err
	}
	late := d.Name == beforeName && s.today() > due.Due // the day before was missed: the other reminder tells
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if c.State == Asked && !late {
			m := outbox.Message{Subject: c.Subject, Target: "desk:" + to, Topic: d.Name + ":" + c.ID, Version: 1, Body: string(body)}
			if err := s.c.Outbox.Put(tx, m); err != nil {
				return err
			}
		}
		return s.c.Cases.Drop(tx, d.Subject, d.Case, d.Name)
	})
	s.c.Outbox.Wake()
	return err
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
