package pdf_test

import (
	"testing"

	"xinban/internal/document/pdf"
)

const benchName = "岚港市䶮升海运装备制造有限公司"

// BenchmarkLayout: the sheet alone, 5 pages with 52 domains and 10 penalties.
func BenchmarkLayout(b *testing.B) {
	h := setup(b)
	b.ReportAllocs()
	for b.Loop() {
		sample(benchName).Layout(h.fonts)
	}
}

// BenchmarkWrite: PDF without signature and attachment.
func BenchmarkWrite(b *testing.B) {
	h := setup(b)
	l := sample(benchName).Layout(h.fonts)
	b.ReportAllocs()
	for b.Loop() {
		file, err := h.writer.Write(l, pdf.Options{Created: issued})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(file)))
	}
}

// BenchmarkIssue: layout, envelope with two signatures, PDF with attachment and CMS: all of an issued paper.
func BenchmarkIssue(b *testing.B) {
	h := setup(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.writer.Write(sample(benchName).Layout(h.fonts), h.options(b)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIssueParallel: the same on all cores; one op is one paper.
func BenchmarkIssueParallel(b *testing.B) {
	h := setup(b)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := h.writer.Write(sample(benchName).Layout(h.fonts), h.options(b)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "papers/s")
}

// BenchmarkVerify: signature and certificate of an issued paper.
func BenchmarkVerify(b *testing.B) {
	h := setup(b)
	file, err := h.writer.Write(sample(benchName).Layout(h.fonts), h.options(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := pdf.VerifySignature(file); err != nil {
			b.Fatal(err)
		}
	}
}
