package form

import (
	"strings"
	"testing"

	"xinban/internal/credit"
)

func set(t *testing.T) *Set {
	t.Helper()
	s, err := NewSet()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func template(t *testing.T, id string) *Template {
	t.Helper()
	x, err := set(t).On(id, 20261125)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestAllTemplatesOfCreditRepairAreThere(t *testing.T) {
	want := "apply-creditchina apply-local apply-publicity-system archive-catalogue commitment decision letter-third-party notice-accepted notice-extended notice-refused notice-repair notice-supplement proof-cover"
	if got := strings.Join(set(t).IDs(), " "); got != want {
		t.Errorf("templates: %s", got)
	}
	if _, err := set(t).On("decision", credit.Date(20260331)); err == nil {
		t.Error("a template is used before its date")
	}
	if _, err := set(t).On("none", 20261125); err == nil {
		t.Error("a template that is not there is found")
	}
}
