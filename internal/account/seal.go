package account

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// digest is how secrets of high entropy (session names, tokens) are kept and looked up.
func digest(purpose string, parts ...string) string {
	sum := sha256.Sum256([]byte("xinban " + purpose + "\x00" + strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// sealer keeps TOTP secrets encrypted at rest, bound to their account.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (*sealer, error) {
	if len(key) < 32 {
		return nil, errors.New("account: the key must have at least 32 bytes")
	}
	k, err := hkdf.Key(sha256.New, key, nil, "xinban account totp v1", 32)
	if err != nil {
		return nil, fmt.Errorf("account: deriving a key: %w", err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, fmt.Errorf("account: making a cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &sealer{aead}, err
}

func (s *sealer) seal(account string, secret []byte) []byte {
	return s.aead.Seal(nil, nil, secret, []byte(account))
}

func (s *sealer) open(account string, sealed []byte) ([]byte, error) {
	b, err := s.aead.Open(nil, nil, sealed, []byte(account))
	if err != nil {
		return nil, fmt.Errorf("account: opening the second factor of %s: %w", account, err)
	}
	return b, nil
}

// newSecret returns 130 random bits as text.
func newSecret() string { return rand.Text() }
