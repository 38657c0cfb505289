package font_test

import (
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"

	"xinban/internal/document/pdf/font"
)

func load(t testing.TB) *font.Set {
	t.Helper()
	s, err := font.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRareCharactersOfNamesAreThere(t *testing.T) {
	s := load(t)
	for _, r := range "䶮㛃𬭎𠅤𫖯㙓𬱖𬍛𬱟堃喆昇珺镕頔" {
		for _, bold := range []bool{false, true} {
			if _, _, _, ok := s.Glyph(bold, r); !ok {
				t.Errorf("no face has %c U+%04X", r, r)
			}
		}
	}
	if _, _, _, ok := s.Glyph(false, '𪚥'); ok {
		t.Error("𪚥 is known to be missing: if a face has it now, choose another for the tests of the box")
	}
}

func TestBothFacesCoverTheIdeographsOfGBK(t *testing.T) {
	s := load(t)
	dec := simplifiedchinese.GBK.NewDecoder()
	missing := 0
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			text, err := dec.Bytes([]byte{byte(lead), byte(trail)})
			if err != nil {
				continue
			}
			for _, r := range string(text) {
				if r >= 0x4E00 && r <= 0x9FA5 && (s.Faces[font.Regular].Glyph(r) == 0 || s.Faces[font.Bold].Glyph(r) == 0) {
					missing++
				}
			}
		}
	}
	if missing > 0 {
		t.Errorf("%d ideographs of GBK are missing", missing)
	}
}

// An independent reader, x/image's sfnt, must find the same widths in a rebuilt font as Parse does.
func TestRebuiltFontReadsTheSameElsewhere(t *testing.T) {
	for _, f := range load(t).Faces {
		ttf := f.Rebuild("Trial", "Regular", "none", func(r rune) bool { return strings.ContainsRune("公共信用报告Ag，0䶮𬭎", r) })
		got, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		var buf sfnt.Buffer
		for _, r := range "公共信用报告Ag，0䶮𬭎" {
			g, err := got.GlyphIndex(&buf, r)
			if err != nil || g == 0 {
				t.Fatalf("%c is lost: %v", r, err)
			}
			w, err := got.GlyphAdvance(&buf, g, fixed.I(f.UnitsPerEm), 0)
			if err != nil || uint16(w.Round()) != f.Advance(f.Glyph(r)) {
				t.Errorf("%c is %v wide, not %d: %v", r, w, f.Advance(f.Glyph(r)), err)
			}
			if segments, err := got.LoadGlyph(&buf, g, fixed.I(f.UnitsPerEm), nil); err != nil || len(segments) == 0 {
				t.Errorf("%c has no outline: %v", r, err)
			}
		}
	}
}

func TestSubsetNeedsTheBoxFirstAndKnownGlyphs(t *testing.T) {
	f := load(t).Faces[font.Regular]
	for _, glyphs := range [][]uint16{nil, {5}, {0, 65535}} {
		if _, err := f.Subset(glyphs); err == nil {
			t.Errorf("subset of %v is made", glyphs)
		}
	}
}

func TestDamagedFontsAreRefused(t *testing.T) {
	s := load(t)
	whole := s.Faces[font.Bold].Rebuild("Trial", "Bold", "none", func(r rune) bool { return r < 0x3100 })
	if _, err := font.Parse(whole); err != nil {
		t.Fatalf("the undamaged font is refused: %v", err)
	}
	for _, n := range []int{0, 4, 11, 100, len(whole) / 2, len(whole) - 40} {
		if _, err := font.Parse(whole[:n]); err == nil {
			t.Errorf("a font cut to %d bytes is accepted", n)
		}
	}
}

func TestContoursStayInsideTheirBox(t *testing.T) {
	f := load(t).Faces[font.Bold]
	for _, r := range "演示专用章" {
		cs := f.Contours(f.Glyph(r))
		if len(cs) == 0 {
			t.Errorf("%c has no outline", r)
		}
		for _, c := range cs {
			for _, p := range c {
				if p.X < -200 || p.X > 1200 || p.Y < -300 || p.Y > 1100 {
					t.Errorf("%c: point %v outside the em", r, p)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	s, err := font.Load()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Faces[font.Bold].Rebuild("Trial", "Bold", "none", func(r rune) bool { return r >= '0' && r < 'd' }))
	f.Fuzz(func(t *testing.T, b []byte) {
		face, err := font.Parse(b)
		if err != nil {
			return
		}
		face.Subset([]uint16{0})
		for g := range min(face.Glyphs(), 32) {
			face.Contours(uint16(g))
		}
	})
}
