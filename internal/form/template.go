package form

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/document/sheet"
)

// Audience is whom a paper is for.
type Audience string

// Applicant is the subject of a record, Organ a body or platform, Third a credit service beside the official
// platforms, Archive the file room.
const (
	Applicant Audience = "applicant"
	Organ     Audience = "organ"
	Third     Audience = "third"
	Archive   Audience = "archive"
)

var audiences = []Audience{Applicant, Organ, Third, Archive}

// Template is one paper before its values. It is a dated setting of the centre, never law.
type Template struct {
	ID       string
	Title    string
	For      Audience
	From     credit.Date       // the first date on which it is used
	Source   string            // where its content comes from
	Sureness decision.Sureness // how sure that source is

	edition, to *phrase
	blocks      []block
	sign        *signature
	seal        bool
}

// Sealed reports whether the paper carries the centre's seal.
func (t *Template) Sealed() bool { return t.seal }

// condition names the field that must say something for a part to be on the paper.
type condition struct {
	name string
	line int
}

// block is one part of a paper: exactly one of its fields besides when is set.
type block struct {
	when      condition
	heading   *phrase
	paragraph *phrase
	notice    *notice
	facts     []fact
	list      []phrase
	table     *table
}

type notice struct {
	tone        sheet.Tone
	title, text *phrase
}

type fact struct {
	when       condition
	key, value *phrase
}

type table struct {
	rows    string
	line    int
	empty   *phrase
	columns []column
}

type column struct {
	title, value *phrase
	width        float64
	align        sheet.Align
}

// signature ends a paper: who signs it, when, and the code that leads to the case.
type signature struct {
	name, date *phrase
	code       *phrase // content of the two-dimensional code, may be empty
	caption    []phrase
}
