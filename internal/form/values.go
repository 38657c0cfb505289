package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Values is what a paper says beside its template.
type Values struct {
	// Number is the paper's number, at the foot of every page.
	Number string
	// Fields are single values by name, such as subject.name.
	Fields map[string]string
	// Lists are the rows of tables by the table's name, each a set of columns.
	Lists map[string][]map[string]string
}

// Gap is a placeholder without a value.
type Gap struct {
	Name string // as subject.name, or matters[2].authority of the second row
	Line int    // of the template
}

// Incomplete is the error of a paper whose values have gaps. It names them all.
type Incomplete struct {
	Template string // its title
	Gaps     []Gap  // in the order of the paper, each name once
}

// Error says in Chinese what is missing and where the template wants it.
func (e *Incomplete) Error() string {
	var names []string
	for _, g := range e.Gaps {
		names = append(names, fmt.Sprintf("%s（模板第%d行）", g.Name, g.Line))
	}
	return fmt.Sprintf("“%s”还缺%d项内容：%s；请补齐后再生成", e.Template, len(e.Gaps), strings.Join(names, "、"))
}

// filling puts values into phrases and keeps the gaps.
type filling struct {
	v    Values
	used Values // what stands on the paper, and nothing besides
	gaps []Gap
}

// gap keeps a missing name once.
func (f *filling) gap(name string, line int) {
	if !slices.ContainsFunc(f.gaps, func(g Gap) bool { return g.Name == name }) {
		f.gaps = append(f.gaps, Gap{name, line})
	}
}

// text is a phrase with its values. What a value says is never read as a placeholder.
func (f *filling) text(p *phrase) string { return f.inRow(p, "", 0, nil) }

// inRow is a phrase of row n (from 1) of a list.
func (f *filling) inRow(p *phrase, list string, n int, row map[string]string) string {
	if p == nil {
		return ""
	}
	var b strings.Builder
	for _, x := range p.parts {
		b.WriteString(x.text)
		if x.name != "" {
			b.WriteString(f.value(x.name, p.line, list, n, row))
		}
	}
	return b.String()
}

// value finds one value; a blank one is a gap, because a blank on a form would be read as an answer.
func (f *filling) value(name string, line int, list string, n int, row map[string]string) string {
	column, inRow := strings.CutPrefix(name, "row.")
	switch {
	case inRow && column == "n":
		return strconv.Itoa(n)
	case inRow:
		return f.said(row[column], fmt.Sprintf("%s[%d].%s", list, n, column), line, f.used.Lists[list][n-1], column)
	}
	return f.said(f.v.Fields[name], name, line, f.used.Fields, name)
}

// said keeps a value as used, or as a gap under its full name.
func (f *filling) said(s, full string, line int, used map[string]string, name string) string {
	if s = strings.TrimSpace(s); s == "" {
		f.gap(full, line)
	}
	used[name] = s
	return s
}

// says reports whether what is under the condition is on this paper. A value that was never given is a gap: whether
// there is an agent must be said, not guessed.
func (f *filling) says(when condition) bool {
	if when.name == "" {
		return true
	}
	s, given := f.v.Fields[when.name]
	if !given {
		f.gap(when.name, when.line)
	}
	return strings.TrimSpace(s) != ""
}

// rows are the rows of a table. A list that was never given is a gap; an empty one is said by the table.
func (f *filling) rows(name string, line int) []map[string]string {
	rows, given := f.v.Lists[name]
	if !given {
		f.gap(name, line)
	}
	for len(f.used.Lists[name]) < len(rows) {
		f.used.Lists[name] = append(f.used.Lists[name], map[string]string{})
	}
	return rows
}
