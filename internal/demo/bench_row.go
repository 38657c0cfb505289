package demo

import (
	"bytes"
	"strconv"
	"strings"

	"xinban/internal/credit"
)

// benchRow is a row being made: all cells in one buffer, so that a row costs no allocation.
type benchRow struct {
	layout *layout
	buf    []byte
	from   [roles]int32
	to     [roles]int32
	text   penaltyText
	scene  scene
	// cells holds the row instead when dirt has been put on it.
	cells []string
}

func newBenchRow(l *layout) *benchRow { return &benchRow{layout: l, buf: make([]byte, 0, 1<<14)} }

func (row *benchRow) reset() {
	row.buf, row.cells = row.buf[:0], nil
	row.from, row.to = [roles]int32{}, [roles]int32{}
}

func (row *benchRow) put(c role, text []byte) {
	row.from[c] = int32(len(row.buf))
	row.buf = append(row.buf, text...)
	row.to[c] = int32(len(row.buf))
}

func (row *benchRow) puts(c role, text string) {
	row.from[c] = int32(len(row.buf))
	row.buf = append(row.buf, text...)
	row.to[c] = int32(len(row.buf))
}

// begin and end mark a cell that is appended to buf in parts.
func (row *benchRow) begin(c role) { row.from[c] = int32(len(row.buf)) }
func (row *benchRow) end(c role)   { row.to[c] = int32(len(row.buf)) }

func (row *benchRow) get(c role) []byte { return row.buf[row.from[c]:row.to[c]] }

// appendCells appends the cells in the order of the layout, all parts of one new string.
func (row *benchRow) appendCells(cells []string) []string {
	if row.cells != nil {
		return append(cells, row.cells...)
	}
	all := string(row.buf)
	for _, c := range row.layout.columns {
		cells = append(cells, all[row.from[c.role]:row.to[c.role]])
	}
	return cells
}

func (row *benchRow) appendCSV(out []byte) []byte {
	if row.cells != nil {
		for i, c := range row.cells {
			out = appendCell(out, c, i > 0)
		}
		return append(out, '\n')
	}
	plain := bytes.IndexByte(row.buf, '"') < 0 && bytes.IndexByte(row.buf, ',') < 0 && bytes.IndexByte(row.buf, '\n') < 0
	for i := range row.layout.columns {
		c := row.layout.columns[i].role
		if !plain {
			out = appendCell(out, string(row.get(c)), i > 0)
			continue
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, row.buf[row.from[c]:row.to[c]]...)
	}
	return append(out, '\n')
}

func appendCell(out []byte, c string, comma bool) []byte {
	if comma {
		out = append(out, ',')
	}
	if !strings.ContainsAny(c, ",\"\r\n") {
		return append(out, c...)
	}
	out = append(out, '"')
	out = append(out, strings.ReplaceAll(c, `"`, `""`)...)
	return append(out, '"')
}

// kinds writes the kinds into the one cell of the new layout and the two of the old.
func (row *benchRow) kinds(set credit.PenaltyKinds) {
	row.begin(rKinds)
	n := 0
	for k := credit.Warning; k <= credit.OrderClosure; k++ {
		if !set.Has(k) {
			continue
		}
		if n > 0 {
			row.buf = append(row.buf, "、"...)
		}
		start := len(row.buf)
		row.buf = append(row.buf, k.Chinese()...)
		if n < 2 {
			row.from[rKind1+role(n)], row.to[rKind1+role(n)] = int32(start), int32(len(row.buf))
		}
		n++
	}
	row.end(rKinds)
	if n > 2 { // the second cell of the old layout takes all but the first
		row.to[rKind2] = row.to[rKinds]
	}
}

// amount writes money in 万元, without trailing zeros.
func (row *benchRow) amount(c role, f credit.Fen, known bool) {
	if !known {
		return
	}
	row.begin(c)
	row.buf = strconv.AppendInt(row.buf, int64(f/credit.WanYuan), 10)
	if frac := int64(f % credit.WanYuan); frac != 0 {
		row.buf = append(row.buf, '.')
		for unit := int64(credit.WanYuan) / 10; frac != 0; unit /= 10 {
			row.buf = append(row.buf, byte('0'+frac/unit))
			frac %= unit
		}
	}
	row.end(c)
}

func (row *benchRow) remark(text string) { row.puts(rRemark, text) }
