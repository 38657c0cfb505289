package sheet

// style is what a run looks like after the block's own style is filled in.
type style struct {
	bold  bool
	size  float64
	color Color
}

// cluster is one character of a text being set.
type cluster struct {
	r       rune
	id      uint16
	advance uint16 // thousandths of the em
	trim    int16  // what is taken off it, thousandths of the em
	run     uint16
	class   class
	face    uint8
	missing bool
	newline bool // a line ends here by the writer's will
	noBreak bool
	width   float64 // points, after trimming
}

// line is clusters[from:to] without the spaces at its end.
type line struct {
	from, to int
	width    float64
	last     bool // of its paragraph
}

// compositor sets text into lines. It keeps its buffers between texts.
type compositor struct {
	fonts    Fonts
	clusters []cluster
	styles   []style
	lines    []line
}

// shape fills clusters from a text. The slice is valid until the next call.
func (c *compositor) shape(t Text, base style) {
	c.clusters, c.styles = c.clusters[:0], c.styles[:0]
	for i := range t {
		st := base
		st.bold = st.bold || t[i].Bold
		if t[i].Size > 0 {
			st.size = t[i].Size
		}
		if t[i].Color != 0 {
			st.color = t[i].Color
		}
		c.styles = append(c.styles, st)
		for _, r := range t[i].Text {
			c.add(r, uint16(i), st, t[i].NoBreak)
		}
	}
	c.squeeze()
}

func (c *compositor) add(r rune, run uint16, st style, noBreak bool) {
	switch r {
	case '\r':
		return
	case '\n':
		c.clusters = append(c.clusters, cluster{r: r, run: run, newline: true, class: space})
		return
	case '\t':
		r = ' '
	}
	k := cluster{r: r, run: run, class: classOf(r), noBreak: noBreak}
	if k.class == control || r == 0x2060 || r == 0xFEFF {
		return // shapes its neighbours only; nothing of its own to print
	}
	face, id, advance, ok := c.fonts.Glyph(st.bold, r)
	if r == 0xA0 && !ok {
		face, id, advance, ok = c.fonts.Glyph(st.bold, ' ')
	}
	k.face, k.id, k.advance, k.missing = face, id, advance, !ok
	if !ok {
		k.advance = boxAdvance(r)
	}
	k.width = float64(k.advance) * st.size / 1000
	c.clusters = append(c.clusters, k)
}

// boxAdvance is how wide the box of a character without a glyph is: room for U+ and its digits at half size.
func boxAdvance(r rune) uint16 {
	switch {
	case r > 0xFFFFF:
		return 2600
	case r > 0xFFFF:
		return 2300
	}
	return 2000
}

// squeeze lets neighbouring full-width marks share their blank halves.
func (c *compositor) squeeze() {
	for i := 0; i+1 < len(c.clusters); i++ {
		a, b := &c.clusters[i], &c.clusters[i+1]
		if a.advance != 1000 || !halfBlank(a.r) || !halfBlank(b.r) {
			continue
		}
		if a.class == closing || b.class == opening {
			c.trim(a)
		}
	}
}

func (c *compositor) trim(k *cluster) {
	k.trim = 500
	k.width -= c.styles[k.run].size / 2
}

// wrap breaks the shaped text into lines no wider than width; the first is narrower by indent.
func (c *compositor) wrap(width, indent float64) []line {
	c.lines = c.lines[:0]
	from, room := 0, width-indent
	for from < len(c.clusters) {
		to, next := c.lineEnd(from, room)
		c.lines = append(c.lines, c.cut(from, to, next))
		from, room = next, width
	}
	if n := len(c.lines); n > 0 {
		c.lines[n-1].last = true
	}
	return c.lines
}

// lineEnd finds where the line that begins at from ends, and where the next begins.
func (c *compositor) lineEnd(from int, room float64) (to, next int) {
	const slack = 0.01 // points: rounding must not break a line that fits
	used, well, poor := 0.0, -1, -1
	for i := from; i < len(c.clusters); i++ {
		k := &c.clusters[i]
		if k.newline {
			return i, i + 1
		}
		w := k.width
		if k.class == closing && k.trim == 0 && k.advance == 1000 && halfBlank(k.r) {
			w -= c.styles[k.run].size / 2 // at the end of a line its blank half may hang over
		}
		if used+w > room+slack && k.class != space && i > from {
			switch {
			case well > from:
				return well, well
			case poor > from:
				return poor, poor
			}
			return i, i
		}
		used += k.width
		if i+1 < len(c.clusters) && !c.clusters[i+1].newline {
			switch breakLevel(k, &c.clusters[i+1]) {
			case 2:
				well = i + 1
			case 1:
				poor = i + 1
			}
		}
	}
	return len(c.clusters), len(c.clusters)
}

// cut drops the spaces at the end of a line and trims the mark that ends it.
func (c *compositor) cut(from, to, next int) line {
	l := line{from: from, last: next > to}
	for to > from && c.clusters[to-1].class == space {
		to--
	}
	l.to = to
	if to > from {
		k := &c.clusters[to-1]
		if k.class == closing && k.trim == 0 && k.advance == 1000 && halfBlank(k.r) && next < len(c.clusters) && !l.last {
			c.trim(k)
		}
	}
	for i := from; i < to; i++ {
		l.width += c.clusters[i].width
	}
	return l
}
