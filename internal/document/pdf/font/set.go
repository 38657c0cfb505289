package font

import (
	_ "embed" // the faces
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

//go:embed xinban-sans-sc-regular.ttf.zst
var regularFile []byte

//go:embed xinban-sans-sc-bold.ttf.zst
var boldFile []byte

// Faces of a Set, by index.
const (
	Regular = 0
	Bold    = 1
)

// Set is the faces that a document may use, in order. It is immutable.
type Set struct {
	Faces []*Font
}

// Load unpacks and parses the embedded faces, once per process (about 60 ms); every call gets the same Set.
var Load = sync.OnceValues(func() (*Set, error) {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("load fonts: %w", err)
	}
	defer dec.Close()
	s := &Set{}
	for _, packed := range [][]byte{regularFile, boldFile} {
		ttf, err := dec.DecodeAll(packed, nil)
		if err != nil {
			return nil, fmt.Errorf("load fonts: unpack: %w", err)
		}
		f, err := Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("load fonts: %w", err)
		}
		s.Faces = append(s.Faces, f)
	}
	return s, nil
})

// Glyph finds a character in the face asked for, else in the other. ok is false when no face has it. The advance is
// in thousandths of the em.
func (s *Set) Glyph(bold bool, r rune) (face uint8, id, advance uint16, ok bool) {
	if bold {
		if g := s.Faces[Bold].Glyph(r); g != 0 {
			return Bold, g, s.Faces[Bold].advance[g], true
		}
	}
	g := s.Faces[Regular].Glyph(r)
	return Regular, g, s.Faces[Regular].advance[g], g != 0
}
