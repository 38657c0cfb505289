package demo

import (
	"slices"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/law"
)

// judge gives the rules as shipped, and what an edition of a rule set counts on the demo's day.
func judge(t *testing.T, ruleset, edition string) (*law.Book, func(*law.Matter) bool) {
	t.Helper()
	book, err := law.NewBook(law.AdoptProposals(20260101, "演示"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := book.ReportRulesByID(ruleset, Today)
	if err != nil {
		t.Fatal(err)
	}
	e, err := rules.Edition(edition)
	if err != nil {
		t.Fatal(err)
	}
	from, to := rules.Period().Default(Today, book.Domains(Today).IDs())
	return book, func(m *law.Matter) bool {
		class, window := book.Assess(m, Today)
		j := e.Judge(m, &class, &window, Today)
		return j.Counts && law.Covers(m, &window, from, to)
	}
}

func matterOf(r *Row) *law.Matter {
	return &law.Matter{Kind: r.Kind, Subject: r.Class, Penalties: r.Penalties, Procedure: r.Procedure, Fine: r.Fine, Confiscated: r.Confiscated,
		Decided: r.Decided, Until: r.Until, Removed: r.Removed, Repaired: r.Repaired, Annulled: r.Annulled, List: r.List, Organ: r.deciding.ID}
}

func TestShowcasesAreWhatTheLawSays(t *testing.T) {
	_, general := judge(t, "SD-2023", "general")
	_, listing := judge(t, "SD-2023", "listing")
	var found, listed [showcases]int
	for s, row := range little.Rows() {
		if s.Index >= showcases {
			continue
		}
		if general(matterOf(row)) {
			found[s.Index]++
		}
		if listing(matterOf(row)) {
			listed[s.Index]++
		}
	}
	if want := [showcases]int{1, 0, 0}; found != want {
		t.Errorf("the general edition finds %v, want %v", found, want)
	}
	if listed[0] < 4 || listed[1] != 0 {
		t.Errorf("the listing edition finds %v", listed)
	}
	for i, s := range little.ShowcaseSubjects() {
		if s.Found != (found[i] > 0) {
			t.Errorf("%s says found %t", s.Subject.Name, s.Found)
		}
	}
}

func TestLawFindsWhatBenchKeysSay(t *testing.T) {
	b := Bench{Seed: 11, Records: 20_000, Subjects: 2_000}
	p := b.plan()
	_, general := judge(t, "SD-2023", "general")
	row := newBenchRow(penaltyNew)
	found := map[credit.Key]bool{}
	for i := range p.shape.penalties {
		p.penalty(row, i, asBefore, 0)
		rank, _ := p.shape.place(p.slots.of(i))
		x := &row.text
		m := &law.Matter{Kind: credit.Penalty, Subject: credit.Organisation, Penalties: x.kinds, Procedure: x.procedure,
			Fine: credit.Amount{Fen: x.fine, Known: x.fine > 0}, Confiscated: credit.Amount{Fen: x.confiscated, Known: x.confiscated > 0},
			Decided: p.lib.dates[p.decidedDay(i)]}
		if general(m) {
			found[p.key(rank).Key] = true
		}
	}
	for _, k := range b.Keys(b.Subjects) {
		if k.Found != found[k.Key] {
			t.Errorf("%s: the key says found %t, the law %t", k.Name, k.Found, found[k.Key])
		}
	}
}

func TestDomainsAndListsAreThoseOfTheLaw(t *testing.T) {
	book, _ := judge(t, "SD-2023", "general")
	var fed []string
	for _, s := range Sources() {
		for _, f := range s.Feeds {
			for _, d := range f.Domains {
				if !slices.Contains(fed, d) {
					fed = append(fed, d)
				}
			}
		}
	}
	ids := book.Domains(Today).IDs()
	slices.Sort(fed)
	slices.Sort(ids)
	if !slices.Equal(fed, ids) {
		t.Errorf("fed are %v, the working list is %v", fed, ids)
	}
	for _, row := range little.Rows() {
		if row.Kind == credit.SeriousList || row.Kind == credit.AbnormalList {
			if l, ok := book.Lists(Today).Find(row.List); !ok || l.Kind != row.Kind {
				t.Errorf("the law has no list %s", row.List)
			}
		}
	}
}
