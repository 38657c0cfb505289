package pdf_test

import (
	"testing"

	"xinban/internal/document/pdf"
	"xinban/internal/document/sheet"
)

const benchName = "岚港市䶮升海运装备制造有限公司"

// BenchmarkLayout: the sheet alone, 4 pages with 52 domains and 10 penalties.
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

// BenchmarkIssueManyGlyphs: a paper with 1,200 different ideographs besides its usual words, a hard case for fonts.
func BenchmarkIssueManyGlyphs(b *testing.B) {
	h := setup(b)
	doc := sample(benchName)
	var rare []rune
	for r := '\u4e00'; r < '\u4e00'+1200*12; r += 12 {
		rare = append(rare, r)
	}
	doc.Blocks = append(doc.Blocks, sheet.Paragraph{Text: sheet.Plain(string(rare))})
	opt := h.options(b)
	for b.Loop() {
		if _, err := h.writer.Write(doc.Layout(h.fonts), opt); err != nil {
			b.Fatal(err)
		}
	}
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
