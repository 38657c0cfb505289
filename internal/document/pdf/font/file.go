package font

import (
	"encoding/binary"
	"math/bits"
)

type table struct {
	tag  string
	data []byte
}

// file puts tables, given in the order of their tags, together as a TrueType file and sets its checksum.
func file(ts []table) []byte {
	size := 12 + 16*len(ts)
	for _, t := range ts {
		size += (len(t.data) + 3) &^ 3
	}
	b := make([]byte, 12+16*len(ts), size)
	binary.BigEndian.PutUint32(b, 0x00010000)
	n := uint16(len(ts))
	log := uint16(bits.Len16(n) - 1)
	binary.BigEndian.PutUint16(b[4:], n)
	binary.BigEndian.PutUint16(b[6:], 16<<log)
	binary.BigEndian.PutUint16(b[8:], log)
	binary.BigEndian.PutUint16(b[10:], 16*n-16<<log)
	head := 0
	for i, t := range ts {
		entry := b[12+16*i:]
		copy(entry, t.tag)
		at := len(b)
		if t.tag == "head" {
			head = at
		}
		b = append(b, t.data...)
		for len(b)&3 != 0 {
			b = append(b, 0)
		}
		binary.BigEndian.PutUint32(entry[4:], sum(b[at:]))
		binary.BigEndian.PutUint32(entry[8:], uint32(at))
		binary.BigEndian.PutUint32(entry[12:], uint32(len(t.data)))
	}
	binary.BigEndian.PutUint32(b[head+8:], 0xB1B0AFBA-sum(b))
	return b
}

func sum(b []byte) (s uint32) {
	for ; len(b) >= 4; b = b[4:] {
		s += binary.BigEndian.Uint32(b)
	}
	return s
}
