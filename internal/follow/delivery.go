package follow

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"xinban/internal/store"
)

// Delivery is how far a text is at the provider that took it.
type Delivery string

// The states of a text.
const (
	OnTheWay Delivery = "waiting"
	Arrived  Delivery = "delivered"
	Failed   Delivery = "failed"
)

// Receipts is a provider that tells whether a text arrived that it took (送达回执).
type Receipts interface {
	Delivery(ctx context.Context, id string) (Delivery, error)
}

// Receipts are asked for after a while, and again after as long as has passed, until they come or are given up.
const (
	firstReceipt = time.Minute
	giveUp       = 3 * 24 * time.Hour
	receiptRows  = 50
)

// sent is a text that a provider has taken.
type sent struct {
	id, account, kind, provider string
	taken                       int64
}

// taken notes that a provider took a text, to ask it later whether it arrived.
func (s *Service) taken(ctx context.Context, x sent, by Provider) error {
	if _, tells := by.(Receipts); !tells {
		return nil
	}
	now := s.c.Now()
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO follow_sent (id, account, kind, provider, state, taken, due) VALUES ($1, $2, $3, $4, 'waiting', $5, $6)
			ON CONFLICT (id) DO UPDATE SET provider = excluded.provider, state = excluded.state, taken = excluded.taken, due = excluded.due`,
			x.id, x.account, x.kind, by.Name(), now.UnixMilli(), now.Add(firstReceipt).UnixMilli())
		if err != nil {
			return fmt.Errorf("follow: noting a text that was taken: %w", err)
		}
		return nil
	})
}

// AskReceipts asks providers whether the texts that they took arrived. One that did not is given to the next provider;
// when there is none, its receiver sees on the page that its address is not reached. more tells that there are others.
func (s *Service) AskReceipts(ctx context.Context) (more bool, err error) {
	list, err := s.waiting(ctx)
	if err != nil {
		return false, err
	}
	var errs []error
	for _, x := range list {
		if err := s.askReceipt(ctx, x); err != nil {
			errs = append(errs, err)
		}
	}
	return len(list) == receiptRows, errors.Join(errs...)
}

func (s *Service) waiting(ctx context.Context) (all []sent, err error) {
	rows, err := s.c.DB.Query(ctx, "SELECT id, account, kind, provider, taken FROM follow_sent WHERE state = 'waiting' AND due <= $1 ORDER BY due, id LIMIT $2",
		s.c.Now().UnixMilli(), int64(receiptRows))
	if err != nil {
		return nil, fmt.Errorf("follow: listing texts without a receipt: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x sent
		if err := rows.Scan(&x.id, &x.account, &x.kind, &x.provider, &x.taken); err != nil {
			return nil, fmt.Errorf("follow: listing texts without a receipt: %w", err)
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

func (s *Service) askReceipt(ctx context.Context, x sent) error {
	state := OnTheWay
	at := s.c.Gateway.find(x.provider)
	if at >= 0 {
		if p, tells := s.c.Gateway.Providers[at].(Receipts); tells {
			asking, cancel := context.WithTimeout(ctx, usualWait)
			got, err := p.Delivery(asking, x.id)
			if cancel(); err == nil {
				state = got
			}
		}
	}
	age := s.c.Now().Sub(timeOf(x.taken))
	switch {
	case state == Arrived, state == OnTheWay && age > giveUp:
		return s.settle(ctx, "DELETE FROM follow_sent WHERE id = $1", x.id)
	case state == Failed:
		return s.sendOn(ctx, x, at)
	}
	return s.settle(ctx, "UPDATE follow_sent SET due = $2 WHERE id = $1", x.id, s.c.Now().Add(max(age, firstReceipt)).UnixMilli())
}

// sendOn gives a text that did not arrive to the providers after the one that failed.
func (s *Service) sendOn(ctx context.Context, x sent, at int) error {
	to, err := s.address(ctx, x.account)
	if err != nil {
		return err
	}
	if to.Confirmed == 0 {
		return s.settle(ctx, "DELETE FROM follow_sent WHERE id = $1", x.id)
	}
	next := Gateway{Providers: s.c.Gateway.Providers[at+1:], Wait: s.c.Gateway.Wait}
	by, err := next.send(ctx, Text{x.id, to.Address, words[x.kind] + where})
	if err != nil {
		return s.settle(ctx, "UPDATE follow_sent SET state = 'failed' WHERE id = $1", x.id)
	}
	if _, tells := by.(Receipts); !tells {
		return s.settle(ctx, "DELETE FROM follow_sent WHERE id = $1", x.id)
	}
	return s.taken(ctx, x, by)
}

func (s *Service) settle(ctx context.Context, statement string, args ...any) error {
	err := s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("follow: noting a receipt: %w", err)
	}
	return nil
}

// unreached tells that a text to the account's address did not arrive by any provider.
func (s *Service) unreached(ctx context.Context, account string) (bool, error) {
	var id string
	err := s.c.DB.QueryRow(ctx, "SELECT id FROM follow_sent WHERE account = $1 AND state = 'failed' ORDER BY id LIMIT 1", account).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("follow: looking for texts that did not arrive: %w", err)
	}
	return true, nil
}
