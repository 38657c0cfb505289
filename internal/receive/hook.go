package receive

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// Scheme is that of the outbox's targets that are webhooks.
const Scheme = "webhook"

// Hook is where a receiver is told that a paper has changed. A receiver has one at most.
type Hook struct {
	ID      string
	Address string
	Made    int64  // UTC ms
	secret  []byte // as kept
}

// ErrAddress says that an address cannot be called. Its text is shown.
var ErrAddress = errors.New("请填写https开头的完整地址，不含用户名和片段，并且不是内部网络的地址")

// checkAddress tells whether a webhook may be called there. http is for a program on the same machine, and only where
// the data are not real.
func checkAddress(address string, live bool) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(address) > 500 {
		return ErrAddress
	}
	ip, iperr := netip.ParseAddr(u.Hostname())
	loopback := u.Hostname() == "localhost" || iperr == nil && ip.IsLoopback()
	switch {
	case iperr == nil && !mayCall(ip, live), loopback && live:
		return ErrAddress
	case u.Scheme == "https", u.Scheme == "http" && loopback && !live:
		return nil
	}
	return ErrAddress
}

// inner are networks that are nobody's public address, besides those that netip knows.
var inner = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16")}

// mayCall tells whether an address may be connected to: a public one, and on stores whose data are not real the
// machine itself.
func mayCall(ip netip.Addr, live bool) bool {
	ip = ip.Unmap()
	if ip.IsLoopback() {
		return !live
	}
	for _, p := range inner {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// Register makes the address the receiver's webhook in place of an earlier one, and returns the secret, which
// is shown once.
func (s *Service) Register(ctx context.Context, who *Receiver, address string) (secret string, err error) {
	address = strings.TrimSpace(address)
	if err := checkAddress(address, s.c.Live); err != nil {
		return "", err
	}
	secret = rand.Text() + rand.Text()
	kept, err := s.seal([]byte(secret))
	if err != nil {
		return "", err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO receive_hook (receiver, id, address, secret, made) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (receiver) DO UPDATE SET id = excluded.id, address = excluded.address, secret = excluded.secret, made = excluded.made`,
			string(who.ID), rand.Text(), address, kept, s.c.Now().UnixMilli())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("receive: registering a webhook: %w", err)
	}
	return secret, nil
}

// Unregister takes the webhook away; what still waits for it is refused.
func (s *Service) Unregister(ctx context.Context, who *Receiver) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM receive_hook WHERE receiver = $1", string(who.ID))
		return err
	})
	if err != nil {
		return fmt.Errorf("receive: taking a webhook away: %w", err)
	}
	return nil
}

// HookOf is the webhook of a receiver.
func (s *Service) HookOf(ctx context.Context, who *Receiver) (Hook, bool, error) {
	return s.hook(s.db.QueryRow(ctx, "SELECT id, address, secret, made FROM receive_hook WHERE receiver = $1", string(who.ID)))
}

func (s *Service) hookByID(ctx context.Context, id string) (Hook, bool, error) {
	return s.hook(s.db.QueryRow(ctx, "SELECT id, address, secret, made FROM receive_hook WHERE id = $1", id))
}

func (s *Service) hook(row store.Row) (h Hook, ok bool, err error) {
	err = row.Scan(&h.ID, &h.Address, &h.secret, &h.Made)
	if errors.Is(err, sql.ErrNoRows) {
		return Hook{}, false, nil
	}
	if err != nil {
		return Hook{}, false, fmt.Errorf("receive: reading a webhook: %w", err)
	}
	return h, true, nil
}

func (s *Service) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.c.Key)
	if err != nil {
		return nil, fmt.Errorf("receive: the key of secrets: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *Service) seal(secret []byte) ([]byte, error) {
	box, err := s.box()
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, secret, nil), nil
}

func (s *Service) unseal(kept []byte) ([]byte, error) {
	box, err := s.box()
	if err != nil {
		return nil, err
	}
	return box.Open(nil, nil, kept, nil)
}

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
	Event   string    `json:"event"` // always paper.status
	Version int64     `json:"version"`
	Number  string    `json:"number"`
	Status  string    `json:"status"`
	Text    string    `json:"text"` // the status in Chinese
	At      time.Time `json:"at"`   // UTC
}

var statusText = map[string]string{Valid: "有效", Changed: "有效，此后有变化", Replaced: "已被新报告替代", Withdrawn: "已作废", Unknown: "无法核实"}

// Changed notes in the caller's transaction that the status of a document has changed, and puts a message
// into the outbox for each receiver who has checked it and has a webhook.
func (s *Service) Changed(tx *store.Tx, subject credit.Key, number, status string) error {
	holders, err := s.holders(tx, number)
	if err != nil {
		return fmt.Errorf("receive: finding who holds a paper: %w", err)
	}
	now := s.c.Now().UTC()
	for _, h := range holders {
		if weight(status) <= weight(h[1]) {
			continue
		}
		var id string
		err := tx.QueryRow("SELECT id FROM receive_hook WHERE receiver = $1", h[0]).Scan(&id)
		if err == nil {
			err = s.put(tx, subject, id, Message{"paper.status", weight(status)*heaviest + now.UnixMilli(), number, status, statusText[status], now})
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("receive: telling a receiver: %w", err)
		}
		if _, err := tx.Exec("UPDATE receive_holder SET status = $1, told = $2, hook = $3 WHERE number = $4 AND receiver = $5",
			status, now.UnixMilli(), id, number, h[0]); err != nil {
			return fmt.Errorf("receive: noting a change: %w", err)
		}
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

func (s *Service) holders(tx *store.Tx, number string) (all [][2]string, err error) {
	rows, err := tx.Query("SELECT receiver, status FROM receive_holder WHERE number = $1 AND until > $2", number, s.c.Now().UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var h [2]string
		if err := rows.Scan(&h[0], &h[1]); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}
