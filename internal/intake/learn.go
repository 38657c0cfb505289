package intake

import (
	"context"

	"xinban/internal/intake/read"
	"xinban/internal/ledger"
)

// learn finds which cells repeat a field of the record, so that they are stored once, and trains the
// dictionary of a store that has none.
func (j *loading) learn(ctx context.Context, head []read.Row) error {
	p := j.newPreparer()
	j.tags = make([]ledger.Tag, len(j.file.Header()))
	var samples [][]byte
	for i := range head {
		row := &head[i]
		if row.Err != nil || len(row.Cells) == 0 {
			continue
		}
		j.layout.Row(row.Cells, &p.out)
		settle(&p.out.Record)
		for c := range min(len(row.Cells), len(j.tags)) {
			if j.tags[c] == 0 {
				j.tags[c] = ledger.TagOf(&p.out.Record, row.Cells[c])
			}
		}
		plain, _ := p.pack.Plain(&p.out.Record, &ledger.Raw{Layout: j.layoutID, Cells: p.seal(row.Cells)}, j.tags)
		samples = append(samples, append([]byte(nil), plain...))
	}
	return j.s.ledger.Train(ctx, j.load.Kind, samples, j.s.now().UnixMilli())
}
