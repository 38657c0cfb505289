package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"testing"
)

// vectors reads a table of examples; comments and the heading are left out.
func vectors(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil || len(all) < 5 {
		t.Fatalf("%s: %d rows, %v", path, len(all), err)
	}
	return all[1:]
}

// command runs a command in this process and decodes the JSON that it prints.
func command[T any](t *testing.T, args ...string) (code int, doc T) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(append([]string{"--json"}, args...), &out, &errs)
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%v: exit %d: %v\n%s%s", args, code, err, out.String(), errs.String())
	}
	return code, doc
}

// xinban code check answers every published example rightly; only an invalid code is a negative verdict.
func TestCodeCheckOnTheVectors(t *testing.T) {
	type answer struct{ Code, Kind, Verdict, Reason string }
	for _, row := range vectors(t, "../credit/testdata/code-vectors.csv") {
		code, a := command[answer](t, "code", "check", row[1])
		want := Done
		if row[2] == "invalid" {
			want = Refused
		}
		if a.Verdict != row[2] || code != want || a.Code != row[1] {
			t.Errorf("%s: %+v, exit %d; want %s", row[1], a, code, row[2])
		}
		if a.Verdict != "valid" && a.Reason == "" {
			t.Errorf("%s: %s without a reason", row[1], a.Verdict)
		}
	}
}

// xinban workday add is exact on the published examples, and none of them is provisional.
func TestWorkdayAddOnTheVectors(t *testing.T) {
	type answer struct {
		Date        string
		Provisional bool
	}
	for _, row := range vectors(t, "../workday/testdata/workday-vectors.csv") {
		code, a := command[answer](t, "workday", "add", row[0], row[1])
		if code != Done || a != (answer{row[2], false}) {
			t.Errorf("%s + %s: %+v, exit %d; want %s", row[0], row[1], a, code, row[2])
		}
	}
}

// A deadline beyond the last published calendar is provisional, and says so.
func TestWorkdayBeyondTheCalendarIsProvisional(t *testing.T) {
	type answer struct {
		Date        string
		Provisional bool
	}
	if _, a := command[answer](t, "workday", "add", "2026-12-30", "20"); !a.Provisional {
		t.Errorf("not provisional: %+v", a)
	}
}
