package follow

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"xinban/internal/audit"
	"xinban/internal/store"
)

// sealMark begins what is sealed; no address does.
const sealMark = "sealed:"

// sealer keeps addresses encrypted in the store, each bound to its account.
func sealer(key []byte) (cipher.AEAD, error) {
	k, err := hkdf.Key(sha256.New, key, nil, "xinban follow address v1", 32)
	if err != nil {
		return nil, fmt.Errorf("follow: deriving a key: %w", err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, fmt.Errorf("follow: making a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *Service) sealed(account, address string) string {
	return sealMark + base64.RawStdEncoding.EncodeToString(s.seal.Seal(nil, nil, []byte(address), []byte(account)))
}

// opened is the address in clear; one that was kept before addresses were sealed is so already.
func (s *Service) opened(account, kept string) (string, error) {
	text, yes := strings.CutPrefix(kept, sealMark)
	if !yes {
		return kept, nil
	}
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err == nil {
		b, err = s.seal.Open(nil, nil, b, []byte(account))
	}
	if err != nil {
		return "", fmt.Errorf("follow: opening the address of account %s: %w", account, err)
	}
	return string(b), nil
}

// hashed names an address without telling it.
func (s *Service) hashed(address string) string {
	h := hmac.New(sha256.New, s.c.Key)
	fmt.Fprintf(h, "address\x00%s", address)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// sealName is the cursor that says that every address is sealed, sealRows how many are sealed at once.
const (
	sealName = "sealed"
	sealRows = 500
)

// sealAll seals, once, the addresses that were kept in clear.
func (s *Service) sealAll(ctx context.Context) error {
	var done int64
	if err := s.c.DB.QueryRow(ctx, "SELECT COUNT(*) FROM follow_cursor WHERE name = $1", sealName).Scan(&done); err != nil {
		return fmt.Errorf("follow: sealing addresses: %w", err)
	}
	if done > 0 {
		return nil
	}
	for after := ""; ; {
		n, last, err := s.sealSome(ctx, after)
		if err != nil {
			return fmt.Errorf("follow: sealing addresses: %w", err)
		}
		if after = last; n < sealRows {
			return s.keepCursor(ctx, sealName, audit.At(s.c.Now()))
		}
	}
}

func (s *Service) sealSome(ctx context.Context, after string) (n int, last string, err error) {
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		clear, err := clearAddresses(tx, after)
		if err != nil {
			return err
		}
		n = len(clear)
		for _, a := range clear {
			last = a[0]
			if strings.HasPrefix(a[1], sealMark) {
				continue
			}
			if _, err := tx.Exec("UPDATE follow_address SET address = $1 WHERE account = $2 AND address = $3", s.sealed(a[0], a[1]), a[0], a[1]); err != nil {
				return err
			}
		}
		return nil
	})
	return n, last, err
}

// clearAddresses reads the accounts after one in their order, with their addresses.
func clearAddresses(tx *store.Tx, after string) (all [][2]string, err error) {
	rows, err := tx.Query("SELECT account, address FROM follow_address WHERE account > $1 ORDER BY account LIMIT $2", after, int64(sealRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a [2]string
		if err := rows.Scan(&a[0], &a[1]); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}
