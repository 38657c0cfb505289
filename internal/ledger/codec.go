package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"xinban/internal/credit"
)

// Raw is a row as received: its cells under the headings of a stored layout.
type Raw struct {
	Layout int64
	Cells  []string
}

// codecVersion begins every body before compression.
const codecVersion = 1

var errDictionary = errors.New("ledger: a body names a dictionary that the store does not have")

var errBody = errors.New("ledger: a stored body is damaged")

// AppendRecord appends the normal form of r to b.
func AppendRecord(b []byte, r *credit.Record) []byte {
	for t := TagClass; t < TagExtra; t++ {
		if s := text(r, t); s != nil {
			if *s != "" {
				b = appendText(append(b, byte(t)), *s)
			}
		} else if n := number(r, t); n != 0 {
			b = binary.AppendUvarint(append(b, byte(t)), n)
		}
	}
	if len(r.Extra) > 0 {
		b = binary.AppendUvarint(append(b, byte(TagExtra)), uint64(len(r.Extra)))
		for _, f := range r.Extra {
			b = appendText(appendText(b, f.Heading), f.Text)
		}
	}
	return append(b, byte(tagEnd))
}

// RecordDigest is the digest of a normal form made by [AppendRecord]: rows of a source with the same
// digest are unchanged.
func RecordDigest(form []byte) int64 {
	sum := sha256.Sum256(form)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// appendRaw appends the cells; a cell equal to a text of the record is stored as a reference to it.
func appendRaw(b []byte, raw *Raw, r *credit.Record, tags []Tag) []byte {
	b = binary.AppendUvarint(b, uint64(raw.Layout))
	b = binary.AppendUvarint(b, uint64(len(raw.Cells)))
	for i, c := range raw.Cells {
		if c != "" && i < len(tags) && tags[i] != tagEnd {
			if s := text(r, tags[i]); s != nil && *s == c {
				b = binary.AppendUvarint(b, uint64(tags[i])<<1|1)
				continue
			}
		}
		b = binary.AppendUvarint(b, uint64(len(c))<<1)
		b = append(b, c...)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// reader takes a body apart. All strings it gives share one copy of the body.
type reader struct {
	s   string
	err error
}

func (d *reader) uvarint() uint64 {
	var v uint64
	for i := 0; i < len(d.s) && i < 10; i++ {
		c := d.s[i]
		v |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return v
		}
	}
	d.fail()
	return 0
}

func (d *reader) text() string { return d.bytes(d.uvarint()) }

func (d *reader) bytes(n uint64) string {
	if n > uint64(len(d.s)) {
		d.fail()
		return ""
	}
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

func (d *reader) byte() byte {
	if len(d.s) == 0 {
		d.fail()
		return 0
	}
	c := d.s[0]
	d.s = d.s[1:]
	return c
}

func (d *reader) fail() { d.s, d.err = "", errBody }

func (d *reader) record(r *credit.Record) {
	for {
		t := Tag(d.byte())
		switch {
		case t == tagEnd:
			return
		case t == TagExtra:
			n := d.uvarint()
			for ; n > 0 && d.err == nil; n-- {
				r.Extra = append(r.Extra, credit.Field{Heading: d.text(), Text: d.text()})
			}
		case t >= tagCount:
			d.fail()
			return
		default:
			if s := text(r, t); s != nil {
				*s = d.text()
			} else {
				setNumber(r, t, d.uvarint())
			}
		}
	}
}

func (d *reader) raw(r *credit.Record) Raw {
	raw := Raw{Layout: int64(d.uvarint())}
	n := d.uvarint()
	if n > uint64(len(d.s)) {
		d.fail()
		return raw
	}
	raw.Cells = make([]string, n)
	for i := range raw.Cells {
		h := d.uvarint()
		if h&1 == 0 {
			raw.Cells[i] = d.bytes(h >> 1)
		} else if s := text(r, Tag(h>>1)); s != nil {
			raw.Cells[i] = *s
		}
	}
	return raw
}

// DecodeRecord reads the normal form and, when raw is not nil, the row as received from a body that
// is no longer compressed.
func DecodeRecord(body []byte, kind credit.Kind, r *credit.Record, raw *Raw) error {
	return decodeRecord(string(body), kind, r, raw)
}

func decodeRecord(body string, kind credit.Kind, r *credit.Record, raw *Raw) error {
	*r = credit.Record{Kind: kind}
	d := reader{s: body}
	if v := d.byte(); v != codecVersion && d.err == nil {
		return fmt.Errorf("ledger: a body has version %d, this program reads %d", v, codecVersion)
	}
	d.record(r)
	if raw != nil && d.err == nil {
		*raw = d.raw(r)
	}
	return d.err
}
