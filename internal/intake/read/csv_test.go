package read

import (
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rows reads a whole text; the heading is the first row of the result.
func rows(t testing.TB, text string) (all [][]string, faults []string, last error) {
	t.Helper()
	f, err := NewReader(strings.NewReader(text), "test")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	all = append(all, f.Header())
	for {
		var row Row
		if err := f.Next(&row); err != nil {
			return all, faults, err
		}
		all = append(all, row.Cells)
		code := ""
		if row.Err != nil {
			code = row.Err.(*Fault).Code
		}
		faults = append(faults, code)
	}
}

func TestTablesReadAsTheStandardLibraryReadsThem(t *testing.T) {
	cell := rapid.OneOf(rapid.StringMatching(`[a-z0-9 ]{1,8}`), rapid.SampledFrom([]string{"岚港", `a"b`, `"`, "x\ny", "p\r\nq", ",", "，", `""`, "a,b", " "}), rapid.StringMatching(`[岚港市环罚]{1,200}`))
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 6).Draw(t, "width")
		table := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 2, 60).Draw(t, "table")
		table = append([][]string{make([]string, width)}, table...)
		for i := range table[0] {
			table[0][i] = "h" + string(rune('a'+i))
		}
		for i := range table {
			table[i][0] = "k" + table[i][0] // no row is blank
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		if err := w.WriteAll(table); err != nil {
			t.Fatal(err)
		}
		want, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		f, err := NewReader(strings.NewReader(b.String()), "test")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, want[0], f.Header())
		for _, w := range want[1:] {
			var row Row
			if err := f.Next(&row); err != nil || row.Err != nil {
				t.Fatal(err, row.Err)
			}
			equal(t, w, row.Cells)
		}
		if err := f.Next(&Row{}); err != io.EOF {
			t.Fatalf("after the last row: %v", err)
		}
	})
}

func equal(t *rapid.T, want, got []string) {
	t.Helper()
	if strings.Join(want, "\x1f") != strings.Join(got, "\x1f") {
		t.Fatalf("want %q, got %q", want, got)
	}
}
