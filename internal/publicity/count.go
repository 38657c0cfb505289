package publicity

import (
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/tally"
)

// CountMatters is what is counted of publicity: matters that entered the public pages (公示量). A matter that
// is shown otherwise than before, or for another span, is none.
const CountMatters = "public.matter"

// count notes the matters that enter the projection with rows, in the transaction that writes them.
func count(tx *store.Tx, rows [][]any, before map[string]bool, on credit.Date) error {
	byTab := map[Tab][]string{}
	for _, r := range rows {
		if id, tab := r[0].(string), Tab(r[3].(int64)); !before[id] {
			before[id] = true // of several spans the first counts
			byTab[tab] = append(byTab[tab], id)
		}
	}
	for tab, ids := range byTab {
		d := tally.Delta{Subject: credit.Key(rows[0][6].(string)), ID: "public:" + ids[0], Kind: CountMatters, Day: on, N: int64(len(ids)),
			Facets: map[string]string{"tab": tab.String()}}
		if err := tally.Add(tx, d); err != nil {
			return err
		}
	}
	return nil
}
