package ledger

import (
	"encoding/binary"
	"unsafe"
)

// Chinese text is three bytes a character in UTF-8; here most are two, before the compressor, which
// has no entropy coding of its own. Any bytes may be shortened and come back as they were:
//
//	00–7F        stands for itself
//	80–DF t      U+4000 + (lead-80)·256 + t, of the UTF-8 sequences E4 80 80 to E9 BF BF
//	E0 t         E3 80 t   (、。〔〕《》)
//	E1 t, E2 t   EF BC t, EF BD t   (，：；（）)
//	E3 t         E2 80 t   (“”—…)
//	FF b         the byte b
const escape = 0xFF

// shorten appends the short form of src to dst.
func shorten(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		b := src[i]
		if b < 0x80 {
			dst = append(dst, b)
			i++
			continue
		}
		if i+2 < len(src) && src[i+1]&0xC0 == 0x80 && src[i+2]&0xC0 == 0x80 {
			b1, b2 := src[i+1], src[i+2]
			if b >= 0xE4 && b <= 0xE9 {
				v := uint16(b-0xE4)<<12 | uint16(b1&0x3F)<<6 | uint16(b2&0x3F)
				dst = append(dst, 0x80+byte(v>>8), byte(v))
				i += 3
				continue
			}
			if lead := pairLead(b, b1); lead != 0 {
				dst = append(dst, lead, b2)
				i += 3
				continue
			}
		}
		dst = append(dst, escape, b)
		i++
	}
	return dst
}

func pairLead(b, b1 byte) byte {
	switch uint16(b)<<8 | uint16(b1) {
	case 0xE380:
		return 0xE0
	case 0xEFBC:
		return 0xE1
	case 0xEFBD:
		return 0xE2
	case 0xE280:
		return 0xE3
	}
	return 0
}

// threes holds for each lead the three bytes that it and a second byte of zero stand for, the first one
// lowest; the second byte adds its upper two bits to the middle and its lower six to the last.
var threes = func() (all [256]uint32) {
	for lead := 0x80; lead < 0xE0; lead++ {
		v := uint32(lead-0x80) << 8
		all[lead] = 0x8080E4 + v>>12 + (v&0xFC0)<<2
	}
	for i, pair := range [...]uint32{0x80E3, 0xBCEF, 0xBDEF, 0x80E2} { // their second byte is 80 to BF itself
		all[0xE0+i] = pair + 0x80<<16 - 0x80<<2
	}
	return all
}()

// lengthen writes what a short form stands for into dst, which is one byte longer than that: three
// bytes are written as four. ok is false when the form is damaged or has another length.
func lengthen(dst, src []byte) (ok bool) {
	i, j := 0, 0
	from, to := unsafe.Pointer(unsafe.SliceData(src)), unsafe.Pointer(unsafe.SliceData(dst))
	for i < len(src)-1 && j < len(dst)-3 { // two bytes to read and four to write: no other bounds need a look
		b := *(*byte)(unsafe.Add(from, i))
		if b < 0x80 {
			*(*byte)(unsafe.Add(to, j)) = b
			i, j = i+1, j+1
			continue
		}
		t := *(*byte)(unsafe.Add(from, i+1))
		if b > 0xE3 {
			if b != escape {
				return false
			}
			*(*byte)(unsafe.Add(to, j)) = t
			i, j = i+2, j+1
			continue
		}
		binary.LittleEndian.PutUint32((*[4]byte)(unsafe.Add(to, j))[:], three(b, t))
		i, j = i+2, j+3
	}
	return lengthenEnd(dst, src, i, j)
}

func three(lead, t byte) uint32 { return threes[lead] + uint32(t&0xC0)<<2 + uint32(t&0x3F)<<16 }

// lengthenEnd is lengthen from places on, with every bound looked at.
func lengthenEnd(dst, src []byte, i, j int) (ok bool) {
	end := len(dst) - 1
	for i < len(src) {
		b := src[i]
		if b < 0x80 {
			if j >= end {
				return false
			}
			dst[j] = b
			i, j = i+1, j+1
			continue
		}
		if i+1 >= len(src) {
			return false
		}
		t := src[i+1]
		i += 2
		if b <= 0xE3 {
			if j+3 > end {
				return false
			}
			binary.LittleEndian.PutUint32(dst[j:], three(b, t))
			j += 3
			continue
		}
		if b != escape || j >= end {
			return false
		}
		dst[j] = t
		j++
	}
	return j == end
}
