package sheet

// grid draws ruled rows of wrapped cells: the common ground of Table and KeyValues.
type grid struct {
	f      *flow
	node   int32
	x      []float64 // left edges and the right edge
	size   float64
	padX   float64
	padY   float64
	header func() // draws the repeated head; nil when there is none
	top    float64
	cells  []cell
	cl     []cluster
	st     []style
	ln     []line
}

// cell is a cell of the row being set; its clusters, styles and lines are ranges of the grid's buffers.
type cell struct {
	typ        string
	align      Align
	shade      Color
	row        bool
	cl, st, ln [2]int
	done       int // lines already set on earlier pages
	node       int32
}

func (g *grid) lineHeight() float64 { return g.size * 1.48 }

// begin starts a row.
func (g *grid) begin() {
	g.cells, g.cl, g.st, g.ln = g.cells[:0], g.cl[:0], g.st[:0], g.ln[:0]
}

// cell sets the text of the row's next cell, which spans columns from to to.
func (g *grid) cell(t Text, st style, from, to int, c cell) {
	set := &g.f.set
	set.shape(t, st)
	lines := set.wrap(g.x[to]-g.x[from]-2*g.padX, 0)
	c.cl, c.st, c.ln = [2]int{len(g.cl)}, [2]int{len(g.st)}, [2]int{len(g.ln)}
	g.cl, g.st, g.ln = append(g.cl, set.clusters...), append(g.st, set.styles...), append(g.ln, lines...)
	c.cl[1], c.st[1], c.ln[1] = len(g.cl), len(g.st), len(g.ln)
	g.cells = append(g.cells, c)
}

func (c *cell) lines() int { return c.ln[1] - c.ln[0] }

// end places the row: whole where it fits, on the next page where it fits there, else cut between lines.
func (g *grid) end(keep bool) {
	f := g.f
	if g.height(1<<30) > f.room() && !f.atTop() {
		whole := f.bottom() - marginTop - 40
		if g.height(1<<30) <= whole/2 || g.fitting() < 3 {
			g.turn(keep)
		}
	}
	row := f.node(g.node, "TR")
	for i := range g.cells {
		c := &g.cells[i]
		c.node = f.node(row, c.typ)
		f.out.Nodes[c.node].Row = c.row
	}
	for {
		n := max(1, g.fitting())
		rest := g.place(n)
		if !rest {
			return
		}
		g.turn(keep)
	}
}

// turn goes on at the next page under a repeated header.
func (g *grid) turn(keep bool) {
	g.f.newPage()
	g.top = g.f.y
	if g.header != nil && keep {
		saved := *g
		g.cells, g.cl, g.st, g.ln = nil, nil, nil, nil
		g.header()
		g.cells, g.cl, g.st, g.ln = saved.cells, saved.cl, saved.st, saved.ln
	}
}

// fitting is how many lines of a row the page can still take.
func (g *grid) fitting() int {
	return int((g.f.room() - 2*g.padY) / g.lineHeight())
}

// height is the row's height when at most n more lines of each cell are set.
func (g *grid) height(n int) float64 {
	most := 1
	for i := range g.cells {
		most = max(most, min(n, g.cells[i].lines()-g.cells[i].done))
	}
	return float64(most)*g.lineHeight() + 2*g.padY
}

// place sets up to n lines of each cell with rules around them; rest says that lines are left over.
func (g *grid) place(n int) (rest bool) {
	f := g.f
	h := g.height(n)
	if f.y == g.top || f.atTop() {
		f.fill(g.x[0], f.y-0.5, g.x[len(g.x)-1]-g.x[0], 1, Accent)
	}
	col := 0
	for i := range g.cells {
		c := &g.cells[i]
		if c.shade != 0 {
			f.fill(g.x[col], f.y+0.4, g.x[col+1]-g.x[col], h-0.8, c.shade)
		}
		col++
	}
	for i := range g.cells {
		g.placeCell(&g.cells[i], i, h, n)
		rest = rest || g.cells[i].done < g.cells[i].lines()
	}
	for i := 1; i < len(g.x)-1; i++ {
		f.fill(g.x[i]-0.2, f.y, 0.4, h, Rule)
	}
	f.y += h
	f.fill(g.x[0], f.y-0.2, g.x[len(g.x)-1]-g.x[0], 0.4, Rule)
	return rest
}

func (g *grid) placeCell(c *cell, i int, h float64, n int) {
	f := g.f
	count := min(n, c.lines()-c.done)
	if count <= 0 {
		return
	}
	set := f.set
	f.set.clusters, f.set.styles = g.cl[c.cl[0]:c.cl[1]], g.st[c.st[0]:c.st[1]]
	y := f.y + (h-float64(count)*g.lineHeight())/2
	for _, l := range g.ln[c.ln[0]+c.done : c.ln[0]+c.done+count] {
		f.emit(l, g.x[i]+g.padX, y+rise(g.size, g.lineHeight()), g.x[i+1]-g.x[i]-2*g.padX, c.align, c.node)
		y += g.lineHeight()
	}
	c.done += count
	f.set.clusters, f.set.styles = set.clusters, set.styles
}

// close draws the strong rule under the last row.
func (g *grid) close() {
	g.f.fill(g.x[0], g.f.y-0.5, g.x[len(g.x)-1]-g.x[0], 1, Accent)
}
