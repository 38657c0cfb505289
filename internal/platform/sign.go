package platform

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// The headers of a request to a platform.
const (
	TimeHeader      = "Xinban-Time"      // seconds since 1970
	SignatureHeader = "Xinban-Signature" // [Sign] of the request
	KeyHeader       = "Idempotency-Key"  // the same for the same attempt
)

// Sign is the HMAC-SHA256 of method, path, time and body with the shared secret, in hexadecimal.
func Sign(secret, method, path, at string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(h, "%s\n%s\n%s\n", strings.ToUpper(method), path, at)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// SignArrival is what a platform signs a report of a repair with.
func SignArrival(secret string, body []byte) string { return Sign(secret, "ARRIVAL", "", "", body) }

// Signed tells in constant time whether two signatures are the same.
func Signed(want, got string) bool { return hmac.Equal([]byte(want), []byte(got)) }

// sealer keeps secrets encrypted in the store, each bound to its platform.
func sealer(key []byte) (cipher.AEAD, error) {
	k, err := hkdf.Key(sha256.New, key, nil, "xinban platform secret v1", 32)
	if err != nil {
		return nil, fmt.Errorf("platform: deriving a key: %w", err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, fmt.Errorf("platform: making a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *Service) sealed(id, secret string) string {
	return base64.RawStdEncoding.EncodeToString(s.seal.Seal(nil, nil, []byte(secret), []byte(id)))
}

func (s *Service) opened(id, kept string) (string, error) {
	b, err := base64.RawStdEncoding.DecodeString(kept)
	if err == nil {
		b, err = s.seal.Open(nil, nil, b, []byte(id))
	}
	if err != nil {
		return "", fmt.Errorf("platform: opening the secret of %s: %w", id, err)
	}
	return string(b), nil
}
