package pdf_test

import (
	"os"
	"testing"

	"xinban/internal/document/pdf"
)

func TestWriteSample(t *testing.T) {
	h := setup(t)
	file, err := h.writer.Write(sample("岚港市䶮升海运装备制造有限公司").Layout(h.fonts), h.options(t))
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile("/tmp/sample.pdf", file, 0o644)
	info, err := pdf.VerifySignature(file)
	t.Logf("%d bytes %+v %v", len(file), info, err)
	a, err := pdf.ExtractAttachment(file, "report.json")
	t.Logf("%d %v", len(a), err)
}
