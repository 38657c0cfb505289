package intake

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"xinban/internal/store"
)

// settleRows is how many rows one statement takes out of quarantine.
const settleRows = 16

var (
	settleQuery = "UPDATE quarantine SET state = $1 WHERE load = $2 AND source = $3 AND state = 'open' AND row IN (" + placeholdersFrom(4, settleRows) + ")"
	// a row that another source named stays open, and so do its leads
	settledLeads = "DELETE FROM held_lead WHERE load = $1 AND row IN (" + placeholdersFrom(2, settleRows) + `)
		AND EXISTS (SELECT 1 FROM quarantine q WHERE q.load = held_lead.load AND q.row = held_lead.row AND q.state <> 'open')`
)

// settling is rows of one load in quarantine that leave it in one way.
type settling struct {
	load  int64
	state HeldState
	rows  []int64
}

// settleRefs takes the rows that a run mends out of quarantine; only those of its own source.
func (j *loading) settleRefs(ctx context.Context, r *run) error {
	for some := range slices.Chunk(slices.Sorted(maps.Keys(r.refs)), heldRows) {
		all := j.settlings(r, some)
		if len(all) == 0 {
			continue
		}
		err := j.s.db.Bulk(ctx, func(tx *store.Tx) error {
			for i := range all {
				if err := j.settle(tx, &all[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("intake: taking mended rows out of quarantine: %w", err)
		}
	}
	return nil
}

// settlings are what rows of a run mend, in one order for all writers. Of several that name one row the first counts.
func (j *loading) settlings(r *run, rows []int64) []settling {
	type held struct{ load, row int64 }
	type group struct {
		load  int64
		state HeldState
	}
	met, groups := map[held]bool{}, map[group][]int64{}
	for _, row := range rows {
		load, at, ok := parseRef(r.refs[row])
		if !ok || load == j.load.ID || met[held{load, at}] {
			continue
		}
		met[held{load, at}] = true
		g := group{load, HeldResent}
		if in(r.verdicts[row-r.first]) {
			g.state = HeldMended
		}
		groups[g] = append(groups[g], at)
	}
	var all []settling
	for g, rows := range groups {
		slices.Sort(rows)
		all = append(all, settling{g.load, g.state, rows})
	}
	slices.SortFunc(all, func(a, b settling) int { return cmp.Or(cmp.Compare(a.load, b.load), cmp.Compare(a.state, b.state)) })
	return all
}

func (j *loading) settle(tx *store.Tx, s *settling) error {
	for some := range slices.Chunk(s.rows, settleRows) {
		rows := make([]any, settleRows)
		for i := range rows {
			rows[i] = some[min(i, len(some)-1)]
		}
		n, err := tx.Exec(settleQuery, append([]any{string(s.state), s.load, j.load.Source}, rows...)...)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if _, err := tx.Exec(settledLeads, append([]any{s.load}, rows...)...); err != nil {
			return fmt.Errorf("intake: forgetting whose rows in quarantine may be: %w", err)
		}
	}
	return nil
}
