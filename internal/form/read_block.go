package form

// block reads the n-th part of a paper.
func (r *reading) block(s *blockSpec, n int) block {
	b := block{when: r.condition(s.When), list: s.List}
	kinds := 0
	for _, set := range []bool{s.Heading != nil, s.Paragraph != nil, s.Notice != nil, s.Facts != nil, s.List != nil, s.Table != nil} {
		if set {
			kinds++
		}
	}
	if s.Heading != nil {
		b.heading = r.words(s.Heading, "heading的文字")
	}
	if s.Paragraph != nil {
		b.paragraph = r.words(s.Paragraph, "paragraph的文字")
	}
	b.notice, b.facts, b.table = r.notice(s.Notice), r.facts(s.Facts), r.table(s.Table)
	for i := range s.List {
		r.words(&s.List[i], "list的文字")
	}
	if kinds != 1 {
		r.fault(0, "正文第%d段要写且只写heading、paragraph、notice、facts、list、table中的一种", n)
	}
	return b
}

func (r *reading) notice(s *noticeSpec) *notice {
	if s == nil {
		return nil
	}
	tone, ok := tones[s.Tone.V]
	if !ok {
		r.fault(s.Tone.Line, "tone“%s”应为calm、good、alert或caution", s.Tone.V)
	}
	return &notice{tone, r.words(s.Title, "notice的title"), r.words(s.Text, "notice的text")}
}

func (r *reading) facts(s []factSpec) []fact {
	var all []fact
	for i := range s {
		f := &s[i]
		all = append(all, fact{r.condition(f.When), r.words(f.Key, "facts的key"), r.words(f.Value, "facts的value")})
	}
	return all
}

func (r *reading) table(s *tableSpec) *table {
	if s == nil {
		return nil
	}
	t := &table{rows: r.need(s.Rows, "table的rows（行的来源）"), line: s.Rows.Line, empty: r.outside(s.Empty)}
	if !named(t.rows) {
		r.fault(t.line, "rows“%s”的写法不对，例如matters", t.rows)
	}
	if len(s.Columns) == 0 {
		r.fault(t.line, "表格没有列：columns至少要有一列")
	}
	for i := range s.Columns {
		t.columns = append(t.columns, r.column(&s.Columns[i], t.line))
	}
	return t
}

func (r *reading) column(s *columnSpec, line int) column {
	align, ok := aligns[s.Align.V]
	if !ok {
		r.fault(s.Align.Line, "align“%s”应为left、center或right", s.Align.V)
	}
	if s.Width < 0 || s.Width > 100 {
		r.fault(line, "width应在0到100之间")
	}
	c := column{title: r.words(s.Title, "列的title"), value: s.Value, width: s.Width, align: align}
	if c.value.empty() {
		r.fault(line, "列缺少value")
	} else {
		r.line = max(r.line, c.value.line)
	}
	return c
}

func (r *reading) signature(s *signSpec) *signature {
	if s == nil {
		return nil
	}
	sign := &signature{r.words(s.Name, "signature的name（落款）"), r.words(s.Date, "signature的date（日期）"), r.outside(s.Code), s.Caption}
	for i := range s.Caption {
		r.words(&s.Caption[i], "caption的文字")
	}
	if len(s.Caption) > 0 && sign.code.empty() {
		r.fault(s.Caption[0].line, "有caption而没有code（二维码内容）")
	}
	return sign
}
