package livecode

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"xinban/internal/credit"
)

// Life is how long a code lives.
const Life = 2 * time.Minute

// Most is how often one showing may be scanned at most.
const Most = 20

// codeLength is the length of a code in characters of five bits each: 100 bits.
const codeLength = 20

// Fields is how much a code shows; each shows what the one before does.
type Fields string

// The choices.
const (
	Conclusion Fields = "conclusion" // 仅结论
	Counts     Fields = "counts"     // 结论和各领域条数
	Records    Fields = "records"    // 结论、条数和报告所列记录
)

// Choice is what a subject consents to show.
type Choice struct {
	Edition string
	Fields  Fields
	Domains []string // identifiers of the domains asked; empty for all
	Uses    int      // scans in all
}

// Snapshot is what a report says, as far as a code may show it.
type Snapshot struct {
	Name       string      `json:"name"`
	Code       string      `json:"code"` // of the subject; empty for a person
	Edition    string      `json:"edition"`
	Conclusion string      `json:"conclusion"`
	From       credit.Date `json:"from"`
	To         credit.Date `json:"to"`
	Issuer     string      `json:"issuer"`
	Number     string      `json:"number"` // of the report
	IssuedAt   time.Time   `json:"issued_at"`
	Fields     Fields      `json:"fields"`            // what the subject consented to show
	Unanswered []string    `json:"unanswered"`        // names of the domains that give no answer
	Asked      int         `json:"asked"`             // domains
	Domains    []string    `json:"domains,omitempty"` // their names, where the subject chose some of all
	Counts     []Count     `json:"counts,omitempty"`
	Records    []Line      `json:"records,omitempty"`
	Demo       bool        `json:"demo,omitempty"`
}

// Count is how many records a domain has; domains without are left out.
type Count struct {
	Domain  string `json:"domain"`
	Records int    `json:"records"`
}

// Line is one record.
type Line struct {
	Kind      string `json:"kind"`
	DocNo     string `json:"doc_no"`
	Authority string `json:"authority"`
	Decided   string `json:"decided"`
	State     string `json:"state"`
}

// known tells that it is one of the choices.
func (f Fields) known() bool { return f == Conclusion || f == Counts || f == Records }

// Only leaves of a snapshot what was consented to: of what is no choice, the conclusion alone.
func (s Snapshot) Only(f Fields) Snapshot {
	s.Fields = f
	if f != Records {
		s.Records = nil
	}
	if f != Records && f != Counts {
		s.Counts = nil
	}
	return s
}

// newCode is a code as it is shown and typed.
func newCode() string { return rand.Text()[:codeLength] }

// Grouped sets the characters of a code apart in fours.
func Grouped(code string) string {
	var parts []string
	for i := 0; i+4 <= len(code); i += 4 {
		parts = append(parts, code[i:i+4])
	}
	return strings.Join(parts, " ")
}

// normal reads what a person typed or scanned; ok is false for what can be no code.
func normal(text string) (code string, ok bool) {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "　", "").Replace(strings.TrimSpace(text)))
	return code, len(code) == codeLength
}

func digest(code string) string {
	sum := sha256.Sum256([]byte("livecode\x00" + code))
	return hex.EncodeToString(sum[:])
}
