package receive

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"xinban/internal/consent"
	"xinban/internal/store"
)

// Scheme is that of the outbox's targets that are webhooks.
const Scheme = "webhook"

// Hook is where a receiver is told that a paper has changed. A receiver has one at most.
type Hook struct {
	Receiver consent.Grantee
	ID       string // stays when the address changes
	Address  string // empty when it was taken away
	Made     int64  // UTC ms
	secret   []byte // as kept
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
// is shown once. What was not delivered to the earlier one is tried at the new.
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
		if _, err := tx.Exec(`INSERT INTO receive_hook (receiver, id, address, secret, made) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (receiver) DO UPDATE SET address = excluded.address, secret = excluded.secret, made = excluded.made`,
			string(who.ID), rand.Text(), address, kept, s.c.Now().UnixMilli()); err != nil {
			return err
		}
		var id string // of the first registration: messages are for the receiver, wherever it is reached now
		if err := tx.QueryRow("SELECT id FROM receive_hook WHERE receiver = $1", string(who.ID)).Scan(&id); err != nil {
			return err
		}
		return s.c.Outbox.Revive(tx, Scheme+":"+id)
	})
	if err != nil {
		return "", fmt.Errorf("receive: registering a webhook: %w", err)
	}
	s.c.Outbox.Wake()
	return secret, nil
}

// Unregister takes the webhook away; what still waits for it ends, until an address is registered again.
func (s *Service) Unregister(ctx context.Context, who *Receiver) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE receive_hook SET address = '', secret = $1 WHERE receiver = $2", []byte{}, string(who.ID))
		return err
	})
	if err != nil {
		return fmt.Errorf("receive: taking a webhook away: %w", err)
	}
	return nil
}

// HookOf is the webhook of a receiver.
func (s *Service) HookOf(ctx context.Context, who *Receiver) (Hook, bool, error) {
	return s.hook(s.db.QueryRow(ctx, "SELECT receiver, id, address, secret, made FROM receive_hook WHERE receiver = $1", string(who.ID)))
}

// HookByID is the webhook of a target, and whose it is; not there while it is taken away.
func (s *Service) HookByID(ctx context.Context, id string) (Hook, bool, error) {
	return s.hook(s.db.QueryRow(ctx, "SELECT receiver, id, address, secret, made FROM receive_hook WHERE id = $1", id))
}

func (s *Service) hook(row store.Row) (h Hook, ok bool, err error) {
	err = row.Scan(&h.Receiver, &h.ID, &h.Address, &h.secret, &h.Made)
	if errors.Is(err, sql.ErrNoRows) {
		return Hook{}, false, nil
	}
	if err != nil {
		return Hook{}, false, fmt.Errorf("receive: reading a webhook: %w", err)
	}
	return h, h.Address != "", nil
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
