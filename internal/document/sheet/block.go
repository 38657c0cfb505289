package sheet

import "strconv"

func (c Cover) place(f *flow) {
	if c.Kicker != "" {
		f.text(Plain(c.Kicker), style{size: 10.5, color: Muted}, marginX, measure, 0, Center, f.node(0, "P"))
		f.y += 6
	}
	f.text(Bold(c.Title), style{size: 26, color: Accent}, marginX, measure, 0, Center, f.node(0, "H1"))
	if c.Edition != "" {
		f.text(Plain(c.Edition), style{size: 13, color: Ink}, marginX, measure, 0, Center, f.node(0, "P"))
	}
	f.y += 10
	f.fill(marginX, f.y, measure, 1.8, Accent)
	f.fill(marginX, f.y+3.4, measure, 0.5, Accent)
	f.y += 18
}

func (h Heading) place(f *flow) {
	size, before, after := 13.5, 16.0, 7.0
	switch h.Level {
	case 2:
		size, before, after = 11.5, 11, 4
	case 3:
		size, before, after = 10.5, 8, 3
	}
	f.need(before + lineHeight(size) + after + 52) // never alone at the foot of a page
	f.space(before)
	x := marginX
	if h.Level <= 1 {
		f.fill(x, f.y+4.2, 3.2, lineHeight(size)-8.4, Accent)
		x += 10
	}
	color := Ink
	if h.Level <= 1 {
		color = Accent
	}
	level := min(max(h.Level, 1), 3) + 1 // H1 is the title
	f.text(Bold(h.Text), style{size: size, color: color}, x, measure-(x-marginX), 0, Left, f.node(0, "H"+strconv.Itoa(level)))
	f.y += after
}

func (p Paragraph) place(f *flow) {
	st := style{size: p.Size, color: p.Color}
	if st.size == 0 {
		st.size = 10.5
	}
	if st.color == 0 {
		st.color = Ink
	}
	f.text(p.Text, st, marginX, measure, p.Indent*st.size, p.Align, f.node(0, "P"))
	f.y += 4
}

func (l List) place(f *flow) {
	st := style{size: l.Size, color: Ink}
	if st.size == 0 {
		st.size = 9.5
	}
	list := f.node(0, "L")
	hang := 2 * st.size
	for i, t := range l.Items {
		item := f.node(list, "LI")
		f.need(2 * lineHeight(st.size))
		top := f.y
		f.text(Plain(strconv.Itoa(i+1)+"."), st, marginX, hang, 0, Left, f.node(item, "Lbl"))
		f.y = top
		f.text(t, st, marginX+hang, measure-hang, 0, Justify, f.node(item, "LBody"))
		f.y += 2.5
	}
}

func (n Notice) place(f *flow) {
	bar, back := n.colors()
	const pad = 12.0
	title, body := style{bold: true, size: 13, color: bar}, style{size: 10.5, color: Ink}
	inner := measure - 2*pad - 4
	f.set.shape(Plain(n.Title), title)
	h := 2*pad + 1 + float64(len(f.set.wrap(inner, 0)))*lineHeight(title.size)
	f.set.shape(n.Text, body)
	h += float64(len(f.set.wrap(inner, 0))) * lineHeight(body.size)
	f.space(4)
	f.need(min(h, f.bottom()-marginTop))
	if h <= f.room() {
		f.fill(marginX, f.y, measure, h, back)
		f.fill(marginX, f.y, 4, h, bar)
	}
	f.y += pad - 1
	node := f.node(0, "Sect")
	f.text(Plain(n.Title), title, marginX+pad+4, inner, 0, Left, f.node(node, "P"))
	f.y += 3
	f.text(n.Text, body, marginX+pad+4, inner, 0, Justify, f.node(node, "P"))
	f.y += pad + 3
}

func (n Notice) colors() (bar, back Color) {
	switch n.Tone {
	case Good:
		return Green, 0xEFF7F1
	case Alert:
		return Red, 0xFCF0F0
	case Caution:
		return Amber, 0xFCF6E8
	}
	return Accent, Shade
}

func (s Space) place(f *flow) { f.space(s.Height) }

func (PageBreak) place(f *flow) {
	if !f.atTop() {
		f.newPage()
	}
}
