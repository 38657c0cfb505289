package ledger_test

import (
	"testing"

	"xinban/internal/credit"
	"xinban/internal/ledger"
)

// A subject belongs to where it is registered now, else to where its code was given.
func TestTheAreaOfASubject(t *testing.T) {
	t.Parallel()
	const (
		coded  = credit.Key("91370200163562681G") // its code was given in 370200
		none   = credit.Key("91000000MA0000001R") // no place
		legacy = credit.Key("reg:370200228012345")
	)
	reg := func(under credit.Key, decided credit.Date, region string) ledger.Matter {
		return ledger.Matter{Subject: under, Kind: credit.Registration, Record: &credit.Record{Kind: credit.Registration, Decided: decided, Region: region}}
	}
	with := func(m ledger.Matter, change func(*ledger.Matter)) ledger.Matter {
		change(&m)
		return m
	}
	penalty := ledger.Matter{Subject: none, Kind: credit.Penalty, Record: &credit.Record{Kind: credit.Penalty, Decided: 20260101, Region: "370300"}}
	for name, c := range map[string]struct {
		key     credit.Key
		matters []ledger.Matter
		want    string
	}{
		"nothing known":                                {none, nil, ""},
		"its code":                                     {coded, nil, "370200"},
		"a code that fails its check":                  {"913702001635626810", nil, ""},
		"a registration goes before the code":          {coded, []ledger.Matter{reg(coded, 20200101, "370600")}, "370600"},
		"a registration that states none":              {coded, []ledger.Matter{reg(coded, 20200101, "")}, "370200"},
		"the newest registration":                      {none, []ledger.Matter{reg(none, 20240101, "370600"), reg(none, 20200101, "370200")}, "370600"},
		"a later word of the same day":                 {none, []ledger.Matter{reg(none, 20200101, "370200"), reg(none, 20200101, "370600")}, "370600"},
		"a registration that was withdrawn":            {none, []ledger.Matter{with(reg(none, 20240101, "370600"), func(m *ledger.Matter) { m.Withdrawn = true }), reg(none, 20200101, "370200")}, "370200"},
		"a registration of another subject (reassign)": {none, []ledger.Matter{with(reg(none, 20240101, "370600"), func(m *ledger.Matter) { m.Annulled = 20250101 })}, ""},
		"where it was punished says nothing":           {none, []ledger.Matter{penalty}, ""},
		"registered under its legacy number":           {none, []ledger.Matter{reg(legacy, 20200101, "370200")}, "370200"},
		"its code goes before its legacy number":       {coded, []ledger.Matter{reg(legacy, 20200101, "370600")}, "370200"},
		"known by its legacy number alone":             {legacy, []ledger.Matter{reg(legacy, 20200101, "370600")}, "370600"},
		"a predecessor's place is not its own":         {none, []ledger.Matter{reg(coded, 20200101, "370200")}, ""},
		"a person":                                     {"p:5b1c", nil, ""},
	} {
		s := ledger.Standing{Key: c.key, Matters: c.matters}
		if got := s.Area(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
