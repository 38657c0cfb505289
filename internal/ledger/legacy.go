package ledger

import (
	"context"
	"errors"
	"fmt"

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

// LegacyKey returns the key of an organisation whose row holds only legacy numbers: the subject to
// which one of them is known to lead, else the first number itself.
func (l *Ledger) LegacyKey(ctx context.Context, r *credit.Record) (credit.Key, error) {
	numbers := Aliases(r)
	if len(numbers) == 0 {
		return "", ErrNoCode
	}
	for _, n := range numbers {
		var key credit.Key
		rows, err := l.db.Query(ctx, "SELECT key FROM subject_alias WHERE alias = $1 ORDER BY key LIMIT 2", string(n))
		if err != nil {
			return "", fmt.Errorf("ledger: resolving a legacy number: %w", err)
		}
		found := 0
		for rows.Next() {
			found++
			if err := rows.Scan(&key); err != nil {
				rows.Close()
				return "", err
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return "", err
		}
		if found == 1 {
			return key, nil
		}
	}
	return numbers[0], nil
}
