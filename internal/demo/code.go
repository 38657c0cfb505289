package demo

import "xinban/internal/credit"

const codeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// makeCode returns the n-th unified social credit code of a kind (its first two characters) and an
// area that was never given to any place. The organisation code inside and the code itself have
// right check characters. n is below 31^5; neighbours look unlike each other.
func makeCode(kind, area string, n int) string {
	var b [18]byte
	putCode(&b, kind, area, n)
	return string(b[:])
}

func putCode(b *[18]byte, kind, area string, n int) {
	copy(b[:], kind)
	copy(b[2:], area)
	b[8], b[9], b[10] = 'Y', 'X', 'M'
	const space = 31 * 31 * 31 * 31 * 31
	x := (uint64(n)*11_400_713 + 17_654_321) % space // coprime to 31: every n has its own x
	for i := 15; i > 10; i-- {
		b[i] = codeAlphabet[x%31]
		x /= 31
	}
	b[16] = credit.OrgCodeCheck(string(b[8:16]))
	b[17] = credit.USCCCheck(string(b[:17]))
}
