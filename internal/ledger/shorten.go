package ledger

import "encoding/binary"

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

// pairs are the first two bytes for the leads E0 to E3, the first one lowest.
var pairs = [4]uint32{0x80E3, 0xBCEF, 0xBDEF, 0x80E2}

// lengthen writes what a short form stands for into dst, which is one byte longer than that: three
// bytes are written as four. ok is false when the form is damaged or has another length.
func lengthen(dst, src []byte) (ok bool) {
	i, j, end := 0, 0, len(dst)-1
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
		if b == escape {
			if j >= end {
				return false
			}
			dst[j] = t
			j++
			continue
		}
		if b > 0xE3 || j+3 > end {
			return false
		}
		three := pairs[b&3] | uint32(t)<<16
		if b < 0xE0 {
			v := uint32(b-0x80)<<8 | uint32(t)
			three = 0x8080E4 + v>>12 + (v&0xFC0)<<2 + (v&0x3F)<<16
		}
		binary.LittleEndian.PutUint32(dst[j:], three)
		j += 3
	}
	return j == end
}
