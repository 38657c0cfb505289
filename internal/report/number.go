package report

import (
	"crypto/rand"
	"time"

	"xinban/internal/credit"
)

// numberAlphabet is easy to read aloud and to type: no 0/O, 1/I/L, S/5, V, Z/2.
const numberAlphabet = "346789ABCDEFGHJKMNPQRTUWXY"

// newNumber is the time of issue to the second and eight random characters.
func newNumber(now time.Time) string {
	return now.In(credit.Shanghai).Format("20060102150405") + random(8)
}

// newCode is the code that a public look-up needs besides the number: about 37 bits, so that numbers
// cannot be harvested at the rate at which look-ups are allowed.
func newCode() string { return random(8) }

func random(n int) string {
	raw := make([]byte, 2*n)
	if _, err := rand.Read(raw); err != nil {
		panic(err) // crypto/rand does not fail on supported systems
	}
	out := make([]byte, n)
	for i := range out {
		out[i] = numberAlphabet[(int(raw[2*i])<<8|int(raw[2*i+1]))%len(numberAlphabet)]
	}
	return string(out)
}
