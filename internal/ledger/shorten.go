package ledger

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

var pairs = [4][2]byte{{0xE3, 0x80}, {0xEF, 0xBC}, {0xEF, 0xBD}, {0xE2, 0x80}}

// lengthen writes what a short form stands for into dst; ok is false when it is damaged or does not
// fill dst exactly.
func lengthen(dst, src []byte) (ok bool) {
	i, j := 0, 0
	for i < len(src) {
		b := src[i]
		if b < 0x80 {
			if j >= len(dst) {
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
			if j >= len(dst) {
				return false
			}
			dst[j] = t
			j++
			continue
		}
		if b > 0xE3 || j+3 > len(dst) {
			return false
		}
		d := dst[j : j+3 : j+3]
		if b < 0xE0 {
			v := uint16(b-0x80)<<8 | uint16(t)
			d[0], d[1], d[2] = 0xE4+byte(v>>12), 0x80|byte(v>>6)&0x3F, 0x80|byte(v)&0x3F
		} else {
			p := pairs[b-0xE0]
			d[0], d[1], d[2] = p[0], p[1], t
		}
		j += 3
	}
	return j == len(dst)
}
