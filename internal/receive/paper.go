package receive

import (
	"context"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// Statuses of a paper, as the report gives them.
const (
	Valid     = "valid"     // 有效
	Changed   = "changed"   // 有效，此后有变化
	Replaced  = "replaced"  // 已被新报告替代
	Withdrawn = "withdrawn" // 已作废
	Unknown   = "unknown"   // 无法核实
)

// Conclusions of a paper, as the report gives them.
const (
	ConcludesNone  = "none"       // 未查见
	ConcludesFound = "found"      // 查见
	Incomplete     = "incomplete" // 部分领域不作结论
)

// Paper is what verification says of a file. What is under Known is the document's own content and is empty
// where that could not be read.
type Paper struct {
	Unaltered bool
	Trusted   bool   // signed by one who is believed
	Status    string // Unknown when the issuer does not know it
	Number    string
	Reasons   []string
	Known
}

// Known is the content of a paper.
type Known struct {
	Subject    credit.Key
	Name       string // as it may be shown
	Edition    string
	From, To   credit.Date
	Purpose    string
	Domains    []string // identifiers of those asked about
	Unanswered []string // identifiers of those that it cannot speak for
	Fines      credit.Fen
	Conclusion string // one of the conclusions, empty in tables that were kept before it was read
	Records    int    // how many it counts
}

// Genuine tells that a paper is what its issuer issued.
func (p *Paper) Genuine() bool { return p.Unaltered && p.Trusted && p.Status != Unknown }

// Query asks for a report on a subject.
type Query struct {
	Key     credit.Key
	Edition string
	Purpose string
	Domains []string    // identifiers; empty for all
	From    credit.Date // 0 for the longest period
	To      credit.Date // 0 for today
	// Within is called in the transaction that issues, and may refuse.
	Within func(tx *store.Tx, number string) error
}

// RefusedError says what is wrong with what was asked, in Chinese and for the asker.
type RefusedError struct {
	Field string // of the form, empty for the whole
	Text  string
}

// Error is the text for the asker.
func (e *RefusedError) Error() string { return e.Text }

// Reports is what the desk needs of the report.
type Reports interface {
	// Verify answers for a file; a file that is no report is an answer, not an error.
	Verify(ctx context.Context, file []byte) (Paper, error)
	// Ended is the status that is kept of a document: Valid while nothing ended it.
	Ended(ctx context.Context, key credit.Key, number string) (string, error)
	// Status is how a document stands today.
	Status(ctx context.Context, key credit.Key, number string) (string, error)
	// Since counts the records that a report of the same settings would show today and this one does not.
	Since(ctx context.Context, number string) (int, error)
	// Make issues a report. What is wrong with the query is a *RefusedError.
	Make(ctx context.Context, q Query, who audit.Actor) (number string, err error)
	// Read gives a report with its files.
	Read(ctx context.Context, number string) (*Report, error)
}

// Report is an issued report as its reader sees it.
type Report struct {
	Paper
	Code    string // 核验码
	Records []Line
	PDF     []byte
	JSON    []byte
}

// Line is one record of a report.
type Line struct{ Kind, DocNo, Authority, Decided, State string }
