package pdf_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xinban/internal/document/sheet"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden file is the sample's layout with the real faces: page, place, size and text of every line. It shows in
// a review how a change of the layout moves things.
func TestSampleLayoutIsAsReviewed(t *testing.T) {
	h := setup(t)
	got := describe(sample("岚港市䶮升海运装备制造有限公司").Layout(h.fonts))
	path := filepath.Join("testdata", "sample.layout")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
		t.Errorf("the layout changed; look at the paper and run go test ./internal/document/pdf -run Reviewed -update:\n%s", d)
	}
}

func describe(l *sheet.Layout) string {
	var b strings.Builder
	for p, page := range l.Pages {
		fmt.Fprintf(&b, "page %d\n", p+1)
		for _, it := range page.Items {
			tag := "artifact"
			if it.Node >= 0 {
				tag = l.Nodes[it.Node].Type
			}
			switch it.Kind {
			case sheet.KindText:
				var text []rune
				for _, g := range it.Glyphs {
					text = append(text, g.Rune)
				}
				fmt.Fprintf(&b, "%7.2f %7.2f  %4.1f  %-8s %s\n", it.X, it.Y, it.Size, tag, string(text))
			case sheet.KindQR, sheet.KindSeal:
				fmt.Fprintf(&b, "%7.2f %7.2f  %4.1f  %-8s %s\n", it.X, it.Y, it.W, tag, l.Nodes[it.Node].Alt)
			}
		}
	}
	return b.String()
}
