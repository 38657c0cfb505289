package sheet

// flow is a layout in progress: the page being filled and how far down.
type flow struct {
	sheet *Sheet
	set   compositor
	out   *Layout
	page  *Page
	y     float64 // top of what comes next
	arena []Glyph // glyphs of all items; full ones are left to their items
}

func (f *flow) bottom() float64 { return pageHeight - marginBottom }
func (f *flow) room() float64   { return f.bottom() - f.y }
func (f *flow) atTop() bool     { return f.y <= marginTop+0.01 }

func (f *flow) newPage() {
	f.out.Pages = append(f.out.Pages, Page{Width: pageWidth, Height: pageHeight, Items: make([]Item, 0, 256)})
	f.page = &f.out.Pages[len(f.out.Pages)-1]
	f.y = marginTop
}

// need begins a new page unless h points are left on this one.
func (f *flow) need(h float64) {
	if f.room() < h && !f.atTop() {
		f.newPage()
	}
}

// space leaves h points, but none at the top of a page.
func (f *flow) space(h float64) {
	if !f.atTop() {
		f.y += h
	}
}

func (f *flow) node(parent int32, typ string) int32 {
	f.out.Nodes = append(f.out.Nodes, Node{Type: typ, Parent: parent})
	return int32(len(f.out.Nodes) - 1)
}

func (f *flow) fill(x, y, w, h float64, c Color) {
	f.page.Items = append(f.page.Items, Item{Kind: KindFill, Node: Artifact, X: x, Y: y, W: w, H: h, Color: c})
}

// glyphs takes n glyphs from the arena.
func (f *flow) glyphs(n int) []Glyph {
	if len(f.arena)+n > cap(f.arena) {
		f.arena = make([]Glyph, 0, max(4096, n))
	}
	at := len(f.arena)
	f.arena = f.arena[:at+n]
	return f.arena[at : at+n : at+n]
}

// emit puts one line of the shaped text on the page, x the left end of the measure, y the baseline.
func (f *flow) emit(l line, x, y, width float64, align Align, node int32) {
	gap := 0.0 // points added after each cluster where the line may stretch
	switch align {
	case Center:
		x += (width - l.width) / 2
	case Right:
		x += width - l.width
	case Justify:
		gap = f.stretch(l, width)
	}
	k := f.set.clusters
	for from := l.from; from < l.to; {
		if k[from].missing {
			st := f.set.styles[k[from].run]
			f.page.Items = append(f.page.Items, Item{Kind: KindMissing, Node: node, X: x, Y: y, W: k[from].width, Size: st.size, Color: st.color, Rune: k[from].r})
			x += k[from].width
			from++
			continue
		}
		to := from + 1
		for to < l.to && k[to].face == k[from].face && k[to].run == k[from].run && !k[to].missing {
			to++
		}
		x += f.emitRun(l, from, to, x, y, gap, node)
		from = to
	}
}

// emitRun puts clusters of one face and style on the page and returns how far they reach.
func (f *flow) emitRun(l line, from, to int, x, y, gap float64, node int32) (wide float64) {
	k := f.set.clusters
	st := f.set.styles[k[from].run]
	gs := f.glyphs(to - from)
	for i := from; i < to; i++ {
		add := 0.0
		if gap > 0 && i+1 < l.to && stretches(&k[i], &k[i+1]) {
			add = gap
		}
		gs[i-from] = Glyph{Rune: k[i].r, ID: k[i].id, Advance: k[i].advance, Gap: int16(add*1000/st.size+0.5) - k[i].trim}
		wide += k[i].width + add
	}
	f.page.Items = append(f.page.Items, Item{Kind: KindText, Face: k[from].face, Node: node, X: x, Y: y, W: wide, Size: st.size, Color: st.color, Glyphs: gs})
	return wide
}

// stretch is the gap that makes the line as wide as its measure, 0 where that would tear it apart: readers take a
// gap of a tenth of the em for a space.
func (f *flow) stretch(l line, width float64) float64 {
	if l.last || l.to-l.from < 2 {
		return 0
	}
	k, n := f.set.clusters, 0
	for i := l.from; i+1 < l.to; i++ {
		if stretches(&k[i], &k[i+1]) {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	gap := (width - l.width) / float64(n)
	if gap < 0 || gap > 0.085*f.set.styles[k[l.from].run].size {
		return 0
	}
	return gap
}

func stretches(a, b *cluster) bool { return !(a.class == letter && b.class == letter) && !a.missing }

// lineHeight is the distance of baselines for a size, in the proportion of official papers.
func lineHeight(size float64) float64 { return size * 1.62 }

// rise is how far the baseline lies below the top of a line.
func rise(size, height float64) float64 { return (height-size)/2 + 0.88*size }

// text sets a paragraph at x in the flow, breaking pages between lines.
func (f *flow) text(t Text, st style, x, width, indent float64, align Align, node int32) {
	f.set.shape(t, st)
	h := lineHeight(st.size)
	lines := f.set.wrap(width, indent)
	for i, l := range lines {
		if i == 0 && len(lines) > 1 {
			f.need(2 * h) // no single line of a paragraph at the foot of a page
		}
		f.need(h)
		dx := 0.0
		if i == 0 {
			dx = indent
		}
		f.emit(l, x+dx, f.y+rise(st.size, h), width-dx, align, node)
		f.y += h
	}
}
