package demo

import (
	"testing"

	"xinban/internal/credit"
	"xinban/internal/law"
)

func TestRegisterIsOneThatTheLawReads(t *testing.T) {
	b, err := RegisterYAML()
	if err != nil {
		t.Fatal(err)
	}
	r, err := law.ReadRegister(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range Organs() {
		if got, ok := r.Resolve("", o.Code, Today); !ok || got.Name != o.Name {
			t.Errorf("code of %s resolves to %q", o.Name, got.Name)
		}
		if o.OldName != "" {
			if got, ok := r.Resolve(o.OldName, "", o.OldUntil); !ok || got.Name != o.Name {
				t.Errorf("%s on %s resolves to %q, want %s", o.OldName, o.OldUntil, got.Name, o.Name)
			}
		}
	}
	for _, c := range []struct{ organ, domain, want string }{
		{mergedFrom, "urban-management", mergedInto}, {waterBefore, "water", mergedInto}, {"lg-ecology", "ecology", "lg-ecology"},
	} {
		if got, _ := r.Responsible(c.organ, c.domain, Today); got.ID != c.want {
			t.Errorf("today %s answers for %s of %s, want %s", got.ID, c.domain, c.organ, c.want)
		}
	}
}

func TestRowsNameOrgansOfTheRegister(t *testing.T) {
	b, err := RegisterYAML()
	if err != nil {
		t.Fatal(err)
	}
	r, err := law.ReadRegister(b)
	if err != nil {
		t.Fatal(err)
	}
	p := Province{Seed: 2, Subjects: 300, Records: 3_000}
	for _, row := range p.Rows() {
		if got, ok := r.Resolve(row.Authority, "", row.Decided); !ok || got.Code != row.AuthorityCode {
			t.Errorf("%s on %s resolves to %q", row.Authority, row.Decided, got.Name)
		}
		if row.Kind == credit.Penalty && len(row.deciding.Domains) == 0 {
			t.Errorf("%s has no domain", row.Authority)
		}
	}
}
