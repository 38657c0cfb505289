package ledger

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"xinban/internal/credit"
)

// ErrNoCode says that a row of an organisation holds no number by which to know it.
var ErrNoCode = errors.New("ledger: the row holds no code and no legacy number")

// Aliases returns the legacy numbers of a record as keys, the most telling first.
func Aliases(r *credit.Record) []credit.Key {
	var keys []credit.Key
	add := func(s credit.Scheme, number string) {
		if number != "" {
			keys = append(keys, credit.LegacyKey(s, number))
		}
	}
	add(credit.SchemeOrgCode, r.OrgCode)
	add(credit.SchemeRegistration, r.Registration)
	add(credit.SchemeTax, r.TaxNo)
	add(credit.SchemeInstitution, r.Institution)
	add(credit.SchemeSociety, r.Society)
	return keys
}

// OrgAlias is the organisation code (组织机构代码) that a credit code holds as its characters 9 to 17 (GB
// 32100-2015), as a key; ok is false for other keys. Of a code that fails its check no character is certain.
func OrgAlias(key credit.Key) (alias credit.Key, ok bool) {
	if credit.CheckUSCC(string(key)).Verdict != credit.Valid {
		return "", false
	}
	return credit.LegacyKey(credit.SchemeOrgCode, string(key[8:17])), true
}

// LegacyKeys returns the keys of organisations whose rows hold only legacy numbers, given as [Aliases]
// for each: the subject to which one of the numbers is known to lead, else the first number itself. A
// number that leads to several subjects decides nothing.
func (l *Ledger) LegacyKeys(ctx context.Context, rows [][]credit.Key) ([]credit.Key, error) {
	return l.LegacyKeysBeside(ctx, rows, func(int, credit.Key) []credit.Key { return nil })
}

// LegacyKeysBeside is LegacyKeys where a number of the i-th row leads also to the subjects that beside names: those that
// stand in rows on their way into the ledger.
func (l *Ledger) LegacyKeysBeside(ctx context.Context, rows [][]credit.Key, beside func(i int, number credit.Key) []credit.Key) ([]credit.Key, error) {
	var ask []any
	asked := map[credit.Key]bool{}
	for _, numbers := range rows {
		if len(numbers) == 0 {
			return nil, ErrNoCode
		}
		for _, n := range numbers {
			if !asked[n] {
				asked[n] = true
				ask = append(ask, string(n))
			}
		}
	}
	known := map[credit.Key][]credit.Key{} // the least and the greatest
	err := l.among(ctx, "SELECT alias, MIN(key), MAX(key) FROM subject_alias WHERE alias", " GROUP BY alias", ask, func(rows *sql.Rows) error {
		var alias, least, greatest credit.Key
		err := rows.Scan(&alias, &least, &greatest)
		known[alias] = []credit.Key{least, greatest}
		return err
	})
	keys := make([]credit.Key, len(rows))
	for i, numbers := range rows {
		keys[i] = numbers[0]
		for _, n := range numbers {
			all := slices.Compact(slices.Sorted(slices.Values(slices.Concat(known[n], beside(i, n)))))
			if len(all) == 1 {
				keys[i] = all[0]
				break
			}
		}
	}
	return keys, err
}
