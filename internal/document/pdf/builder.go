package pdf

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// ref is the number of an indirect object.
type ref int

// builder puts the objects of one file together. Small objects gather in compressed object streams.
type builder struct {
	buf    []byte
	places []place
	small  []byte // bodies waiting for their object stream
	index  []byte // "number offset" pairs of small
	count  int
	stm    ref
}

// place is where an object lies: at an offset of the file, or in an object stream.
type place struct {
	offset int
	stm    ref
	index  int
}

const smallPerStream = 250

func newBuilder(buf []byte) *builder {
	b := &builder{buf: append(buf[:0], "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"...), places: make([]place, 1, 512)}
	return b
}

// alloc reserves an object number.
func (b *builder) alloc() ref {
	b.places = append(b.places, place{})
	return ref(len(b.places) - 1)
}

// put writes an object's body into an object stream.
func (b *builder) put(r ref, body []byte) {
	if b.count == 0 {
		b.stm = b.alloc()
	}
	b.index = strconv.AppendInt(b.index, int64(r), 10)
	b.index = append(b.index, ' ')
	b.index = strconv.AppendInt(b.index, int64(len(b.small)), 10)
	b.index = append(b.index, ' ')
	b.places[r] = place{stm: b.stm, index: b.count}
	b.small = append(append(b.small, body...), '\n')
	if b.count++; b.count == smallPerStream {
		b.flush()
	}
}

func (b *builder) flush() {
	if b.count == 0 {
		return
	}
	dict := "/Type/ObjStm/N " + strconv.Itoa(b.count) + "/First " + strconv.Itoa(len(b.index))
	b.stream(b.stm, dict, append(b.index, b.small...))
	b.index, b.small, b.count = b.index[:0], b.small[:0], 0
}

// direct begins an object at the end of the file; the caller appends its body and calls endobj.
func (b *builder) direct(r ref) {
	b.places[r] = place{offset: len(b.buf)}
	b.buf = strconv.AppendInt(b.buf, int64(r), 10)
	b.buf = append(b.buf, " 0 obj\n"...)
}

func (b *builder) endobj() { b.buf = append(b.buf, "\nendobj\n"...) }

// stream writes a compressed stream object; dict is its dictionary without Length and Filter.
func (b *builder) stream(r ref, dict string, data []byte) {
	packed := deflate(data)
	b.packedStream(r, dict, packed.Bytes())
	packer.Put(packed)
}

func (b *builder) packedStream(r ref, dict string, packed []byte) {
	b.direct(r)
	b.buf = append(b.buf, "<<"...)
	b.buf = append(b.buf, dict...)
	b.buf = append(b.buf, "/Filter/FlateDecode/Length "...)
	b.buf = strconv.AppendInt(b.buf, int64(len(packed)), 10)
	b.buf = append(b.buf, ">>\nstream\n"...)
	b.buf = append(b.buf, packed...)
	b.buf = append(b.buf, "\nendstream"...)
	b.endobj()
}

// finish writes the cross-reference stream and the end of the file.
func (b *builder) finish(root, info ref, id [16]byte) []byte {
	b.flush()
	self := b.alloc()
	at := len(b.buf)
	b.places[self].offset = at
	rows := make([]byte, 0, 7*len(b.places))
	for i, p := range b.places {
		switch {
		case i == 0:
			rows = append(rows, 0, 0, 0, 0, 0, 255, 255)
		case p.stm != 0:
			rows = append(rows, 2)
			rows = binary.BigEndian.AppendUint32(rows, uint32(p.stm))
			rows = binary.BigEndian.AppendUint16(rows, uint16(p.index))
		default:
			rows = append(rows, 1)
			rows = binary.BigEndian.AppendUint32(rows, uint32(p.offset))
			rows = append(rows, 0, 0)
		}
	}
	var d []byte
	d = append(d, "/Type/XRef/W[1 4 2]/Size "...)
	d = strconv.AppendInt(d, int64(len(b.places)), 10)
	d = append(appendRef(append(d, "/Root "...), root), "/Info "...)
	d = append(appendRef(d, info), "/ID["...)
	d = append(appendHex(appendHex(d, id[:]), id[:]), ']')
	b.stream(self, string(d), rows)
	b.buf = append(b.buf, "startxref\n"...)
	b.buf = strconv.AppendInt(b.buf, int64(at), 10)
	b.buf = append(b.buf, "\n%%EOF\n"...)
	return b.buf
}

var packer = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var zipper = sync.Pool{New: func() any {
	z, err := zlib.NewWriterLevel(nil, zlib.BestSpeed)
	if err != nil {
		panic(err) // BestSpeed is a level
	}
	return z
}}

// deflate packs data at the fastest level: a paper is packed once and must be issued at hundreds a second.
func deflate(data []byte) *bytes.Buffer {
	out := packer.Get().(*bytes.Buffer)
	out.Reset()
	z := zipper.Get().(*zlib.Writer)
	z.Reset(out)
	z.Write(data) // a bytes.Buffer takes everything
	z.Close()
	zipper.Put(z)
	return out
}
