package read

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func codeOf(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

func TestAFaultyRowIsNamedAndTheNextIsRead(t *testing.T) {
	long := strings.Repeat("岚", 400_000) // 1.2 MB
	for name, c := range map[string]struct {
		text   string
		faults []string
	}{
		"too few columns":                {"a,b,c\n1,2\n4,5,6\n", []string{"too_few_columns", ""}},
		"too many columns":               {"a,b,c\n1,2,3,4\n4,5,6\n", []string{"too_many_columns", ""}},
		"empty columns beyond the last":  {"a,b,c\n1,2,3,,\n4,5,6\n", []string{"", ""}},
		"text behind a closing quote":    {"a,b,c\n1,\"2\"x,3\n4,5,6\n", []string{"stray_quote", ""}},
		"a quote inside a plain cell":    {"a,b,c\n1,2\"x,3\n4,5,6\n", []string{"", ""}},
		"a cell over a mebibyte":         {"a,b,c\n1," + long + ",3\n4,5,6\n", []string{"cell_too_long", ""}},
		"a row over four mebibytes":      {"a,b,c\n1," + strings.Repeat(long, 5) + ",3\n4,5,6\n", []string{"row_too_long", ""}},
		"a NUL":                          {"a,b,c\n1,2\x00,3\n4,5,6\n", []string{"nul_character", ""}},
		"a replacement character":        {"a,b,c\n1,岚\uFFFD,3\n4,5,6\n", []string{"bad_encoding", ""}},
		"blank rows":                     {"a,b,c\n\n1,2,3\n,,\n  \n4,5,6\n\n", []string{"", ""}},
		"a quote that never closes":      {"a,b,c\n1,\"2,3\n" + strings.Repeat("4,5,6\n", 300_000), append([]string{"unclosed_quote"}, make([]string, 300_000)...)},
		"a last row without line break":  {"a,b,c\r\n1,2,3\r\n4,5,6", []string{"", ""}},
		"tabs as pasted from a sheet":    {"a\tb\tc\n1\t2,0\t3\n", []string{""}},
		"semicolons":                     {"a;b;c\n1;2;3\n", []string{""}},
		"the separator named at the top": {"sep=;\na;b;c\n1;2;3\n", []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults, last := rows(t, c.text)
			if last != io.EOF || !slices.Equal(faults, c.faults) {
				t.Fatalf("faults %q, end %v", faults[:min(len(faults), 9)], last)
			}
		})
	}
}

func TestATruncatedFileGivesItsRowsAndThenAnError(t *testing.T) {
	all, faults, last := rows(t, "a,b,c\n1,2,3\n4,\"5 is cut o")
	if codeOf(last) != "truncated" || !slices.Equal(faults, []string{"", "unclosed_quote"}) {
		t.Fatalf("rows %q, faults %q, end %v", all, faults, last)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestABrokenConnectionKeepsTheRowsBeforeIt(t *testing.T) {
	broken := errors.New("connection reset")
	f, err := NewReader(io.MultiReader(strings.NewReader("a,b\n1,2\n3,4\n5,"), failing{broken}), "upload")
	if err != nil {
		t.Fatal(err)
	}
	var row Row
	n := 0
	for err = f.Next(&row); err == nil; err = f.Next(&row) {
		n++
	}
	if n != 3 || codeOf(err) != "read_failed" || !errors.Is(err, broken) {
		t.Fatalf("%d rows, then %v", n, err)
	}
}

func TestWhatIsNoTableIsRefusedWithAdvice(t *testing.T) {
	for code, text := range map[string]string{
		"empty_file":          "",
		"unsupported_format":  "%PDF-1.7 ...",
		"encrypted_or_legacy": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
		"damaged_workbook":    "PK\x03\x04 cut off",
		"unknown_encoding":    "a,b\n\xFF\xFF\xFF\x81\xFF\n",
	} {
		_, _, err := rows(t, text)
		if codeOf(err) != code {
			t.Errorf("want %s, got %v", code, err)
		}
		if err != nil && !strings.Contains(err.Error(), "。") {
			t.Errorf("%s gives no advice: %v", code, err)
		}
	}
	for _, text := range []string{"<html><table>", "\xEF\xBB\xBF<?xml?>", "[{\"a\":1}]", "\x1F\x8B\x08"} {
		if _, _, err := rows(t, text); codeOf(err) != "unsupported_format" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestATitleAboveTheHeadingIsSkipped(t *testing.T) {
	f, err := NewReader(strings.NewReader("岚港市行政处罚信息,,\na,b,c\n1,2,3\n"), "x")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(f.Header(), []string{"a", "b", "c"}) || len(f.Findings()) != 1 || f.Findings()[0].Code != "title_skipped" {
		t.Fatalf("header %q, findings %v", f.Header(), f.Findings())
	}
}

func TestAFileOfOneColumnLosesNoRow(t *testing.T) {
	all, _, last := rows(t, "a\n1\n2\n")
	if len(all) != 3 || last != io.EOF {
		t.Fatalf("%q, %v", all, last)
	}
}

// zeros is an endless line.
type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	for i := range n {
		p[i] = 'x'
	}
	z.left -= n
	return n, nil
}

func TestAHugeLineCostsNoMemory(t *testing.T) {
	const huge = 512 << 20
	in := io.MultiReader(strings.NewReader("a,b\n1,2\n3,"), &zeros{huge}, strings.NewReader("\n5,6\n"))
	var before, after runtime.MemStats
	f, err := NewReader(in, "huge")
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&before)
	var faults []string
	var row Row
	for err = f.Next(&row); err == nil; err = f.Next(&row) {
		faults = append(faults, codeOf(row.Err))
		if len(strings.Join(row.Cells, "")) > 1000 {
			t.Fatal("the long row came through")
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if err != io.EOF || !slices.Equal(faults, []string{"", "row_too_long", ""}) {
		t.Fatalf("faults %q, end %v", faults, err)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 64<<20 {
		t.Fatalf("the heap grew by %d bytes", grown)
	}
	if f.Offset() < huge {
		t.Fatalf("offset %d", f.Offset())
	}
}

func TestProgressEndsAtTheSizeOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	text := "a,b\n" + strings.Repeat("1,2\n", 100_000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Offset() == f.Size() {
		t.Fatal("all was read at once")
	}
	var row, last Row
	for err = f.Next(&row); err == nil; err = f.Next(&row) {
		last = row
	}
	if f.Offset() != f.Size() || f.Size() != int64(len(text)) || last.Number != 100_000 || last.Line != 100_001 {
		t.Fatalf("offset %d of %d, row %d, line %d", f.Offset(), f.Size(), last.Number, last.Line)
	}
}

func TestEveryMessageHasFourTexts(t *testing.T) {
	for code, texts := range faultText {
		if texts[0] == "" || texts[2] == "" || (texts[1] == "") != (texts[3] == "") {
			t.Errorf("%s: %q", code, texts)
		}
	}
}

func FuzzRowsAreGivenOnce(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a,b\n\"1\n2\",3\n", "a\tb\n\"\"\"\t\r\n", "{\"a\":1}\n{\"a\":\"\\u0000\"}", "sep=,\na,b\n\"x", "\xEF\xBB\xBFa,b\n\xB8\xDB,1\n", "a,b\n\",\n\n\"\"", "PK\x03\x04"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := NewReader(strings.NewReader(string(data)), "fuzz")
		if err != nil {
			return
		}
		defer file.Close()
		var row Row
		n, line := 0, 0
		for err = file.Next(&row); err == nil; err = file.Next(&row) {
			n++
			if row.Number != n || row.Line <= line && file.Format() != XLSX {
				t.Fatalf("row %d numbered %d, line %d after %d", n, row.Number, row.Line, line)
			}
			line = row.Line
			if row.Err == nil && len(row.Cells) != len(file.Header()) {
				t.Fatalf("row %d has %d cells", n, len(row.Cells))
			}
			if n > len(data) {
				t.Fatal("more rows than bytes")
			}
		}
		if again := file.Next(&row); again != err {
			t.Fatalf("the end changed from %v to %v", err, again)
		}
	})
}
