package pdf

import (
	"fmt"

	"github.com/skip2/go-qrcode"

	"xinban/internal/document/sheet"
)

// qr draws a two-dimensional code as one path: rows of modules as rectangles, filled together so that no seam shows.
func (c *content) qr(it *sheet.Item) error {
	code, err := qrcode.New(it.Content, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("draw the two-dimensional code of %d bytes: %w", len(it.Content), err)
	}
	code.DisableBorder = true
	rows := code.Bitmap()
	c.endText()
	c.color(0)
	unit := it.W / float64(len(rows))
	c.out = append(c.out, "q "...)
	c.out = fmt.Appendf(c.out, "%.5f 0 0 %.5f ", unit, -unit)
	c.out = append(appendNums(c.out, it.X, c.height-it.Y), "cm\n"...)
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			c.out = append(appendNums(c.out, float64(from), float64(y), float64(x-from), 1), "re\n"...)
		}
	}
	c.out = append(c.out, "f Q\n"...)
	return nil
}
