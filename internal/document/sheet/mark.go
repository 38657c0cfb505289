package sheet

import "fmt"

func (s *Sheet) named(chinese, english string) string {
	if s.English {
		return english
	}
	return chinese
}

func (q QR) size() float64 {
	if q.Size > 0 {
		return q.Size
	}
	return 84
}

// put draws the code with its captions to the right at x and the flow's y, and returns the height it takes.
func (q QR) put(f *flow, x, width float64) float64 {
	top, size := f.y, q.size()
	node := f.node(0, "Figure")
	f.out.Nodes[node].Alt = f.sheet.named("二维码：", "QR code: ") + q.Content
	f.page.Items = append(f.page.Items, Item{Kind: KindQR, Node: node, X: x, Y: top, W: size, H: size, Content: q.Content})
	f.y += 2
	for _, t := range q.Caption {
		f.text(t, style{size: 9, color: Ink}, x+size+12, width-size-12, 0, Left, f.node(0, "P"))
	}
	h := max(size, f.y-top)
	f.y = top
	return h
}

func (q QR) place(f *flow) {
	f.need(max(q.size(), float64(2*len(q.Caption))*lineHeight(9)) + 8)
	f.y += q.put(f, marginX, measure) + 8
}

func (s SealMark) diameter() float64 {
	if s.Diameter > 0 {
		return s.Diameter
	}
	return 113
}

// put draws the seal around its centre.
func (s SealMark) put(f *flow, cx, cy float64) {
	d := s.diameter()
	node := f.node(0, "Figure")
	f.out.Nodes[node].Alt = f.sheet.named("印章：", "Seal: ") + s.Ring + s.Center
	f.page.Items = append(f.page.Items, Item{Kind: KindSeal, Node: node, X: cx - d/2, Y: cy - d/2, W: d, H: d, Seal: &s})
}

func (s SealMark) place(f *flow) {
	d := s.diameter()
	f.need(d)
	s.put(f, marginX+measure-d/2, f.y+d/2)
	f.y += d
}

func (s SignOff) place(f *flow) {
	const right = 190.0 // points, the column of issuer and seal
	d := 0.0
	if s.Seal != nil {
		d = s.Seal.diameter()
	}
	high := max(d, 84) + 14
	if s.QR != nil {
		high = max(high, s.QR.size(), float64(2*len(s.QR.Caption))*lineHeight(9))
	}
	// The seal's own words stand in its upper part; issuer and date run through its lower part, the date at its rim.
	middle := high / 2
	words := middle + 0.265*d - rise(11, lineHeight(11))
	f.set.shape(Bold(s.Issuer), style{size: 11})
	high = max(high, words+float64(len(f.set.wrap(right, 0)))*lineHeight(11)+lineHeight(10.5)) // a long name takes several lines
	f.space(14)
	f.need(high)
	top := f.y
	used := high
	if s.QR != nil {
		used = max(used, s.QR.put(f, marginX, measure-right-10))
	}
	x := marginX + measure - right
	f.y = top + words
	f.text(Bold(s.Issuer), style{size: 11, color: Ink}, x, right, 0, Center, f.node(0, "P"))
	f.text(Plain(s.Date), style{size: 10.5, color: Ink}, x, right, 0, Center, f.node(0, "P"))
	used = max(used, f.y-top)
	if s.Seal != nil {
		s.Seal.put(f, x+right/2, top+middle)
	}
	f.y = top + used
}

// finish writes the running head and foot of every page, now that their number is known.
func (f *flow) finish() {
	small := style{size: 8.5, color: Muted}
	for i := range f.out.Pages {
		f.page = &f.out.Pages[i]
		if i > 0 {
			f.running(f.sheet.Title, small, 34, measure-110, Left)
			f.fill(marginX, 49, measure, 0.4, Rule)
		}
		if i > 0 && f.sheet.Mark != "" {
			f.running(f.sheet.Mark, small, 34, measure, Right)
		}
		y := pageHeight - 48
		f.fill(marginX, y-8, measure, 0.4, Rule)
		f.running(f.sheet.named("编号 ", "Number ")+f.sheet.Number, small, y, measure, Left)
		f.running(fmt.Sprintf(f.sheet.named("第%d页 共%d页", "Page %d of %d"), i+1, len(f.out.Pages)), small, y, measure, Right)
		if f.sheet.Mark != "" {
			f.running(f.sheet.Mark, small, y, measure, Center)
		}
	}
}

// running puts one line of at most width as an artifact. A longer title is cut off: it stands whole on the first page.
func (f *flow) running(s string, st style, y, width float64, align Align) {
	f.set.shape(Plain(s), st)
	if lines := f.set.wrap(width, 0); len(lines) > 0 {
		f.emit(lines[0], marginX, y+rise(st.size, lineHeight(st.size)), measure, align, Artifact)
	}
}
