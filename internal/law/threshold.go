package law

import (
	"cmp"
	"slices"

	"xinban/internal/credit"
)

// subject kinds of the amount tables. A sole trader is an organisation here until an authority's
// table says otherwise.
const (
	ofOrganisation = 0
	ofPerson       = 1
)

var subjects = map[string]int{"organisation": ofOrganisation, "person": ofPerson}

func subjectOf(m *Matter) int {
	if m.person() {
		return ofPerson
	}
	return ofOrganisation
}

// anyDomain is the domain of the rows that hold where a domain has none of its own.
const anyDomain = "*"

type thresholdKey struct {
	domain  string
	subject int
	kind    credit.PenaltyKind
}

type thresholdRow struct {
	rule        *Rule
	from, below credit.Fen // below 0: no upper end
	class       Class
}

// Thresholds are the amounts that part the classes, by domain (较少、较大、巨额).
type Thresholds struct {
	rows map[thresholdKey][]thresholdRow // newest effective date first, then by amount
}

type thresholdSpec struct {
	Head header `yaml:",inline"`
	Rows []struct {
		About   about     `yaml:",inline"`
		Domain  string    `yaml:"domain"`
		Subject string    `yaml:"subject"`
		Penalty penaltyAt `yaml:"penalty"`
		From    int64     `yaml:"from_yuan"`
		Below   int64     `yaml:"below_yuan"`
		Class   classAt   `yaml:"class"`
	} `yaml:"rows"`
}

func readThresholds(set Set, e *errs) (*Thresholds, error) {
	var spec thresholdSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	t := &Thresholds{rows: map[thresholdKey][]thresholdRow{}}
	for _, r := range spec.Rows {
		e.check(r.Domain != "" && r.Penalty.Line != 0 && r.Class.V != ClassUnknown, "第%d行：%s应写明domain、penalty和class", r.About.ID.Line, r.About.ID.V)
		key := thresholdKey{r.Domain, choice(e, r.About, "subject", r.Subject, subjects), credit.PenaltyKind(r.Penalty.V)}
		t.rows[key] = append(t.rows[key], thresholdRow{e.rule(r.About, spec.Head), credit.Fen(r.From) * credit.Yuan, credit.Fen(r.Below) * credit.Yuan, r.Class.V})
	}
	if e.err != nil {
		return nil, e.err
	}
	for key, rows := range t.rows {
		slices.SortFunc(rows, func(a, b thresholdRow) int {
			return cmp.Or(cmp.Compare(b.rule.From, a.rule.From), cmp.Compare(a.from, b.from))
		})
		e.meet(key, rows)
	}
	return t, e.err
}

// meet checks that the rows of each effective date cover every amount once.
func (e *errs) meet(key thresholdKey, rows []thresholdRow) {
	next := credit.Fen(0)
	for i, r := range rows {
		e.check(r.from == next, "%s从%s元起，而前面各行止于%s元：金额应当首尾相接", r.rule.ID, r.from.Yuan(), next.Yuan())
		last := i == len(rows)-1 || rows[i+1].rule.From != r.rule.From
		e.check(last == (r.below == 0), "%s：%s的最后一行（也只有最后一行）不写上限", r.rule.ID, key.domain)
		if next = r.below; last {
			next = 0
		}
	}
}

// find returns the rows for a matter decided on a day: those of its domain, else those of every
// domain; of several effective dates the latest not after the decision.
func (t *Thresholds) find(m *Matter, kind credit.PenaltyKind) []thresholdRow {
	if t == nil {
		return nil
	}
	subject := subjectOf(m)
	if rows := inForce(t.rows[thresholdKey{m.Domain, subject, kind}], m.Decided); len(rows) > 0 {
		return rows
	}
	return inForce(t.rows[thresholdKey{anyDomain, subject, kind}], m.Decided)
}

// inForce cuts rows to those of the latest effective date not after the decision. Decisions older
// than every row, and those without a date, are judged by the oldest rows.
func inForce(rows []thresholdRow, decided credit.Date) []thresholdRow {
	for i := 0; i < len(rows); {
		from, j := rows[i].rule.From, i
		for j < len(rows) && rows[j].rule.From == from {
			j++
		}
		if from <= decided || j == len(rows) {
			return rows[i:j]
		}
		i = j
	}
	return nil
}

func pick(rows []thresholdRow, amount credit.Fen) *thresholdRow {
	for i := range rows {
		if amount >= rows[i].from && (rows[i].below == 0 || amount < rows[i].below) {
			return &rows[i]
		}
	}
	return nil
}
