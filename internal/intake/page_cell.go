package intake

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
)

// cell is one field of a row on a form, with what is wrong with it beside it.
type cell struct {
	Name     string // of the input: c and the column
	Label    string
	Value    string
	Masked   string // an identity number on record: the input is empty and changes it only when filled in
	Required bool
	Wanted   bool
	Input    normal.Input
	Options  []string
	Findings []told1
}

// told1 is a finding in the reader's language.
type told1 struct {
	Field, Text, Fix string
	Block            bool
}

// Wrong tells that something on the cell keeps the row out.
func (c cell) Wrong() bool {
	return slices.ContainsFunc(c.Findings, func(t told1) bool { return t.Block })
}

// Summary is a finding as the head of the form tells it: with the label, unless it names it itself.
func (c cell) Summary(t told1) string {
	if strings.Contains(t.Text, c.Label) {
		return t.Text
	}
	return c.Label + "：" + t.Text
}

// Kind is the type of the HTML input.
func (c cell) Kind() string {
	switch c.Input {
	case normal.Paragraph:
		return "textarea"
	case normal.ClassChoice, normal.ProcedureChoice:
		return "select"
	case normal.Day:
		return "date"
	}
	return "text"
}

// List is the name of the list of suggestions, empty for none.
func (c cell) List() string {
	switch c.Input {
	case normal.PenaltyChoice:
		return "list-penalty"
	case normal.CategoryChoice:
		return "list-category"
	case normal.DocumentChoice:
		return "list-document"
	}
	return ""
}

// choicesOf are the values offered for an input.
func choicesOf(in normal.Input) []string {
	var all []string
	switch in {
	case normal.ClassChoice:
		for _, c := range []credit.SubjectClass{credit.Organisation, credit.IndividualTrader, credit.NaturalPerson} {
			all = append(all, c.Chinese())
		}
	case normal.ProcedureChoice:
		all = []string{credit.ProcedureOrdinary.Chinese(), credit.ProcedureSimple.Chinese()}
	case normal.PenaltyChoice:
		for k := credit.Warning; k <= credit.OrderClosure; k++ {
			all = append(all, k.Chinese())
		}
	case normal.CategoryChoice:
		all = []string{"普通", "特许", "认可", "核准", "登记", "其他"}
	case normal.DocumentChoice:
		all = []string{"居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证"}
	}
	return all
}

// lists are the suggestions that several inputs of a page share.
func lists() map[string][]string {
	return map[string][]string{"list-penalty": choicesOf(normal.PenaltyChoice), "list-category": choicesOf(normal.CategoryChoice),
		"list-document": choicesOf(normal.DocumentChoice)}
}

// cellsOf puts a row on a form. sealed marks cells whose number is not shown; free makes every input a
// line or a paragraph, for text as received that fits no choice.
func cellsOf(kind credit.Kind, headings, values []string, sealed []bool, findings []normal.Finding, lang string, free bool) []cell {
	fields := map[string]normal.Field{}
	for _, f := range normal.Fields(kind) {
		fields[f.Heading] = f
	}
	all := make([]cell, 0, len(headings))
	for i, h := range headings {
		f := fields[h]
		c := cell{Name: fmt.Sprintf("c%d", i), Label: h, Required: f.Required, Wanted: f.Wanted, Input: f.Input}
		if i < len(values) {
			c.Value = values[i]
		}
		if free && c.Kind() != "textarea" {
			c.Input = normal.Line
			if len([]rune(c.Value)) > 60 || strings.Contains(c.Value, "\n") {
				c.Input = normal.Paragraph
			}
		}
		c.Options = choicesOf(c.Input)
		if i < len(sealed) && sealed[i] && c.Value != "" {
			c.Masked, c.Value = mask(c.Value), ""
		}
		all = append(all, c)
	}
	for _, f := range findings {
		if f.Column >= 0 && f.Column < len(all) {
			all[f.Column].Findings = append(all[f.Column].Findings, tell(f, lang))
		}
	}
	return all
}

// loose are the findings that no single cell bears.
func loose(findings []normal.Finding, cells int, lang string) []told1 {
	var all []told1
	for _, f := range findings {
		if f.Column < 0 || f.Column >= cells {
			all = append(all, tell(f, lang))
		}
	}
	return all
}

func tell(f normal.Finding, lang string) told1 {
	t := told1{f.Field, f.Message, f.Fix, f.Block}
	if lang == "en" {
		t.Text, t.Fix = f.English()
	}
	return t
}

// section is a part of a form.
type section struct {
	Title string // key
	Cells []cell
	More  []cell // rarely needed: folded away unless something stands in one or is wrong with it
	Open  bool
}

// All are all cells of the section.
func (s section) All() []cell { return slices.Concat(s.Cells, s.More) }

// sectionKeys are the titles of the groups of a form, by group.
var sectionKeys = []string{"intake.group.party", "intake.group.decision", "intake.group.term", "intake.group.origin", "intake.group.further"}

// sections groups the cells of a template's row.
func sections(kind credit.Kind, cells []cell) []section {
	all := make([]section, len(sectionKeys))
	for i, k := range sectionKeys {
		all[i].Title = k
	}
	fields := normal.Fields(kind)
	for i := range min(len(fields), len(cells)) {
		g, c := &all[fields[i].Group], cells[i]
		if fields[i].Main {
			g.Cells = append(g.Cells, c)
			continue
		}
		g.More = append(g.More, c)
		g.Open = g.Open || c.Value != "" || len(c.Findings) > 0
	}
	return slices.DeleteFunc(all, func(s section) bool { return len(s.Cells)+len(s.More) == 0 })
}

// typed reads the cells of a form under the given number of columns.
func typed(values url.Values, columns int) []string {
	cells := make([]string, columns)
	for i := range cells {
		cells[i] = strings.ReplaceAll(values.Get(fmt.Sprintf("c%d", i)), "\r\n", "\n")
	}
	return cells
}

// edits reads which cells a form changes. An empty input of a masked cell changes nothing; an input that
// was not on the form neither.
func edits(values url.Values, cells []string, sealed []bool) map[int]string {
	changed := map[int]string{}
	for i := range cells {
		v, ok := values[fmt.Sprintf("c%d", i)]
		if !ok || i < len(sealed) && sealed[i] && v[0] == "" {
			continue
		}
		if text := strings.ReplaceAll(v[0], "\r\n", "\n"); text != cells[i] {
			changed[i] = text
		}
	}
	return changed
}

// codeTitle says what a code of a finding stands for.
func codeTitle(code, lang string) string {
	zh, en := titleOf(code)
	if lang == "en" {
		return en
	}
	return zh
}
