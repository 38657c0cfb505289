package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Time-based one-time passwords (动态口令) as of RFC 6238: SHA-1, six digits, 30 seconds, because that is
// what every authenticator understands.
const (
	totpPeriod      = 30
	totpSecretBytes = 20
	recoveryCodes   = 8
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// TOTP returns the code of the secret for a step, that is Unix time divided by 30.
func TOTP(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// Step returns the step of an instant.
func Step(t time.Time) int64 { return t.Unix() / totpPeriod }

// matchTOTP returns the step for which code is right: now, one before or one after, but later than
// last, so that a code seen over a shoulder does not work twice.
func matchTOTP(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.ReplaceAll(code, " ", "")
	for s := Step(now) - 1; s <= Step(now)+1; s++ {
		if subtle.ConstantTimeCompare([]byte(TOTP(secret, s)), []byte(code)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// Enrolment is a TOTP secret that the user has been shown and has not yet confirmed.
type Enrolment struct {
	Secret string // base32
	URI    string // otpauth://, for a QR code
}

// NewEnrolment makes a secret for the account.
func NewEnrolment(issuer, login string) Enrolment {
	b := make([]byte, totpSecretBytes)
	_, _ = rand.Read(b) // never fails
	return enrolment(issuer, login, base32Plain.EncodeToString(b))
}

func enrolment(issuer, login, secret string) Enrolment {
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login,
		RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return Enrolment{secret, u.String()}
}

// newRecoveryCodes returns codes such as k3fq-7ma2-xw9d, each good once in place of a TOTP code.
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		t := strings.ToLower(rand.Text()[:12])
		codes[i] = t[:4] + "-" + t[4:8] + "-" + t[8:]
	}
	return codes
}

// recoveryDigest is how a recovery code is kept. It has 60 random bits, so a plain digest is enough.
func recoveryDigest(account, code string) string {
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	return digest("recovery", account, code)
}
