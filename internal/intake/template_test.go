package intake

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
)

// A template opens in a spreadsheet program, has the columns that intake knows, and keeps long codes as text.
func TestTemplatesOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, kind := range credit.Kinds() {
		headings := normal.Template(kind)
		var b bytes.Buffer
		if err := xlsxTemplate(&b, headings); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		rows, err := f.GetRows("报送")
		if err != nil || len(rows) != 1 || !slices.Equal(rows[0], headings) {
			t.Errorf("%s: rows %v, %v", kind, rows, err)
		}
		style, err := f.GetColStyle("报送", "C")
		if err != nil {
			t.Fatal(err)
		}
		if s, err := f.GetStyle(style); err != nil || s.NumFmt != 49 {
			t.Errorf("%s: the third column is no text: %+v, %v", kind, s, err)
		}
		b.Reset()
		if err := csvTemplate(&b, headings); err != nil {
			t.Fatal(err)
		}
		line, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).Read()
		if err != nil || !slices.Equal(line, headings) || !strings.HasPrefix(b.String(), "\ufeff") {
			t.Errorf("%s: %v, %v", kind, line, err)
		}
		if _, _, err := normal.Map(headings, kind); err != nil {
			t.Errorf("%s: its own template does not fit: %v", kind, err)
		}
	}
}

// Every finding that the rows of a form can have says what it is about in both languages.
func TestTitlesNeedNoValues(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"date_impossible", "field_missing", "truncated", "conflict_in_file", "code_check", "amount_yuan"} {
		zh, en := titleOf(code)
		if zh == "" || en == "" || zh == code || strings.Contains(zh+en, "%") {
			t.Errorf("%s: %q, %q", code, zh, en)
		}
	}
	if zh, en := titleOf("未来的代码"); zh != "未来的代码" || en != zh {
		t.Errorf("an unknown code is called %q, %q", zh, en)
	}
}
