package report

import (
	"slices"
	"strings"

	"xinban/internal/credit"
)

// ContentVersion is the version of the canonical JSON. Version 2 says from which day the data of a domain
// begin and how its feeds keep the time limits; version 3 names the signed statements beside the matters of the
// listing edition; version 4 says what they say and how each is verified apart.
const ContentVersion = 4

// Content is what a document says. Its canonical JSON (RFC 8785) is what is signed.
type Content struct {
	Version    int            `json:"version"`
	Number     string         `json:"number"`
	Code       string         `json:"code"` // random code that a look-up needs besides the number
	Subject    credit.Key     `json:"subject"`
	Name       string         `json:"name"`
	FormerName []string       `json:"former_names,omitempty"`
	Edition    string         `json:"edition"`
	RuleSet    string         `json:"ruleset"`
	Purpose    string         `json:"purpose,omitempty"`
	Issuer     string         `json:"issuer"`
	IssuedAt   string         `json:"issued_at"` // RFC 3339, Asia/Shanghai
	From       credit.Date    `json:"from"`
	To         credit.Date    `json:"to"`
	Domains    []DomainAnswer `json:"domains"`
	Records    []Record       `json:"records"`
	FinesFen   credit.Fen     `json:"fines_fen"`
	Conclusion Conclusion     `json:"conclusion"`
	Unanswered []string       `json:"unanswered"` // names of the domains that the document cannot speak for
	Demo       bool           `json:"demo,omitempty"`
	Basis      Basis          `json:"basis"`
}

// Basis is what the document was made from, enough to make it again.
type Basis struct {
	Facts    []Version `json:"facts"`
	Rules    string    `json:"rules"`     // digest of the adopted rules
	Organs   string    `json:"organs"`    // digest of the organ register
	Feeds    string    `json:"feeds"`     // digest of the feeds' state
	Template string    `json:"template"`  // version of the sheet
	LastDate string    `json:"knowledge"` // day on which the standing was folded
}

// Version is how far the facts of a key were folded. The seq stays inside, with what is stored for
// replay: it counts the subject's facts, those that the rules hide among them.
type Version struct {
	Key credit.Key `json:"key"`
	Seq int64      `json:"-"`
}

// State is what a domain answers.
type State string

// The answers of a domain.
const (
	None   State = "none"    // 未查见
	Found  State = "found"   // 查见
	Late   State = "late"    // 数据未更新，不作结论
	NoData State = "no_data" // 无数据，不作结论
)

// Conclusion is what the document says in all.
type Conclusion string

// The conclusions.
const (
	ConcludesNone  Conclusion = "none"
	ConcludesFound Conclusion = "found"
	Incomplete     Conclusion = "incomplete"
)

// DomainAnswer is one row of the table of domains.
type DomainAnswer struct {
	ID       string      `json:"id"`
	Name     string      `json:"name"`
	Organ    string      `json:"organ"`
	State    State       `json:"state"`
	Records  int         `json:"records"`
	DataAsOf credit.Date `json:"data_as_of"`
	// UnderCheck says that a row with a doubtful code may belong to the subject, or a matter to this
	// domain: state is late or no_data, never none.
	UnderCheck bool `json:"under_check,omitempty"`
	// DataFrom is the first day for which the data answer, where the period begins before it: state is
	// found or no_data, never none.
	DataFrom credit.Date `json:"data_from,omitempty"`
	Feeds    *Timeliness `json:"feeds,omitempty"`
}

// Record is one matter that the document shows. An edition that gives only counts fills Kind, Domain, Matter
// and Counts.
type Record struct {
	Kind      string      `json:"kind"`
	DocNo     string      `json:"doc_no"`
	Title     string      `json:"title,omitempty"`
	Authority string      `json:"authority"`
	Domain    string      `json:"domain"`
	DecidedOn credit.Date `json:"decided_on"`
	Class     string      `json:"class"`
	State     string      `json:"state"` // what is marked: 已修复, 已移出 …
	Detail    string      `json:"detail"`
	Fine      *credit.Fen `json:"fine_fen,omitempty"`
	Matter    string      `json:"matter"`
	Counts    bool        `json:"counts"`
	Statement *Statement  `json:"statement,omitempty"` // what the organ says of its gravity; in the listing edition
}

// byCount tells that the document gives only conclusion and counts: no record has particulars. A record
// may lack them for itself without hiding those of the others.
func (c *Content) byCount() bool {
	return !slices.ContainsFunc(c.Records, func(r Record) bool { return r.Detail != "" })
}

// particulars is the detail as pairs of name and value; a line without a name is a summary.
func (r *Record) particulars() (pairs [][2]string) {
	for _, line := range strings.Split(r.Detail, "\n") {
		if key, value, ok := strings.Cut(line, "："); ok {
			pairs = append(pairs, [2]string{key, value})
		} else if line != "" {
			pairs = append(pairs, [2]string{"摘要", line})
		}
	}
	return pairs
}

// Hidden is a matter that the document does not show, with the rule that hid it: for operators only.
type Hidden struct {
	Kind      string      `json:"kind"`
	DocNo     string      `json:"doc_no"`
	DecidedOn credit.Date `json:"decided_on"`
	Matter    string      `json:"matter"`
	Rule      string      `json:"rule"`
	Reason    string      `json:"reason"`
}
