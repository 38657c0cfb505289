package intake

import (
	"fmt"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	sums "xinban/internal/tally"
)

// CountRows is what is counted of loads: rows gathered (归集量), that is new or amended facts of a finished
// load. A row that is sent again unchanged, or held back, is none.
const CountRows = "intake.row"

// countGathered notes what a load brought, in the transaction that ends it.
func countGathered(tx *store.Tx, l *Load) error {
	n := l.Accepted + l.Amended
	if n == 0 {
		return nil
	}
	id := fmt.Sprintf("load:%d", l.ID)
	return sums.Add(tx, sums.Delta{Subject: credit.Key(id), ID: id, Kind: CountRows, Day: credit.DateOf(time.UnixMilli(l.Ended)), N: n,
		Facets: map[string]string{"kind": l.Kind.String()}})
}
