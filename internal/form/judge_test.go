package form

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"xinban/internal/document/pdf"
)

// judge runs one of the outside programs that say whether a paper is sound, or skips the test.
func judge(t *testing.T, debian, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed (Debian package %s)", program, debian)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v: %s", program, err, out)
	}
	return string(out)
}

// kept writes a file for the judges. XINBAN_KEEP_PDF names a folder to keep it in, to look at.
func kept(t *testing.T, name string, file []byte) string {
	t.Helper()
	dir := os.Getenv("XINBAN_KEEP_PDF")
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every paper is sound, says whose it is, leaves no placeholder, and to an applicant says on every page that repair
// is free; what asks for a seal is signed.
func TestEveryPaperIsSound(t *testing.T) {
	p := press(t)
	for _, id := range ids(t) {
		t.Run(id, func(t *testing.T) {
			x := template(t, id)
			file, err := p.PDF(x, sample(40), made)
			if err != nil {
				t.Fatal(err)
			}
			path := kept(t, id+".pdf", file)
			if out := judge(t, "qpdf", "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") {
				t.Error(out)
			}
			_, signed := pdf.VerifySignature(file)
			if (signed == nil) != x.Sealed() {
				t.Errorf("sealed %v, signature %v", x.Sealed(), signed)
			}
			checkText(t, x, judge(t, "poppler-utils", "pdftotext", path, "-"))
		})
	}
}

func checkText(t *testing.T, x *Template, text string) {
	t.Helper()
	joined := strings.NewReplacer("\n", "", "\f", "").Replace(text)
	for _, want := range []string{x.Title, "XF20261125000018", "演示数据", "演示省演示市演示经济技术开发区"} {
		if !strings.Contains(joined, want) {
			t.Errorf("the paper lacks %q", want)
		}
	}
	if strings.ContainsAny(text, "{}") {
		t.Error("a placeholder is printed")
	}
	if pages := strings.Count(text, "\f"); x.For == Applicant && strings.Count(text, Free) < pages {
		t.Errorf("%d pages say %d times that repair is free", pages, strings.Count(text, Free))
	}
}

// A paper over many pages holds each of its matters.
func TestManyMattersGoOverPages(t *testing.T) {
	v := sample(120)
	file, err := press(t).PDF(template(t, "apply-creditchina"), v, made)
	if err != nil {
		t.Fatal(err)
	}
	text := judge(t, "poppler-utils", "pdftotext", kept(t, "many.pdf", file), "-")
	if n := strings.Count(text, "\f"); n < 5 {
		t.Errorf("120 matters on %d pages", n)
	}
	text = strings.Join(strings.Fields(text), "")
	for _, row := range v.Lists["matters"] {
		if !strings.Contains(text, row["number"]) {
			t.Errorf("%s is not on the paper", row["number"])
		}
	}
}
