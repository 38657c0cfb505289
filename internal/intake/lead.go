package intake

import (
	"context"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// lead is to whom a row in quarantine may belong. It is kept beside the row, so that no report says 未查见
// while the row waits.
type lead struct {
	load, row int64
	key       credit.Key // by its code, legacy number or identity number; empty where none can be read
	name      string     // of an organisation
	domains   []string
}

// byName marks a name among the leads; no key begins so.
const byName = "name:"

// leadOf reads what can be read of a row. Only rows that a report can count lead anywhere; a person is known
// by the identity number alone, for many share a name.
func (s *Service) leadOf(ctx context.Context, layout *normal.Layout, load, row int64, sealed []string) (l lead, err error) {
	l = lead{load: load, row: row}
	if !layout.Kind.Adverse() {
		return l, nil
	}
	cells, err := s.ledger.Unseal(sealed)
	if err != nil {
		return l, err
	}
	var out normal.Out
	layout.Row(cells, &out)
	r := &out.Record
	l.domains = s.organs.Domains(r)
	switch {
	case r.Code != "":
		l.key, l.name = credit.OrgKey(r.Code), r.Name
	case r.Class != credit.NaturalPerson:
		l.name = r.Name
		if numbers := ledger.Aliases(r); len(numbers) > 0 {
			keys, err := s.ledger.LegacyKeys(ctx, [][]credit.Key{numbers})
			if err != nil {
				return l, err
			}
			l.key = keys[0]
		}
	case out.Identity.PersonID != "":
		number := credit.PersonNumber(out.Identity.PersonIDType, out.Identity.PersonID)
		if credit.CheckResidentID(number).Verdict == credit.Valid {
			l.key, err = s.ledger.PersonKey(ctx, number)
		} else { // a number that was never issued gets no key
			l.key, _, err = s.ledger.FindPerson(ctx, number)
		}
	}
	return l, err
}

// keepLeads writes the leads of rows that are open in quarantine, in the transaction that put them there.
// The name of a row whose own code is known to bear it leads to nobody else of that name.
func (s *Service) keepLeads(tx *store.Tx, all []lead) error {
	owners, err := leadOwners(tx, all)
	if err != nil {
		return err
	}
	var rows [][]any
	for _, l := range all {
		var to []string
		if l.key != "" {
			to = append(to, string(l.key))
		}
		own, err := ownName(tx, &l, owners[l.name])
		if err != nil {
			return err
		}
		if l.name != "" && !own {
			to = append(to, byName+l.name)
		}
		for _, t := range to {
			for _, d := range l.domains {
				rows = append(rows, []any{t, l.load, l.row, d})
			}
		}
	}
	return tx.InsertMissing("held_lead", []string{"lead", "load", "row", "domain"}, rows)
}

func leadOwners(tx *store.Tx, all []lead) (map[string][]credit.Key, error) {
	var names []string
	for _, l := range all {
		if l.name != "" && l.key != "" {
			names = append(names, l.name)
		}
	}
	return nameOwners(tx, names)
}

// ownName tells whether the name is that of the row's own code and not in doubt.
func ownName(tx *store.Tx, l *lead, owners []credit.Key) (bool, error) {
	if !slices.Contains(owners, l.key) || credit.CheckUSCC(string(l.key)).Verdict != credit.Valid {
		return false, nil
	}
	if len(owners) == 1 {
		return true, nil
	}
	return registered(tx, l.key)
}

// dropLeads forgets the leads of a row of a load, or of all its rows when row is 0.
func dropLeads(tx *store.Tx, load, row int64) error {
	query, args := "DELETE FROM held_lead WHERE load = $1", []any{load}
	if row != 0 {
		query, args = query+" AND row = $2", append(args, row)
	}
	if _, err := tx.Exec(query, args...); err != nil {
		return fmt.Errorf("intake: forgetting whose rows in quarantine may be: %w", err)
	}
	return nil
}

// leadKeys is how many leads one statement asks for.
const leadKeys = 8

var leadQuery = "SELECT DISTINCT domain FROM held_lead WHERE lead IN (" + placeholders(leadKeys) + ")"

// heldDomains are the domains of rows in quarantine that lead to one of the keys or names.
func (s *Service) heldDomains(ctx context.Context, keys []credit.Key, names []string) (domains []string, err error) {
	var leads []any
	for _, k := range keys {
		leads = append(leads, string(k))
		if a, ok := ledger.OrgAlias(k); ok {
			leads = append(leads, string(a))
		}
	}
	for _, n := range names {
		leads = append(leads, byName+n)
	}
	for some := range slices.Chunk(leads, leadKeys) {
		some, err := s.texts(ctx, leadQuery, fillUp(some, leadKeys)...)
		if err != nil {
			return nil, fmt.Errorf("intake: looking for rows in quarantine: %w", err)
		}
		domains = append(domains, some...)
	}
	return domains, nil
}

// texts reads one column.
func (s *Service) texts(ctx context.Context, query string, args ...any) (all []string, err error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}
