package ledger

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Keyring holds the keys that hash and seal identity numbers. Losing it makes identities
// unreadable; the facts stay.
type Keyring struct {
	version int64
	mac     []byte
	seal    cipher.AEAD
}

const keyBytes = 32

// ErrKeysMissing says that a store's identity keys are not where they were. New ones would give every
// person a second key, and half of the record to each.
var ErrKeysMissing = errors.New("身份密钥不见了：请从备份把keys目录放回数据目录，不能用新密钥代替")

// ErrWrongKeys says that the identity keys are another store's.
var ErrWrongKeys = errors.New("身份密钥不是这个库的：请把原来的keys目录放回数据目录")

// OpenKeyring reads the keys in dir. They are made (mode 0600) only where fresh says that the store is
// new.
func OpenKeyring(dir string, fresh bool) (*Keyring, error) {
	path := filepath.Join(dir, "identity-1.key")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if !fresh {
			return nil, ErrKeysMissing
		}
		b, err = makeKeys(dir, path)
	}
	if err != nil {
		return nil, fmt.Errorf("ledger: reading the identity key: %w", err)
	}
	if len(b) != 2*keyBytes {
		return nil, fmt.Errorf("ledger: %s holds %d bytes, an identity key has %d", path, len(b), 2*keyBytes)
	}
	return NewKeyring(1, b)
}

func makeKeys(dir, path string) ([]byte, error) {
	b := make([]byte, 2*keyBytes)
	if _, err := rand.Read(b); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of keys: %w", err)
	}
	return b, os.WriteFile(path, b, 0o600)
}

// mark is what a store keeps to know its keys again; it tells nothing about them.
func (k *Keyring) mark() []byte { return k.hash("xinban key check")[:8] }

// NewKeyring makes a keyring from 64 secret bytes.
func NewKeyring(version int64, secret []byte) (*Keyring, error) {
	block, err := aes.NewCipher(secret[keyBytes:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Keyring{version, secret[:keyBytes], aead}, nil
}

func (k *Keyring) hash(number string) []byte {
	m := hmac.New(sha256.New, k.mac)
	m.Write([]byte(number))
	return m.Sum(nil)
}

// Seal encrypts an identity number as it lies in the identity table.
func (k *Keyring) sealBytes(number string) []byte { return k.seal.Seal(nil, nil, []byte(number), nil) }

func (k *Keyring) unseal(sealed []byte) (string, error) {
	b, err := k.seal.Open(nil, nil, sealed, nil)
	if err != nil {
		return "", fmt.Errorf("ledger: an identity number does not open with this key: %w", err)
	}
	return string(b), nil
}

// sealedMark begins a sealed cell of a row as received. Intake refuses NUL, so no cell begins so by itself.
const sealedMark = "\x00"

// SealCell encrypts a cell that holds an identity number.
func (k *Keyring) SealCell(cell string) string {
	if cell == "" {
		return ""
	}
	return sealedMark + string(k.sealBytes(cell))
}

func (k *Keyring) unsealCell(cell string) (string, error) {
	if !strings.HasPrefix(cell, sealedMark) {
		return cell, nil
	}
	return k.unseal([]byte(cell[len(sealedMark):]))
}
