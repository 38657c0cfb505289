package account

import (
	"errors"
	"net/http/httptest"
	"testing"

	"xinban/internal/problem"
)

// What is of all regions is not for an account that is bound to one.
func TestWholeStoreRefusesAnAccountOfARegion(t *testing.T) {
	t.Parallel()
	allow := Only(Auditor).WholeStore()
	r := httptest.NewRequest("GET", "/", nil)
	if err := allow.Admit(Principal{ID: "1", Roles: []Role{Auditor}}, r); err != nil {
		t.Errorf("without a region: %v", err)
	}
	var refused *problem.Error
	if err := allow.Admit(Principal{ID: "1", Roles: []Role{Auditor}, Region: "000010"}, r); !errors.As(err, &refused) || refused.Type != "outside-region" {
		t.Errorf("with one: %v", err)
	}
}
