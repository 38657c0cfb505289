package report

import (
	"cmp"
	"context"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/document/sheet"
)

// listingEdition is the edition beside whose matters signed statements are named.
const listingEdition = "listing"

// Statement is a signed statement of circumstances (情节说明) that stands beside a matter: whether the organ
// finds it a major violation.
type Statement struct {
	Number  string      `json:"number"`
	Organ   string      `json:"organ"`
	Verdict string      `json:"verdict"` // not_major, major or undecided
	Finding string      `json:"finding"` // the verdict in Chinese
	Date    credit.Date `json:"date"`
}

// Attached is a statement with the matter that it is about.
type Attached struct {
	Matter string `json:"matter"`
	Statement
}

// Statements tells of signed statements. None of them is a fact of the subject: a report is true without.
type Statements interface {
	// Attached returns the statements of a subject that stand, in the order of their numbers.
	Attached(ctx context.Context, key credit.Key) ([]Attached, error)
	// Stands tells whether a statement still stands, and if not why.
	Stands(ctx context.Context, key credit.Key, number string) (stands bool, why string, err error)
}

// attached reads the statements that a report in an edition names: the listing edition alone does.
func (s *Service) attached(ctx context.Context, edition string, key credit.Key) ([]Attached, error) {
	if s.c.Statements == nil || edition != listingEdition {
		return nil, nil
	}
	return s.c.Statements.Attached(ctx, key)
}

// statementOf finds the newest statement about a matter; nil for none.
func statementOf(all []Attached, matter string) *Statement {
	for i := range slices.Backward(all) {
		if all[i].Matter == matter {
			return &all[i].Statement
		}
	}
	return nil
}

// attachedIDs name the statements, so that a request with others is another one.
func attachedIDs(all []Attached) (ids []string) {
	for _, a := range all {
		ids = append(ids, a.Number)
	}
	return ids
}

// statementsStand says of each statement that a document names whether it still stands; ended tells that one
// does not.
func (s *Service) statementsStand(ctx context.Context, c *Content) (says []string, ended bool, err error) {
	for i := range c.Records {
		st := c.Records[i].Statement
		if st == nil {
			continue
		}
		stands, why := false, "现在无法查询"
		if s.c.Statements != nil {
			if stands, why, err = s.c.Statements.Stands(ctx, c.Subject, st.Number); err != nil {
				return nil, false, err
			}
		}
		if stands {
			says = append(says, "所附情节说明"+st.Number+"有效")
		} else {
			says, ended = append(says, "所附情节说明"+st.Number+why), true
		}
	}
	return says, ended, nil
}

// Words are the statement on one line.
func (s *Statement) Words() string {
	return s.Organ + "于" + s.Date.Chinese() + "说明：" + cmp.Or(s.Finding, s.Verdict) + "（编号" + s.Number + "）"
}

// statementItem is the statement on the paper, nothing for none.
func statementItem(r *Record) []sheet.KeyValue {
	if r.Statement == nil {
		return nil
	}
	return []sheet.KeyValue{{Key: "情节说明", Value: sheet.Tinted(r.Statement.Words(), sheet.Accent)}}
}
