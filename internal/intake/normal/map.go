package normal

import (
	"fmt"
	"strings"
	"sync"

	"xinban/internal/credit"
)

// Layout says what each column of a file means. It may be used by several goroutines once Today is set.
type Layout struct {
	Kind   credit.Kind
	Today  credit.Date // decisions after it are refused; zero refuses none
	header []string
	cols   []mapped
	at     [targets]int16 // column + 1 of each target
	spec   [targets]*column
}

// mapped is the meaning of one column of a file.
type mapped struct {
	to      target
	heading string // in messages, and of an Extra field
	yuan    bool   // the amount is in yuan, not in 万元
}

// HeaderError says why the heading row cannot be understood. It is told to people as it stands.
type HeaderError struct {
	Kind      credit.Kind
	Missing   []string // required columns that are not there
	Duplicate []string // columns that are there twice
	Found     []string // the headings as received
}

// Error names what is missing, what is double and what was found.
func (e *HeaderError) Error() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "缺少必需的列："+strings.Join(e.Missing, "、"))
	}
	if len(e.Duplicate) > 0 {
		parts = append(parts, "重复的列："+strings.Join(e.Duplicate, "、"))
	}
	return fmt.Sprintf("%s的表头不符：%s；文件中的列：%s。请补齐或改正表头后重新上传", e.Kind.Chinese(), strings.Join(parts, "；"), strings.Join(e.Found, "、"))
}

// English is Error in English; the headings stay Chinese.
func (e *HeaderError) English() string {
	var parts []string
	if len(e.Missing) > 0 {
		parts = append(parts, "required columns are missing: "+strings.Join(e.Missing, ", "))
	}
	if len(e.Duplicate) > 0 {
		parts = append(parts, "columns occur twice: "+strings.Join(e.Duplicate, ", "))
	}
	return fmt.Sprintf("the heading does not fit %s: %s; columns of the file: %s. Mend the heading and send the file again", e.Kind, strings.Join(parts, "; "), strings.Join(e.Found, ", "))
}

// index finds a column of a kind by its folded name or code.
type index struct {
	names, codes map[string]*column
}

var indexes = sync.OnceValue(func() (all [len(layouts)]index) {
	for k := range layouts {
		all[k] = index{map[string]*column{}, map[string]*column{}}
		for i := range layouts[k] {
			c := &layouts[k][i]
			for _, n := range append([]string{c.heading}, c.names...) {
				for _, key := range headingKeys(n) {
					if _, taken := all[k].names[key]; !taken {
						all[k].names[key] = c
					}
				}
			}
			for _, code := range c.codes {
				all[k].codes[code] = c
			}
		}
	}
	return all
})

func headingKeys(name string) []string {
	f := foldHeading(name)
	return []string{f, strings.NewReplacer("(", "", ")", "").Replace(f)}
}

// find returns the column that a heading means; the Chinese name decides before the code.
func (x index) find(heading string) *column {
	names, code := readings(heading)
	for _, n := range names {
		if c := x.names[n]; c != nil && n != "" {
			return c
		}
	}
	if numbered(heading) != 0 && code == "" {
		return nil
	}
	return x.codes[code]
}

// Map finds the meaning of each column of a file of the given kind. Columns may stand in any order,
// under a Chinese name or an exchange code of either generation. The findings concern the file as a
// whole; the error is a *HeaderError.
func Map(header []string, kind credit.Kind) (*Layout, []Finding, error) {
	if int(kind) >= len(layouts) || layouts[kind] == nil {
		return nil, nil, fmt.Errorf("map columns: there is no layout for %s", kind)
	}
	m := mapper{l: &Layout{Kind: kind, header: header, cols: make([]mapped, len(header))}, index: indexes()[kind]}
	m.known()
	m.numbers()
	m.rest()
	m.absent()
	if len(m.err.Missing)+len(m.err.Duplicate) > 0 {
		m.err.Kind, m.err.Found = kind, header
		return nil, m.findings, &m.err
	}
	return m.l, m.findings, nil
}

type mapper struct {
	l        *Layout
	index    index
	err      HeaderError
	findings []Finding
	gens     [3]int
	extras   map[string]bool
}

func (m *mapper) known() {
	m.extras = map[string]bool{}
	for i, h := range m.l.header {
		if c := m.index.find(h); c != nil {
			m.gens[c.gen]++
			m.set(i, c)
		}
	}
}

func (m *mapper) set(i int, c *column) {
	l := m.l
	if c.to == toExtra {
		if m.extras[c.heading] {
			m.err.Duplicate = append(m.err.Duplicate, c.heading)
		}
		m.extras[c.heading] = true
	} else {
		if l.at[c.to] != 0 {
			m.err.Duplicate = append(m.err.Duplicate, fmt.Sprintf("%s（“%s”与“%s”）", c.heading, strings.TrimSpace(l.header[l.at[c.to]-1]), strings.TrimSpace(l.header[i])))
			return
		}
		l.at[c.to] = int16(i + 1)
		l.spec[c.to] = c
	}
	l.cols[i] = mapped{to: c.to, heading: c.heading, yuan: (c.to == toFine || c.to == toConfiscated) && inYuan(l.header[i])}
}

// numbers gives bare 代码_2 … their meaning by the generation that the other columns show.
func (m *mapper) numbers() {
	gen := both
	switch {
	case m.gens[oldLayout] > m.gens[newLayout]:
		gen = oldLayout
	case m.gens[newLayout] > m.gens[oldLayout]:
		gen = newLayout
	}
	for i, h := range m.l.header {
		n := numbered(h)
		if n == 0 || m.l.cols[i].to != toNothing {
			continue
		}
		to := numberedTarget[gen][n]
		if to == toNothing {
			m.findings = append(m.findings, finding("column_ambiguous", m.l.header[i], i, h))
			continue
		}
		for c := range layouts[m.l.Kind] {
			if layouts[m.l.Kind][c].to == to {
				m.set(i, &layouts[m.l.Kind][c])
			}
		}
	}
}

// rest keeps unknown columns as Extra; those that name identity numbers are sealed.
func (m *mapper) rest() {
	var unknown []string
	for i, h := range m.l.header {
		if m.l.cols[i].to != toNothing || returned(h) {
			continue
		}
		h = strings.TrimSpace(h)
		switch {
		case h == "":
			m.l.cols[i] = mapped{to: toExtra, heading: fmt.Sprintf("第%d列", i+1)}
		case holdsIdentity(h):
			m.l.cols[i] = mapped{to: toSealed, heading: h}
			m.findings = append(m.findings, finding("column_sealed", h, i, h))
			continue
		default:
			m.l.cols[i] = mapped{to: toExtra, heading: h}
			unknown = append(unknown, h)
		}
		if m.extras[m.l.cols[i].heading] {
			m.err.Duplicate = append(m.err.Duplicate, h)
		}
		m.extras[m.l.cols[i].heading] = true
	}
	if len(unknown) > 0 {
		m.findings = append(m.findings, finding("columns_unknown", "", -1, strings.Join(unknown, "、")))
	}
}

// absent compares the columns with what the kind needs.
func (m *mapper) absent() {
	var missed []string
	for i := range layouts[m.l.Kind] {
		c := &layouts[m.l.Kind][i]
		if c.to == toExtra || m.l.at[c.to] != 0 {
			continue
		}
		switch {
		case c.need == must && !(c.to == toDocNo && m.l.at[toLicenceNo] != 0):
			m.err.Missing = append(m.err.Missing, c.heading)
		case c.need == wanted || c.need == useful:
			missed = append(missed, c.heading)
		}
	}
	if !m.identified() {
		m.err.Missing = append(m.err.Missing, "统一社会信用代码（或工商注册号、组织机构代码、证件号码）")
	}
	if len(missed) > 0 {
		m.findings = append(m.findings, finding("columns_wanted", "", -1, strings.Join(missed, "、")))
	}
}

func (m *mapper) identified() bool {
	for _, t := range [...]target{toCode, toOrgCode, toRegistration, toTaxNo, toInstitution, toSociety, toPersonID} {
		if m.l.at[t] != 0 {
			return true
		}
	}
	return false
}

// Header is the heading row as received.
func (l *Layout) Header() []string { return l.header }

// Guess tells of what kind a file is by its headings; ok is false when they fit none, or two alike.
func Guess(header []string) (kind credit.Kind, ok bool) {
	best, second := 0, 0
	for _, k := range credit.Kinds() {
		score := likeness(header, k)
		switch {
		case score > best:
			kind, second, best = k, best, score
		case score > second:
			second = score
		}
	}
	return kind, best > 0 && best > second
}

// likeness counts the headings that a kind knows; those it shares with no other kind weigh most, and
// a kind whose required columns are all there comes before one that lacks some.
func likeness(header []string, kind credit.Kind) int {
	all := indexes()
	score, own := 0, false
	for _, h := range header {
		if all[kind].find(h) == nil {
			continue
		}
		score++
		shared := 0
		for _, k := range credit.Kinds() {
			if all[k].find(h) != nil {
				shared++
			}
		}
		if shared == 1 {
			score += 5
			own = true
		}
	}
	if _, _, err := Map(header, kind); err == nil {
		return score + 1000
	}
	if !own {
		return 0
	}
	return score
}

// Template is the heading row of a kind in the new layout, for download.
func Template(kind credit.Kind) []string {
	if int(kind) >= len(layouts) {
		return nil
	}
	var names []string
	for _, c := range layouts[kind] {
		if c.gen != oldLayout && c.heading != "时间戳" {
			names = append(names, c.heading)
		}
	}
	return names
}
