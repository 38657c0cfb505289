package group_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"xinban/internal/group"
	"xinban/internal/problem"
)

func TestListsAreTakenApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
		err  error
	}{
		"one a line, with empty lines": {"甲公司\n\n 乙公司 \r\n", []string{"甲公司", "乙公司"}, nil},
		"the heading is left out":      {"序号,统一社会信用代码,名称\n1,91000000MA0000001R,甲公司", []string{"91000000MA0000001R 甲公司"}, nil},
		"what nobody needs":            {"1,91000000MA0000001R,甲公司,张三,13800000000", []string{"91000000MA0000001R 甲公司"}, nil},
		"a code and a name":            {"91000000MA0000001R 甲公司\n91000000ma0000001r,甲公司", []string{"91000000MA0000001R 甲公司"}, nil},
		"a number beside a code":       {"91000000MA0000001R,甲公司,110101199003070000", nil, group.ErrNumber},
		"a number after a code":        {"91000000MA0000001R 110101199003070000", nil, group.ErrNumber},
		"a number in pieces":           {"91000000MA0000001R,甲公司,110101 19900307 0000", nil, group.ErrNumber},
		"a number with hyphens":        {"110101-19900307-0000", nil, group.ErrNumber},
		"a firm with 名称 in its name":   {"岚港名称设计有限公司", []string{"岚港名称设计有限公司"}, nil},
		"the same line twice":          {"甲公司\n甲公司", []string{"甲公司"}, nil},
		"an identity number":           {"甲公司\n110101199003070000", nil, group.ErrNumber},
		"a very long line":             {strings.Repeat("长", 300), nil, group.ErrLine},
	} {
		got, err := group.Lines(c.text)
		if !errors.Is(err, c.err) || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	var many strings.Builder
	for i := range group.Most {
		fmt.Fprintf(&many, "第%d号公司\n", i)
	}
	if got, err := group.Lines(many.String()); err != nil || len(got) != group.Most {
		t.Errorf("the most: %d, %v", len(got), err)
	}
	if _, err := group.Lines(many.String() + "再一家"); !errors.Is(err, group.ErrTooMany) {
		t.Errorf("one too many: %v", err)
	}
}

// What is kept of a list is read again as what it was.
func TestAKeptLineIsReadAsItself(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"3,甲公司，91000000MA0000001R", "岚港 海蓝渔具有限公司", "91000000MA0000001X,甲公司", "“甲公司”"} {
		kept, err := group.Lines(text)
		if err != nil || len(kept) != 1 {
			t.Fatalf("%q: %q, %v", text, kept, err)
		}
		if again, err := group.Lines(kept[0]); err != nil || !slices.Equal(again, kept) {
			t.Errorf("%q is kept as %q and read as %q, %v", text, kept, again, err)
		}
	}
}

func FuzzLines(f *testing.F) {
	for _, text := range []string{"91000000MA0000001R,甲公司", "110101199003070000", "甲\t乙\n序号,名称", "91000000MA0000001R 甲;110101-19900307-0000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := group.Lines(text)
		if err != nil {
			return
		}
		if _, err := group.Lines(strings.Join(lines, "\n")); err != nil && !errors.Is(err, group.ErrLine) {
			t.Fatalf("%q is kept as %q, which is refused: %v", text, lines, err)
		}
		for _, l := range lines {
			if rest := strings.TrimLeft(l, "0123456789ABCDEFGHJKLMNPQRTUWXY"); problem.HasIdentityNumber(rest) {
				t.Fatalf("%q keeps a number: %q", text, l)
			}
		}
	})
}

func TestFilesOfListsAreRead(t *testing.T) {
	t.Parallel()
	const list = "统一社会信用代码,名称\n91000000MA0000001R,岚港海蓝渔具有限公司\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(list))
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for i, row := range [][]any{{"统一社会信用代码", "名称"}, {"91000000MA0000001R", "岚港海蓝渔具有限公司"}} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"utf-8": []byte("\ufeff" + list), "gb18030": gb, "xlsx": xlsx.Bytes()} {
		text, err := group.ReadFile(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lines, err := group.Lines(text)
		if err != nil || len(lines) != 1 || !strings.Contains(lines[0], "岚港海蓝渔具有限公司") {
			t.Errorf("%s: %q, %v", name, lines, err)
		}
	}
	for name, file := range map[string][]byte{"a broken workbook": []byte("PK\x03\x04 nothing"), "a program": {0x7f, 'E', 'L', 'F', 0, 0}} {
		if _, err := group.ReadFile(file); !errors.Is(err, group.ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
