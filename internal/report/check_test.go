package report_test

import (
	"regexp"
	"strings"
	"testing"

	"xinban/internal/report"
	"xinban/internal/store"
)

// A document that was changed in the store is named, with what is wrong in Chinese.
func TestCheckNamesWhatDoesNotHold(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		key := subjectAt(1)
		o.says(key, penalised("岚环罚〔2026〕1号", nil))
		doc := o.issue(report.Request{Key: key, Paper: true})
		bad := append([]byte{}, doc.Paper...)
		bad[len(bad)/2] ^= 1
		must(t, o.db.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE document SET paper = $1", bad)
			return err
		}))
		var faults []string
		n, err := o.CheckDocuments(t.Context(), func(number, what string) { faults = append(faults, number+" "+what) })
		must(t, err)
		if n != 1 || len(faults) == 0 || !strings.HasPrefix(faults[0], doc.Content.Number) {
			t.Fatalf("%d documents, faults %q", n, faults)
		}
		for _, f := range faults {
			if regexp.MustCompile(`[a-z]{4}`).MatchString(strings.TrimPrefix(f, doc.Content.Number)) {
				t.Errorf("not said in Chinese: %s", f)
			}
		}
	})
}
