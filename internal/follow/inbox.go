package follow

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// Message is what somebody was told.
type Message struct {
	Recipient string
	ID        string
	Subject   credit.Key
	Kind      string
	Link      string
	Day       credit.Date
	At        int64 // UTC ms
	Seen      int64 // UTC ms, 0 when not yet
}

// newID is ordered by time; the rest is random.
func newID(now int64) string { return fmt.Sprintf("%014d", now) + rand.Text()[:6] }

// recipients are those whose messages a person reads: itself, the organ that it acts for, or the credit centre.
func recipients(p account.Principal) []string {
	all := []string{p.ID}
	if p.Organ != "" && p.Has(account.Clerk) {
		all = []string{"organ:" + p.Organ}
	}
	if p.Has(account.Centre) && p.Region == "" { // what organs leave undone is told to the centre of the whole store
		all = []string{"centre"}
	}
	return all
}

// Messages lists what a recipient was told, the newest first, before the given id (empty: from the newest).
func (s *Service) Messages(ctx context.Context, recipient, before string, limit int) ([]Message, error) {
	if before == "" {
		before = "~" // after every id
	}
	rows, err := s.c.DB.Query(ctx, `SELECT recipient, id, subject, kind, link, day, at, seen FROM follow_message
		WHERE recipient = $1 AND id < $2 AND kind <> '' ORDER BY id DESC LIMIT $3`, recipient, before, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("follow: listing messages: %w", err)
	}
	defer rows.Close()
	var all []Message
	for rows.Next() {
		var m Message
		if err := rows.Scan(&m.Recipient, &m.ID, &m.Subject, &m.Kind, &m.Link, &m.Day, &m.At, &m.Seen); err != nil {
			return nil, fmt.Errorf("follow: listing messages: %w", err)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// unseen counts a recipient's new messages, up to a limit.
func (s *Service) unseen(ctx context.Context, recipient string, limit int) (n int, err error) {
	err = s.c.DB.QueryRow(ctx, `SELECT COUNT(id) FROM (SELECT id FROM follow_message WHERE recipient = $1 AND seen = 0 AND kind <> '' ORDER BY id LIMIT $2) AS part`,
		recipient, int64(limit)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("follow: counting new messages: %w", err)
	}
	return n, nil
}

// See marks messages of a recipient as read, up to an id and from it on to the older.
func (s *Service) See(ctx context.Context, recipient, upTo string) error {
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE follow_message SET seen = $1 WHERE recipient = $2 AND seen = 0 AND id <= $3", s.c.Now().UnixMilli(), recipient, upTo)
		return err
	})
}

// accessHref is where the subject reads who looked.
func accessHref(subject credit.Key) string {
	return "/access?" + url.Values{"subject": {string(subject)}}.Encode()
}

func checkupHref(subject credit.Key) string {
	return "/reports/checkup?" + url.Values{"subject": {string(subject)}}.Encode()
}
