package sheet

func (t Table) place(f *flow) {
	if len(t.Columns) == 0 {
		t.Columns = []Column{{}}
	}
	g := &grid{f: f, node: f.node(0, "Table"), x: t.edges(), size: t.Size, padX: 5, padY: 2.6}
	if g.size == 0 {
		g.size = 9
	}
	head := style{bold: true, size: g.size, color: Accent}
	drawn := int32(Artifact)
	g.header = func() {
		g.begin()
		for i, c := range t.Columns {
			g.cell(Plain(c.Title), head, i, i+1, cell{typ: "TH", align: Center, shade: Shade})
		}
		if drawn == Artifact {
			g.end(false)
			drawn = 0
			return
		}
		g.repeat()
	}
	f.space(2)
	f.need(3 * (g.lineHeight() + 2*g.padY)) // the header never stands alone
	g.top = f.y
	g.header()
	body := style{size: g.size, color: Ink}
	for _, row := range t.Rows {
		g.begin()
		for i, c := range t.Columns {
			var text Text
			if i < len(row) {
				text = row[i]
			}
			if i == len(t.Columns)-1 {
				text = withRest(text, row, i+1)
			}
			g.cell(text, body, i, i+1, cell{typ: "TD", align: cellAlign(c.Align)})
		}
		g.end(true)
	}
	if len(t.Rows) == 0 {
		t.empty(g)
	}
	g.close()
	f.y += 8
}

// withRest adds cells beyond the last column to it: a mistake of the caller must not lose text.
func withRest(text Text, row []Text, from int) Text {
	for _, more := range row[min(from, len(row)):] {
		text = append(append(text[:len(text):len(text)], Run{Text: " "}), more...)
	}
	return text
}

// repeat draws the header again on a further page, where it is no new content.
func (g *grid) repeat() {
	for i := range g.cells {
		g.cells[i].node = Artifact
	}
	g.place(1 << 30)
}

func (t Table) empty(g *grid) {
	g.x = []float64{g.x[0], g.x[len(g.x)-1]}
	g.begin()
	text := t.Empty
	if text == "" {
		text = "无"
	}
	g.cell(Plain(text), style{size: g.size, color: Muted}, 0, 1, cell{typ: "TD", align: Center})
	g.end(true)
}

// edges turns shares into the columns' edges.
func (t Table) edges() []float64 {
	total := 0.0
	for _, c := range t.Columns {
		total += share(c)
	}
	x := []float64{marginX}
	for _, c := range t.Columns {
		x = append(x, x[len(x)-1]+measure*share(c)/total)
	}
	return x
}

func share(c Column) float64 {
	if c.Width > 0 {
		return c.Width
	}
	return 1
}

// cellAlign: cells are too narrow to be justified.
func cellAlign(a Align) Align {
	if a == Justify {
		return Left
	}
	return a
}

func (kv KeyValues) place(f *flow) {
	cols := min(max(kv.Columns, 1), 2)
	key := kv.KeyWidth
	if key == 0 {
		key = 84
	}
	x := []float64{marginX}
	for i := range cols {
		left := marginX + float64(i)*measure/float64(cols)
		x = append(x, left+key, left+measure/float64(cols))
	}
	g := &grid{f: f, node: f.node(0, "Table"), x: x, size: 10, padX: 7, padY: 4.6}
	f.need(2 * (g.lineHeight() + 2*g.padY))
	g.top = f.y
	for i := 0; i < len(kv.Items); i += cols {
		g.begin()
		for j := range cols {
			item := KeyValue{}
			if i+j < len(kv.Items) {
				item = kv.Items[i+j]
			}
			key := cell{typ: "TH", align: Left, shade: Shade, row: true}
			if item.Key == "" {
				key = cell{typ: "TD"}
			}
			g.cell(Plain(item.Key), style{size: g.size, color: Accent}, 2*j, 2*j+1, key)
			g.cell(item.Value, style{size: g.size, color: Ink}, 2*j+1, 2*j+2, cell{typ: "TD", align: Left})
		}
		g.end(false)
	}
	g.close()
	f.y += 10
}
