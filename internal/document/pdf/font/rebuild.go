package font

import (
	"encoding/binary"
	"unicode/utf16"
)

// Rebuild makes a complete font of its own name out of the face, with the characters that keep names true for, for
// shipping (OFL 1.1 wants a changed font renamed). Hints and layout tables stay behind: documents need neither.
func (f *Font) Rebuild(family, style, copyright string, keep func(rune) bool) []byte {
	glyphs := []uint16{0}
	var runes []rune
	for r := rune(0); r <= 0x10FFFF; r++ {
		if g := f.Glyph(r); g != 0 && keep(r) {
			runes = append(runes, r)
			glyphs = append(glyphs, g)
		}
	}
	all, err := f.closure(glyphs)
	if err != nil {
		return nil
	}
	glyf, loca := f.gather(all)
	head := append([]byte(nil), f.head...)
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1)
	post := make([]byte, 32)
	binary.BigEndian.PutUint32(post, 0x00030000)
	return file([]table{
		{"OS/2", f.os2}, {"cmap", cmap12(runes)}, {"glyf", glyf}, {"head", head}, {"hhea", f.hheaFor(len(all))},
		{"hmtx", f.hmtxFor(all)}, {"loca", loca}, {"maxp", f.maxpFor(len(all))},
		{"name", names(family, style, copyright)}, {"post", post},
	})
}

// cmap12 maps runes[i] to glyph i+1.
func cmap12(runes []rune) []byte {
	var groups []byte
	n := uint32(0)
	for i := 0; i < len(runes); n++ {
		j := i + 1
		for j < len(runes) && runes[j] == runes[j-1]+1 {
			j++
		}
		for _, v := range []uint32{uint32(runes[i]), uint32(runes[j-1]), uint32(i + 1)} {
			groups = binary.BigEndian.AppendUint32(groups, v)
		}
		i = j
	}
	b := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0}
	b = binary.BigEndian.AppendUint32(b, uint32(16+len(groups)))
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint32(b, n)
	return append(b, groups...)
}

func names(family, style, copyright string) []byte {
	ps := ""
	for _, r := range family + "-" + style {
		if r != ' ' {
			ps += string(r)
		}
	}
	entries := []struct {
		id   uint16
		text string
	}{
		{0, copyright}, {1, family}, {2, style}, {3, ps + ";xinban"}, {4, family + " " + style}, {5, "Version 1.0"}, {6, ps},
		{13, "This Font Software is licensed under the SIL Open Font License, Version 1.1."}, {14, "https://openfontlicense.org"},
	}
	var records, store []byte
	for _, e := range entries {
		at := len(store)
		for _, u := range utf16.Encode([]rune(e.text)) {
			store = binary.BigEndian.AppendUint16(store, u)
		}
		for _, v := range []uint16{3, 1, 0x409, e.id, uint16(len(store) - at), uint16(at)} {
			records = binary.BigEndian.AppendUint16(records, v)
		}
	}
	b := binary.BigEndian.AppendUint16([]byte{0, 0}, uint16(len(entries)))
	b = binary.BigEndian.AppendUint16(b, uint16(6+len(records)))
	return append(append(b, records...), store...)
}
