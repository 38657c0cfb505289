package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"xinban/internal/problem"
)

// Hashing is the cost of argon2id (RFC 9106). The zero value is the default: 64 MiB, two passes, one
// lane, about 0.1 s on a small server. Only tests go lower.
type Hashing struct {
	MemoryKiB uint32
	Passes    uint32
}

func (h Hashing) orDefault() Hashing {
	if h.MemoryKiB == 0 {
		h.MemoryKiB = 64 << 10
	}
	if h.Passes == 0 {
		h.Passes = 2
	}
	return h
}

const (
	saltBytes = 16
	hashBytes = 32
)

// hasher bounds how many passwords are hashed at once, because each takes MemoryKiB.
type hasher struct {
	cost  Hashing
	slots chan struct{}
	dummy string
}

func newHasher(cost Hashing, atOnce int) *hasher {
	h := &hasher{cost: cost.orDefault(), slots: make(chan struct{}, atOnce)}
	h.dummy = h.encode([]byte("no such account"))
	return h
}

// hash returns the password in the usual text form, $argon2id$v=19$m=…,t=…,p=1$salt$hash.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.take(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.slots }()
	return h.encode([]byte(password)), nil
}

func (h *hasher) encode(password []byte) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	sum := argon2.IDKey(password, salt, h.cost.Passes, h.cost.MemoryKiB, 1, hashBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.cost.MemoryKiB, h.cost.Passes, b64(salt), b64(sum))
}

// matches tells whether password is the one of encoded. It takes as long for an account that does not
// exist (encoded empty), for which it is false. Old costs are honoured, so they can be raised.
func (h *hasher) matches(ctx context.Context, encoded, password string) (bool, error) {
	if err := h.take(ctx); err != nil {
		return false, err
	}
	defer func() { <-h.slots }()
	exists := encoded != ""
	if !exists {
		encoded = h.dummy
	}
	cost, salt, want, err := decode(encoded)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), salt, cost.Passes, cost.MemoryKiB, 1, hashBytes)
	return subtle.ConstantTimeCompare(got, want) == 1 && exists, nil
}

func (h *hasher) take(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("account: waiting to check a password: %w", ctx.Err())
	}
}

func decode(encoded string) (cost Hashing, salt, sum []byte, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return cost, nil, nil, fmt.Errorf("account: a stored password is not argon2id")
	}
	var version int
	if _, err = fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return cost, nil, nil, fmt.Errorf("account: a stored password has version %q", parts[2])
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &cost.MemoryKiB, &cost.Passes); err != nil {
		return cost, nil, nil, fmt.Errorf("account: reading the cost of a stored password: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return cost, nil, nil, fmt.Errorf("account: reading the salt of a stored password: %w", err)
	}
	if sum, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(sum) != hashBytes {
		return cost, nil, nil, fmt.Errorf("account: a stored password is damaged")
	}
	return cost, salt, sum, nil
}

// Lengths of a password in characters.
const (
	MinPassword = 10
	MaxPassword = 128
)

// common are passwords that guessers try first and that the other rules let pass.
var common = map[string]bool{"password123": true, "1q2w3e4r5t": true, "qwertyuiop": true, "admin12345": true,
	"welcome123": true, "iloveyou123": true, "abc1234567": true, "p@ssw0rd123": true, "woaini1314": true,
	"qwer123456": true, "admin@1234": true, "asdf123456": true, "zxcvbnm123": true, "1qaz2wsx3edc": true}

// CheckPassword returns the problem with a new password, nil when it is good: 10 to 128 characters, of
// two kinds at least, not the login name, not one that everybody tries.
func CheckPassword(login, password string) error {
	bad := func(key string, args ...any) error {
		return problem.New(http.StatusUnprocessableEntity, "form").At("password", key, args...)
	}
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return bad("account.password.characters")
	case n < MinPassword:
		return bad("account.password.short", MinPassword)
	case n > MaxPassword:
		return bad("account.password.long", MaxPassword)
	case len(login) >= 3 && strings.Contains(low, strings.ToLower(login)):
		return bad("account.password.login")
	case common[low] || kinds(password) < 2 || distinct(password) < 5:
		return bad("account.password.weak")
	}
	return nil
}

func kinds(s string) int {
	var lower, upper, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
