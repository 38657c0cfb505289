package normal

import "xinban/internal/credit"

// Identity is what a row says about persons' identity documents. It is never part of a Record and
// must be sealed before it is stored.
type Identity struct {
	PersonIDType   string // code of the document's kind, "111" for 居民身份证
	PersonID       string // 证件号码 of a natural person
	LegalRepIDType string
	LegalRepID     string // 法定代表人证件号码
}

// Out is what one row became. It may be reused for the next row: the slices in it, that of
// Record.Extra too, are then overwritten, so copy what is to be kept. The strings may be kept.
type Out struct {
	Record        credit.Record
	Identity      Identity
	SealedColumns []int // indexes of the cells that hold identity numbers, in rising order
	Findings      []Finding
}

// Blocked tells whether the row goes to quarantine.
func (o *Out) Blocked() bool {
	for i := range o.Findings {
		if o.Findings[i].Block {
			return true
		}
	}
	return false
}

// Warned tells whether the row has findings, none of which blocks.
func (o *Out) Warned() bool { return len(o.Findings) > 0 && !o.Blocked() }

func (o *Out) reset(kind credit.Kind) {
	extra := o.Record.Extra
	clear(extra)
	o.Record = credit.Record{Kind: kind, Extra: extra[:0]}
	o.Identity = Identity{}
	o.SealedColumns = o.SealedColumns[:0]
	clear(o.Findings)
	o.Findings = o.Findings[:0]
}

func (o *Out) seal(column int) {
	for _, c := range o.SealedColumns {
		if c == column {
			return
		}
	}
	o.SealedColumns = append(o.SealedColumns, column)
}

// SealedIn names the cells of a row that could not be read, and so was not given to Row, that hold or
// may hold identity numbers: by their column, and by any run of digits that is one.
func (l *Layout) SealedIn(cells []string) (columns []int) {
	for i, cell := range cells {
		if i < len(l.cols) && identityColumn(l.cols[i].to) && cell != "" {
			columns = append(columns, i)
			continue
		}
		folded := credit.NormalText(cell)
		if _, found := maskIdentities(folded, ""); found {
			columns = append(columns, i)
		}
	}
	return columns
}
