package font

import (
	"testing"

	"github.com/klauspost/compress/zstd"
)

// BenchmarkUnpackAndParse is what the first Load of a process costs, for one of the two faces.
func BenchmarkUnpackAndParse(b *testing.B) {
	for b.Loop() {
		dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			b.Fatal(err)
		}
		ttf, err := dec.DecodeAll(regularFile, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Parse(ttf); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSubset cuts 500 ideographs out of a face.
func BenchmarkSubset(b *testing.B) {
	s, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	glyphs := []uint16{0}
	for r := '\u4e00'; len(glyphs) < 500; r += 29 {
		glyphs = append(glyphs, s.Faces[Regular].Glyph(r))
	}
	for b.Loop() {
		if _, err := s.Faces[Regular].Subset(glyphs); err != nil {
			b.Fatal(err)
		}
	}
}
