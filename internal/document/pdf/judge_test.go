package pdf_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"xinban/internal/document/pdf"
	"xinban/internal/document/sheet"
)

// judge runs one of the outside programs that say whether a paper is sound, or skips the test.
func judge(t *testing.T, debian, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed (Debian package %s)", program, debian)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
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

func TestPdfsigFindsTheSignatureValid(t *testing.T) {
	out := judge(t, "poppler-utils", "pdfsig", kept(t, "signed.pdf", setup(t).issue(t, "岚港市演示有限公司")))
	for _, want := range []string{"Signature is Valid", "Total document signed", issuer, "SHA-256"} {
		if !strings.Contains(out, want) {
			t.Errorf("pdfsig does not say %q:\n%s", want, out)
		}
	}
}

func TestPdfsigSeesAnAlteredPaper(t *testing.T) {
	file := setup(t).issue(t, "岚港市演示有限公司")
	file[len(file)/3] ^= 1
	if out := judge(t, "poppler-utils", "pdfsig", kept(t, "altered.pdf", file)); strings.Contains(out, "Signature is Valid") {
		t.Errorf("pdfsig finds an altered paper valid:\n%s", out)
	}
}

func TestQpdfFindsNoFault(t *testing.T) {
	h := setup(t)
	long := &sheet.Sheet{Title: "长表", Number: "1", Blocks: []sheet.Block{sheet.Table{Columns: []sheet.Column{{Title: "一"}, {Title: "二"}}}}}
	rows := long.Blocks[0].(sheet.Table)
	for range 1000 {
		rows.Rows = append(rows.Rows, []sheet.Text{sheet.Plain("行"), sheet.Plain("记录𪚥")})
	}
	long.Blocks[0] = rows
	thousand, err := h.writer.Write(long.Layout(h.fonts), h.options(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{"sample.pdf": h.issue(t, "岚港市演示有限公司"), "thousand.pdf": thousand} {
		if out := judge(t, "qpdf", "qpdf", "--check", kept(t, name, file)); !strings.Contains(out, "No syntax or stream encoding errors") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestPdffontsSeesEmbeddedSubsetsWithUnicode(t *testing.T) {
	out := judge(t, "poppler-utils", "pdffonts", kept(t, "fonts.pdf", setup(t).issue(t, "岚港市演示有限公司")))
	rows := strings.Split(strings.TrimSpace(out), "\n")[2:]
	if len(rows) != 2 {
		t.Errorf("%d fonts, want two:\n%s", len(rows), out)
	}
	for _, row := range rows {
		if !strings.Contains(row, "+XinbanSansSC-") || !strings.Contains(row, "Identity-H") || !strings.Contains(row, "yes yes yes") {
			t.Errorf("font: %s", row)
		}
	}
}

// The text that comes out is the text that went in: rare characters, radicals that share a glyph with an ideograph,
// full-width marks, and the character that no face has.
func TestPdftotextGivesTheExactText(t *testing.T) {
	name := "岚港市䶮㛃𬭎𠅤𫖯㙓𬱖堃喆⼀一𪚥（试）有限公司"
	file := setup(t).issue(t, name)
	out := judge(t, "poppler-utils", "pdftotext", kept(t, "text.pdf", file), "-")
	for _, want := range []string{name, "公共信用报告", "无违法违规记录证明 · 普通版", number, "第1页 共", "岚港市市场监督管理局", "未标明生产日期的预包装食品", "岚港市监处罚〔2025〕260号", "3,260.50元"} {
		if !strings.Contains(out, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	for _, d := range domains() {
		if !strings.Contains(out, d[1][0].Text) {
			t.Errorf("the text lacks the domain %q", d[1][0].Text)
		}
	}
	if strings.Contains(out, "演示专用") {
		t.Error("the seal's letters are text; they must be drawn")
	}
}

func TestTheTreeCanBeRead(t *testing.T) {
	out := judge(t, "poppler-utils", "pdfinfo", "-struct", kept(t, "tree.pdf", setup(t).issue(t, "岚港市演示有限公司")))
	for tag, want := range map[string]int{"H1 (block)": 1, "H2 (block)": 4, "Table (block)": 4, "Figure": 1, "Form": 1, "L (block)": 1, "/Scope /Row": 10, "/Scope /Column": 11} {
		if got := strings.Count(out, " "+tag+"\n"); got != want {
			t.Errorf("%d of %s in the structure tree, want %d", got, tag, want)
		}
	}
	if strings.Contains(strings.ToLower(out), "error") {
		t.Errorf("pdfinfo complains: %.400s", out)
	}
}

func TestTheAttachmentIsFoundByOthers(t *testing.T) {
	h := setup(t)
	path := kept(t, "attachment.pdf", h.issue(t, "岚港市演示有限公司"))
	if out := judge(t, "poppler-utils", "pdfdetach", "-list", path); !strings.Contains(out, "report.json") {
		t.Errorf("pdfdetach: %s", out)
	}
}

func TestZbarimgReadsTheCodeFromTheRenderedPage(t *testing.T) {
	path := kept(t, "code.pdf", setup(t).issue(t, "岚港市演示有限公司"))
	page := filepath.Join(t.TempDir(), "page")
	judge(t, "poppler-utils", "pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "-singlefile", path, page)
	if out := judge(t, "zbar-tools", "zbarimg", "-q", "--nodbus", page+".png"); !strings.Contains(out, checkAt) {
		t.Errorf("zbarimg reads %q, want %s", out, checkAt)
	}
}

func TestAPaperWithoutASealIsSignedInvisibly(t *testing.T) {
	h := setup(t)
	doc := &sheet.Sheet{Title: "试", Number: "1", Blocks: []sheet.Block{sheet.Paragraph{Text: sheet.Plain("正文")}}}
	file, err := h.writer.Write(doc.Layout(h.fonts), pdf.Options{Created: issued, Signer: h.keys})
	if err != nil {
		t.Fatal(err)
	}
	if out := judge(t, "poppler-utils", "pdfsig", kept(t, "plain.pdf", file)); !strings.Contains(out, "Signature is Valid") {
		t.Errorf("pdfsig: %s", out)
	}
}
