package statement

import (
	"crypto/rand"
	"time"

	"xinban/internal/credit"
)

// contentKind tells a statement's JSON from other signed documents.
const contentKind = "xinban.statement"

// ContentVersion is the version of the canonical JSON.
const ContentVersion = 1

// Content is what a statement says. Its canonical JSON (RFC 8785) is what is signed.
type Content struct {
	Kind      string      `json:"kind"`
	Version   int         `json:"version"`
	Number    string      `json:"number"`
	Code      string      `json:"code"` // random code that a look-up needs besides the number
	Subject   credit.Key  `json:"subject"`
	Name      string      `json:"name"`
	Matter    string      `json:"matter"`
	DocNo     string      `json:"doc_no"`
	DecidedOn credit.Date `json:"decided_on"`
	Authority string      `json:"authority"`  // that decided the penalty
	Organ     string      `json:"organ"`      // that answers for it
	OrganCode string      `json:"organ_code"` // 统一社会信用代码
	Verdict   Verdict     `json:"verdict"`
	Reasons   string      `json:"reasons"`
	Basis     string      `json:"basis"`
	SignedBy  string      `json:"signed_by"` // account of the clerk
	SignedAt  string      `json:"signed_at"` // RFC 3339, Asia/Shanghai
	Request   string      `json:"request"`   // number of the case
	Replaces  string      `json:"replaces,omitempty"`
	Why       string      `json:"why,omitempty"` // why it replaces the older
	Issuer    string      `json:"issuer"`        // who keeps the seal
	Demo      bool        `json:"demo,omitempty"`
}

// Status is whether a statement still stands.
type Status string

// The statuses.
const (
	Valid     Status = "valid"     // 有效
	Replaced  Status = "replaced"  // 已由新的说明替代
	Retracted Status = "withdrawn" // 机关已撤回
	Unknown   Status = "unknown"   // 无法核实
)

// numberAlphabet is easy to read aloud and to type: no 0/O, 1/I/L, S/5, V, Z/2.
const numberAlphabet = "346789ABCDEFGHJKMNPQRTUWXY"

// newNumber is told from a report's by its first letter.
func newNumber(now time.Time) string {
	return "Q" + now.In(credit.Shanghai).Format("20060102150405") + random(8)
}

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

// ShownName is the subject's name as anybody may see it: a person's is masked.
func (c *Content) ShownName() string { return shownName(c.Subject, c.Name) }

// Time is when it was signed, in Shanghai; the zero time when that cannot be read.
func (c *Content) Time() time.Time {
	t, _ := time.Parse(time.RFC3339, c.SignedAt)
	return t.In(credit.Shanghai)
}

// Day is the day on which it was signed.
func (d *Signed) Day() credit.Date { return credit.DateOf(time.UnixMilli(d.Signed)) }
