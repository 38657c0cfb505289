package receive

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/outbox"
)

// Delivery is a paper whose status changed after the receiver had checked it, and what became of the message.
type Delivery struct {
	Number  string
	Status  string
	At      int64 // UTC ms of the change
	subject credit.Key
	hook    string
	Message *outbox.Message // nil when there was no webhook
}

// Text is the status in Chinese.
func (d *Delivery) Text() string { return statusText[d.Status] }

// Open tells that the message can be tried again.
func (d *Delivery) Open() bool { return d.Message != nil && d.Message.State != outbox.Sent }

// cursor is where a page of deliveries ended: instant and number.
func (d *Delivery) cursor() string { return strconv.FormatInt(d.At, 36) + "." + d.Number }

// parseCursor reads a cursor; what is none begins with the newest.
func parseCursor(text string) (at int64, number string) {
	head, number, _ := strings.Cut(text, ".")
	at, err := strconv.ParseInt(head, 36, 64)
	if err != nil {
		return math.MaxInt64, ""
	}
	return at, number
}

// Deliveries lists up to limit changes, newest first, after the cursor of a page before (empty: from the newest).
func (s *Service) Deliveries(ctx context.Context, who *Receiver, after string, limit int) ([]Delivery, error) {
	told, number := parseCursor(after)
	rows, err := s.db.Query(ctx, `SELECT number, subject, status, told, hook FROM receive_holder
		WHERE receiver = $1 AND told > 0 AND (told, number) < ($2, $3) ORDER BY told DESC, number DESC LIMIT $4`,
		string(who.ID), told, number, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("receive: listing changes: %w", err)
	}
	defer rows.Close()
	var all []Delivery
	for rows.Next() {
		var d Delivery
		if err := rows.Scan(&d.Number, &d.subject, &d.Status, &d.At, &d.hook); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range all {
		if err := s.follow(ctx, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) follow(ctx context.Context, d *Delivery) error {
	if d.hook == "" {
		return nil
	}
	m, ok, err := s.c.Outbox.Of(ctx, d.subject, Scheme+":"+d.hook, topic(d.Number))
	if ok {
		d.Message = &m
	}
	return err
}

// Again has the message about a paper tried at once.
func (s *Service) Again(ctx context.Context, who *Receiver, number string) error {
	var d Delivery
	err := s.db.QueryRow(ctx, "SELECT number, subject, hook FROM receive_holder WHERE number = $1 AND receiver = $2", number, string(who.ID)).
		Scan(&d.Number, &d.subject, &d.hook)
	if err != nil {
		return fmt.Errorf("receive: finding a message: %w", err)
	}
	if err := s.follow(ctx, &d); err != nil || d.Message == nil {
		return err
	}
	return s.c.Outbox.Again(ctx, d.Message)
}
