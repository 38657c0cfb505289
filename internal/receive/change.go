package receive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// weight orders the statuses: one never goes back to a lighter.
func weight(status string) int64 {
	switch status {
	case Changed:
		return 1
	case Replaced:
		return 2
	case Withdrawn:
		return 3
	}
	return 0
}

// heaviest sets the weight of a status apart from the instant in a version.
const heaviest = 10_000_000_000_000

// Message is what a webhook is told: the present state of one paper.
type Message struct {
	Event   string    `json:"event" enum:"paper.status"`
	Version int64     `json:"version" doc:"of the state of the paper; ignore one below the last"`
	Number  string    `json:"number" doc:"of the paper"`
	Status  string    `json:"status" enum:"changed,replaced,withdrawn" doc:"changed is told only while the subject allows its report to be read"`
	Text    string    `json:"text" doc:"the status in Chinese"`
	At      time.Time `json:"at" doc:"of the change, UTC"`
}

var statusText = map[string]string{Valid: "有效", Changed: "有效，此后有变化", Replaced: "已被新报告替代", Withdrawn: "已作废", Unknown: "无法核实"}

// holder is a receiver that has checked a paper.
type holder struct {
	number, receiver string
	subject          credit.Key
	status           string
	edition, purpose string
	actor            audit.Actor
}

// Changed notes in the caller's transaction that the status of a document has changed. That a paper was replaced or
// withdrawn is told to each receiver that holds it: the paper itself no longer serves. That something newer is known of the
// subject is told by [Service.Look], which asks the subject's grant.
func (s *Service) Changed(tx *store.Tx, subject credit.Key, number, status string) error {
	if status == Changed {
		_, err := tx.Exec("UPDATE receive_holder SET look = 0 WHERE number = $1 AND status = 'valid'", number)
		if err != nil {
			return fmt.Errorf("receive: noting that a paper is to be looked at: %w", err)
		}
		return nil
	}
	holders, err := s.holders(tx, number)
	if err != nil {
		return fmt.Errorf("receive: finding who holds a paper: %w", err)
	}
	for i := range holders {
		if err := s.inform(tx, &holders[i], status); err != nil {
			return err
		}
	}
	return nil
}

// inform lists the change for a holder and puts a message into the outbox when it has a webhook.
func (s *Service) inform(tx *store.Tx, h *holder, status string) error {
	if weight(status) <= weight(h.status) {
		return nil
	}
	now := s.c.Now().UTC()
	var id string
	err := tx.QueryRow("SELECT id FROM receive_hook WHERE receiver = $1 AND address <> ''", h.receiver).Scan(&id)
	if err == nil {
		err = s.put(tx, h.subject, id, Message{"paper.status", weight(status)*heaviest + now.UnixMilli(), h.number, status, statusText[status], now})
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("receive: telling a receiver: %w", err)
	}
	// what was noted meanwhile stays: it is heavier, and so is its message
	_, err = tx.Exec("UPDATE receive_holder SET status = $1, told = $2, hook = $3 WHERE number = $4 AND receiver = $5 AND status = $6",
		status, now.UnixMilli(), id, h.number, h.receiver, h.status)
	if err != nil {
		return fmt.Errorf("receive: noting a change: %w", err)
	}
	return nil
}

func (s *Service) put(tx *store.Tx, subject credit.Key, hook string, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.c.Outbox.Put(tx, outbox.Message{Subject: subject, Target: Scheme + ":" + hook, Topic: topic(m.Number), Version: m.Version, Body: string(body)})
}

func topic(number string) string { return "document:" + number }

const holderColumns = "number, receiver, subject, status, edition, purpose, actor"

func scanHolders(rows *sql.Rows, err error) (all []holder, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h holder
		var actor string
		if err := rows.Scan(&h.number, &h.receiver, &h.subject, &h.status, &h.edition, &h.purpose, &actor); err != nil {
			return nil, err
		}
		if actor != "" {
			if err := json.Unmarshal([]byte(actor), &h.actor); err != nil {
				return nil, err
			}
		}
		all = append(all, h)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}

func (s *Service) holders(tx *store.Tx, number string) ([]holder, error) {
	return scanHolders(tx.Query("SELECT "+holderColumns+" FROM receive_holder WHERE number = $1 AND until > $2", number, s.c.Now().UnixMilli()))
}

// mayKnow returns nil when the subject allows the holder, at this moment, to learn what is newer than the paper: for the
// edition of the paper, and for the purpose for which it is held.
func (s *Service) mayKnow(ctx context.Context, h *holder) error {
	if h.purpose == "" || h.edition == "" {
		return consent.ErrNone
	}
	_, err := s.c.Consent.Permits(ctx, h.subject, []consent.Grantee{consent.Grantee(h.receiver)},
		consent.Act{Scope: consent.Read, Purpose: h.purpose, Edition: h.edition, Level: consent.Conclusion, Kind: consent.Newer})
	return err
}
