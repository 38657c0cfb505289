package ledger

import (
	"encoding/json"
	"fmt"

	"xinban/internal/credit"
)

// EventType is what happened to a matter or subject after it was asserted.
type EventType string

// The events.
const (
	Withdrawn     EventType = "withdrawn"      // 撤回: a source takes its own assertion back
	Annulled      EventType = "annulled"       // 撤销: the decision itself was annulled
	Repaired      EventType = "repaired"       // 信用修复
	RepairRevoked EventType = "repair_revoked" // 修复撤销: the record returns
	Removed       EventType = "removed"        // 移出名单
	Disputed      EventType = "disputed"       // 异议受理
	DisputeClosed EventType = "dispute_closed" // 异议办结
	Reassigned    EventType = "reassigned"     // 归属更正: annulled here, asserted under To
	Linked        EventType = "linked"         // To is the same subject, a successor, …: see Link
	LinkUndone    EventType = "link_undone"
	Corrected     EventType = "corrected" // 更正: why the assertion just before was made
	Adopted       EventType = "adopted"   // 采纳: the word of Source at Seq, which waited since a correction or withdrawal, stands
)

// Event is one event. Matter-level events apply from their effective date on.
type Event struct {
	Type   EventType   `json:"type"`
	Reason string      `json:"reason,omitempty"`
	By     string      `json:"by,omitempty"`     // login of the person who recorded it
	Ref    string      `json:"ref,omitempty"`    // document or case it rests on
	Source int64       `json:"source,omitempty"` // withdrawn, corrected, adopted: whose assertion
	Seq    int64       `json:"seq,omitempty"`    // adopted: which assertion
	Link   Link        `json:"link,omitempty"`
	To     credit.Key  `json:"to,omitempty"`
	On     credit.Date `json:"-"` // effective date, kept in the envelope
}

// Link is how two keys belong together.
type Link string

// The links. SameAs joins the facts of both keys; the others are shown as lineage.
const (
	SameAs      Link = "same_as"      // one subject under two keys
	SuccessorOf Link = "successor_of" // 更码、个转企、合并存续: To is the predecessor whose records are included
	SplitFrom   Link = "split_from"   // 分立
	BranchOf    Link = "branch_of"    // 分支机构
	RenamedFrom Link = "renamed_from" // 曾用名, in Reason
)

// Includes tells whether records of the linked key belong to this subject's report.
func (l Link) Includes() bool { return l == SameAs || l == SuccessorOf }

func (e *Event) encode() ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("ledger: encoding an event: %w", err)
	}
	return append([]byte{formPlain}, b...), nil
}
