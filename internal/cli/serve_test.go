package cli

import (
	"bytes"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/law"
	"xinban/internal/store"
)

// After an upgrade the server says that the program came with other rules; while they are the same it says nothing.
func TestServeTellsOfRulesThatNobodyAdopted(t *testing.T) {
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Now: 20260518})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var out bytes.Buffer
	if err := tellProposals(t.Context(), a, &out); err != nil || out.Len() > 0 {
		t.Fatalf("said %q, %v", out.String(), err)
	}
	older := law.AdoptProposals(20260518, law.Program) // as a program left them that shipped other words
	for i := range older {
		older[i].Body = []byte(strings.Replace(string(older[i].Body), "name: 生态环境", "name: 环境保护", 1))
	}
	err = a.DB.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM ruleset")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Books.Adopt(t.Context(), older, "", 1); err != nil {
		t.Fatal(err)
	}
	if err := tellProposals(t.Context(), a, &out); err != nil || !strings.Contains(out.String(), "有1份与现行规则不同") {
		t.Errorf("said %q, %v", out.String(), err)
	}
}
