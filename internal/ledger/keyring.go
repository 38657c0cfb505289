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

// Keyring holds the keys that hash and seal identity numbers, by version; the last is the one in use, the
// ones before open what they sealed. Losing it makes identities unreadable; the facts stay.
type Keyring struct {
	keys []identityKey // in the order of their versions, at least one
}

type identityKey struct {
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

// ErrKeysOld says that another process gave the store new identity keys since this one read them.
var ErrKeysOld = errors.New("身份密钥已经更换：请重新启动本程序")

// OpenKeyring reads the keys in dir. They are made (mode 0600) only where fresh says that the store is
// new.
func OpenKeyring(dir string, fresh bool) (*Keyring, error) {
	k := &Keyring{}
	for version := int64(1); ; version++ {
		path := keyFile(dir, version)
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			if version > 1 {
				return k, nil
			}
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
		if err := k.add(version, b); err != nil {
			return nil, err
		}
	}
}

func keyFile(dir string, version int64) string {
	return filepath.Join(dir, fmt.Sprintf("identity-%d.key", version))
}

// NewIdentityKey makes the next key in dir. Whoever opens the keyring from then on uses it; see
// [Ledger.Rehash].
func (k *Keyring) NewIdentityKey(dir string) (*Keyring, error) {
	if _, err := makeKeys(dir, keyFile(dir, k.current().version+1)); err != nil {
		return nil, fmt.Errorf("ledger: making an identity key: %w", err)
	}
	return OpenKeyring(dir, false)
}

func makeKeys(dir, path string) ([]byte, error) {
	b := make([]byte, 2*keyBytes)
	if _, err := rand.Read(b); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of keys: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // never over another key
	if err != nil {
		return nil, err
	}
	_, err = f.Write(b)
	return b, errors.Join(err, f.Sync(), f.Close())
}

// NewKeyring makes a keyring of one key from 64 secret bytes.
func NewKeyring(version int64, secret []byte) (*Keyring, error) {
	k := &Keyring{}
	return k, k.add(version, secret)
}

func (k *Keyring) add(version int64, secret []byte) error {
	block, err := aes.NewCipher(secret[keyBytes:])
	if err != nil {
		return err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return err
	}
	k.keys = append(k.keys, identityKey{version, secret[:keyBytes], aead})
	return nil
}

func (k *Keyring) current() *identityKey { return &k.keys[len(k.keys)-1] }

// mark is what a store keeps to know a key again; it tells nothing about it.
func (k *identityKey) mark() []byte { return k.hash("xinban key check")[:8] }

func (k *identityKey) hash(number string) []byte {
	m := hmac.New(sha256.New, k.mac)
	m.Write([]byte(number))
	return m.Sum(nil)
}

// hash is what a number is found by.
func (k *Keyring) hash(number string) []byte { return k.current().hash(number) }

// hashes are what a number may be found by while not all are hashed with the newest key.
func (k *Keyring) hashes(number string) [][]byte {
	all := make([][]byte, len(k.keys))
	for i := range k.keys {
		all[i] = k.keys[i].hash(number)
	}
	return all
}

// Seal encrypts an identity number as it lies in the identity table.
func (k *Keyring) sealBytes(number string) []byte {
	return k.current().seal.Seal(nil, nil, []byte(number), nil)
}

func (k *Keyring) unseal(sealed []byte) (number string, err error) {
	for i := len(k.keys) - 1; i >= 0; i-- {
		var b []byte
		if b, err = k.keys[i].seal.Open(nil, nil, sealed, nil); err == nil {
			return string(b), nil
		}
	}
	return "", fmt.Errorf("ledger: an identity number does not open with these keys: %w", err)
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
