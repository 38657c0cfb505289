package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xinban/internal/store/storetest"
)

// story is what the commands say of one small store, without what is random or measured.
type story struct {
	Taken, Again, More counts
	Report             answer
	Verified, Followed verdict
	Replayed           bool
	Facts              int64
}

type answer struct {
	Subject, Name, Edition, RuleSet, From, To, Conclusion string
	Fines                                                 int64 `json:"fines_fen"`
	Domains, Records                                      []map[string]any
	Number                                                string
}

type verdict struct {
	Unaltered bool
	Trusted   bool `json:"issuer_trusted"`
	Status    string
	Issuer    string
}

// tell runs the way from files to a replaced report on a store.
func tell(t *testing.T, where ...string) story {
	t.Helper()
	dir := t.TempDir()
	with := func(args ...string) []string { return append(append(args, "--now", "2026-05-18"), where...) }
	load := func(file string) counts {
		_, doc := command[struct{ Files []counts }](t, with("intake", file, "--source", "local")...)
		got := doc.Files[0]
		got.Verdicts = ""
		return got
	}
	var s story
	first, more, paper := manyRows(t, dir, "first.csv", 299, 0), manyRows(t, dir, "more.csv", 300, 298), filepath.Join(dir, "r.pdf")
	s.Taken, s.Again = load(first), load(first)
	_, s.Report = command[answer](t, with("report", "issue", firm(99), "--edition", "general", "--out", paper)...)
	_, s.Verified = command[verdict](t, with("report", "verify", paper)...)
	s.More = load(more)
	_, replayed := command[struct{ Same bool }](t, with("report", "replay", s.Report.Number)...)
	s.Replayed = replayed.Same
	command[answer](t, with("report", "issue", firm(99), "--edition", "general", "--out", filepath.Join(dir, "newer.pdf"))...)
	_, s.Followed = command[verdict](t, with("report", "verify", paper)...)
	_, checked := command[struct{ Facts int64 }](t, with("fsck")...)
	s.Facts = checked.Facts
	s.Report.Number = ""
	return s
}

// The same files give the same answers on the embedded store and on PostgreSQL.
func TestBothEnginesSayTheSame(t *testing.T) {
	t.Parallel()
	embedded := tell(t, "--data", filepath.Join(t.TempDir(), "store"))
	if !embedded.Replayed || embedded.Facts != 598 || embedded.Verified.Status != "valid" || embedded.Followed.Status != "replaced" ||
		embedded.Again.Unchanged != 299 || embedded.More.Accepted != 299 || len(embedded.Report.Records) != 2 {
		embedded.Report.Domains = nil
		t.Errorf("on the embedded store: %+v", embedded)
	}
	t.Run("postgres", func(t *testing.T) {
		base := os.Getenv("XINBAN_TEST_POSTGRES")
		if base == "" {
			t.Skip("XINBAN_TEST_POSTGRES is not set")
		}
		server := tell(t, "--data", filepath.Join(t.TempDir(), "store"), "--database", storetest.Schema(t, base))
		if d := cmp.Diff(embedded, server); d != "" {
			t.Errorf("PostgreSQL says otherwise:\n%s", d)
		}
	})
}
