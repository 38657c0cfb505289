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

// lengthen appends what a short form stands for to dst; ok is false when it is damaged.
func lengthen(dst, src []byte) (_ []byte, ok bool) {
	for i := 0; i < len(src); {
		b := src[i]
		if b < 0x80 {
			dst = append(dst, b)
			i++
			continue
		}
		if i+1 >= len(src) {
			return dst, false
		}
		t := src[i+1]
		i += 2
		switch {
		case b < 0xE0:
			v := uint16(b-0x80)<<8 | uint16(t)
			dst = append(dst, 0xE4+byte(v>>12), 0x80|byte(v>>6)&0x3F, 0x80|byte(v)&0x3F)
		case b <= 0xE3:
			p := pairs[b-0xE0]
			dst = append(dst, p[0], p[1], t)
		case b == escape:
			dst = append(dst, t)
		default:
			return dst, false
		}
	}
	return dst, true
}
