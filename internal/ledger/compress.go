package ledger

import (
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/klauspost/compress/s2"

	"xinban/internal/credit"
)

// Forms of a stored body, its first byte.
const (
	formPlain = 0 // as it is
	formS2    = 2 // the number of a dictionary (0: none) and an S2 block
)

// dictionarySize is the most bytes of a dictionary: S2 refers no further back.
const dictionarySize = 64<<10 - 8

// maxBody is the most bytes a body may unfold to.
const maxBody = 16 << 20

// dictionaries are the dictionaries of a store by number. A set never changes; a new one takes its place.
type dictionaries map[uint64]*s2.Dict

// compressor packs and unpacks bodies. It is safe for concurrent use.
type compressor struct{ dicts atomic.Pointer[dictionaries] }

func newCompressor() *compressor {
	c := &compressor{}
	c.dicts.Store(&dictionaries{})
	return c
}

// has tells whether bodies of a kind have a dictionary.
func (c *compressor) has(kind credit.Kind) bool { return (*c.dicts.Load())[dictionaryOf(kind)] != nil }

// dictionaryOf is the number of the dictionary of a kind.
func dictionaryOf(kind credit.Kind) uint64 { return uint64(kind) }

// buffers are the scratch of one packing or unpacking.
type buffers struct{ short, block []byte }

var bufferPool = sync.Pool{New: func() any { return &buffers{} }}

// pack appends the stored form of plain, a body of the given kind, to dst.
func (c *compressor) pack(kind credit.Kind, dst, plain []byte) []byte {
	id := dictionaryOf(kind)
	d := (*c.dicts.Load())[id]
	if d == nil {
		id = 0
	}
	buf := bufferPool.Get().(*buffers)
	defer bufferPool.Put(buf)
	buf.short = shorten(buf.short[:0], plain)
	if room := s2.MaxEncodedLen(len(buf.short)); cap(buf.block) < room {
		buf.block = make([]byte, room)
	}
	var block []byte
	if d != nil {
		block = d.Encode(buf.block[:cap(buf.block)], buf.short)
	} else {
		block = s2.Encode(buf.block[:cap(buf.block)], buf.short)
	}
	dst = binary.AppendUvarint(append(dst, formS2), id)
	dst = binary.AppendUvarint(dst, uint64(len(plain)))
	return append(dst, block...)
}

// room is where texts of one reading are unfolded, many in one allocation. The zero value is ready.
type room struct{ free []byte }

// roomBlock is the bytes of room made at once.
const roomBlock = 16 << 10

// take returns n bytes that nobody else gets.
func (r *room) take(n int) []byte {
	if n > len(r.free) {
		if n > roomBlock/4 {
			return make([]byte, n)
		}
		r.free = make([]byte, roomBlock)
	}
	out := r.free[:n:n]
	r.free = r.free[n:]
	return out
}

// unpack returns what stored holds, unfolded in room.
func (c *compressor) unpack(stored []byte, room *room) (string, error) {
	if len(stored) == 0 {
		return "", errBody
	}
	if stored[0] == formPlain {
		return string(stored[1:]), nil
	}
	id, n := binary.Uvarint(stored[1:])
	size, m := uint64(0), 0
	if n > 0 {
		size, m = binary.Uvarint(stored[1+n:])
	}
	if stored[0] != formS2 || n <= 0 || m <= 0 || size > maxBody {
		return "", errBody
	}
	block := stored[1+n+m:]
	if short, err := s2.DecodedLen(block); err != nil || uint64(short) > 2*size || size > 2*uint64(short) {
		return "", errBody
	}
	buf := bufferPool.Get().(*buffers)
	defer bufferPool.Put(buf)
	var err error
	if id == 0 {
		buf.short, err = s2.Decode(buf.short[:cap(buf.short)], block)
	} else if d := (*c.dicts.Load())[id]; d != nil {
		buf.short, err = d.Decode(buf.short[:cap(buf.short)], block)
	} else {
		return "", errDictionary
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", errBody, err)
	}
	out := room.take(int(size) + 1)
	if !lengthen(out, buf.short) {
		return "", errBody
	}
	return unsafe.String(unsafe.SliceData(out), int(size)), nil // out is not written again
}

// known is the share of its bytes below which a sample teaches a dictionary nothing new.
const known = 0.30

// train makes a dictionary of whole sample bodies: those that the dictionary so far packs badly. The
// last is the most recent and so the cheapest to refer to.
func train(samples [][]byte) []byte {
	var b []byte
	var d *s2.Dict
	step := dictionarySize / 4
	var buf []byte
	for _, s := range samples {
		s = shorten(nil, s)
		if len(b)+len(s) > dictionarySize {
			break
		}
		if d != nil {
			if cap(buf) < s2.MaxEncodedLen(len(s)) {
				buf = make([]byte, s2.MaxEncodedLen(len(s)))
			}
			if float64(len(d.Encode(buf[:cap(buf)], s))) < known*float64(len(s)) {
				continue
			}
		}
		b = append(b, s...)
		if d == nil && len(b) > step || d != nil && len(b)/step > (len(b)-len(s))/step {
			d = s2.MakeDict(b, nil)
		}
	}
	return b
}
