package law

import (
	"testing"

	"xinban/internal/credit"
)

func setup(t testing.TB) *Book {
	t.Helper()
	b, err := NewBook(AdoptProposals(20260101, "岚海省社会信用中心"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func day(t testing.TB, s string) credit.Date {
	t.Helper()
	d, err := credit.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The publicity vectors of the domain notes: the day of the decision is not counted, months end on the
// corresponding day or the last of the month.
func TestPublicityVectors(t *testing.T) {
	b := setup(t)
	for _, c := range []struct {
		kinds                                  credit.PenaltyKind
		decided, minEnd, apply, maxEnd, hidden string
	}{
		{credit.ConfiscateProperty, "2026-04-10", "2026-07-10", "2026-07-11", "2027-04-10", "2027-04-11"},
		{credit.ConfiscateProperty, "2026-11-30", "2027-02-28", "2027-03-01", "2027-11-30", "2027-12-01"},
		{credit.RevokeLicence, "2026-05-31", "2027-05-31", "2027-06-01", "2029-05-31", "2029-06-01"},
		{credit.RevokeLicence, "2028-02-29", "2029-02-28", "2029-03-01", "2031-02-28", "2031-03-01"},
	} {
		m := &Matter{Kind: credit.Penalty, Penalties: credit.PenaltySet(c.kinds), Procedure: credit.ProcedureOrdinary, Decided: day(t, c.decided)}
		w := b.Window(m, m.Decided)
		got := [4]string{w.MinEnd.String(), w.ApplyFrom.String(), w.MaxEnd.String(), w.HiddenFrom.String()}
		if want := [4]string{c.minEnd, c.apply, c.maxEnd, c.hidden}; got != want {
			t.Errorf("%s decided %s: got %v, want %v", c.kinds, c.decided, got, want)
		}
	}
}
