package report_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/report"
)

var update = flag.Bool("update", false, "write the golden files")

// editionTable is one matter for each row of the table of editions.
func editionTable() []credit.Record {
	listed := func(no string, decided, removed credit.Date) credit.Record {
		return credit.Record{Kind: credit.SeriousList, Class: credit.Organisation, Name: name, DocNo: no, List: "市场监督管理严重违法失信名单", Facts: "演示事由",
			Decided: decided, Removed: removed, Authority: "岚港市市场监督管理局"}
	}
	return []credit.Record{
		penalised("1-仅警告", func(r *credit.Record) { r.Penalties, r.Fine = credit.PenaltySet(credit.Warning), credit.Amount{} }),
		penalised("2-公示期内", nil),
		penalised("3-已修复", func(r *credit.Record) { r.Repaired = 20260501 }),
		penalised("4-公示期满", func(r *credit.Record) { r.Decided = 20250401 }),
		listed("5-在列", 20260301, 0),
		listed("6-已移出", 20240401, 20250501),
		penalised("7-已撤销", func(r *credit.Record) { r.Annulled = 20260501 }),
		penalised("8-简易程序", func(r *credit.Record) {
			r.Procedure, r.Penalties, r.Fine = credit.ProcedureSimple, credit.PenaltySet(credit.Fine), credit.Amount{Fen: 50_000, Known: true}
		}),
		penalised("9-警告并罚款", func(r *credit.Record) { r.Penalties = credit.PenaltySet(credit.Warning, credit.Fine) }),
	}
}

// shown is the table of editions: which rows each edition shows, by rule set.
var shown = map[string]string{
	"SD-2023/general":          "259",
	"SD-2023/administration":   "1234569",
	"SD-2023/listing":          "1234569",
	"NDRC-2025/general":        "2589",
	"NDRC-2025/administration": "12345689",
	"NDRC-2025/listing":        "12345689",
}

// The table of editions from ledger to signed JSON, for both rule sets: an edition that gives only counts
// signs nothing else of a matter. The golden files are the documents.
func TestEditions(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		table := editionTable()
		o.says(firm, table...)
		row := map[string]byte{} // of a matter
		for _, r := range table {
			row[matterOf(r).String()] = r.DocNo[0]
		}
		for _, set := range []string{"SD-2023", "NDRC-2025"} {
			for _, edition := range []string{"general", "administration", "listing"} {
				doc := o.issue(report.Request{RuleSet: set, Edition: edition, Domains: []string{"ecology", "market"}})
				rows := map[byte]bool{}
				for _, r := range doc.Content.Records {
					rows[row[r.Matter]] = true
					bare := report.Record{Kind: r.Kind, Domain: r.Domain, Matter: r.Matter, Counts: r.Counts}
					if told := r != bare; told == (edition == "general") || told == (r.Detail == "") {
						t.Errorf("%s/%s: %+v", set, edition, r)
					}
				}
				if len(doc.Shown) != len(doc.Content.Records) || doc.Shown[0].DocNo == "" {
					t.Errorf("%s/%s: operators are shown %+v", set, edition, doc.Shown)
				}
				got := ""
				for b := byte('1'); b <= '9'; b++ {
					if rows[b] {
						got += string(b)
					}
				}
				if want := shown[set+"/"+edition]; got != want {
					t.Errorf("%s/%s shows %s, want %s", set, edition, got, want)
				}
				golden(t, filepath.Join("testdata", "editions", set+"-"+edition+".json"), doc)
			}
		}
	})
}

// golden compares a document with a file, but for what is random and for the digests of rules and feeds.
func golden(t *testing.T, path string, doc *report.Issued) {
	t.Helper()
	c := doc.Content
	c.Number, c.Code, c.Basis.Rules, c.Basis.Organs, c.Basis.Feeds = "", "", "", "", ""
	b, err := json.MarshalIndent(c, "", " ")
	must(t, err)
	b = append(b, '\n')
	if *update {
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, b, 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if string(b) != string(want) {
		t.Errorf("%s is\n%s", path, b)
	}
}
