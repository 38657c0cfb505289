package credit

import "testing"

// The sample of GB 11643, in both generations.
const (
	resident   = "11010519491231002X"
	resident15 = "110105491231002"
)

// A person is known by the resident number alone, whatever shows it; other documents count with their type.
func TestANumberOfAnotherDocumentCountsWithItsType(t *testing.T) {
	for _, c := range []struct{ kind, number, want string }{
		{"", resident, resident}, {"身份证", resident, resident}, {"身份证", resident15, resident}, {"户口簿", resident, resident},
		{"台胞证", "01234567", "511:01234567"}, {"护照", "01234567", "414:01234567"}, {"军官证", "01234567", "军官证:01234567"}, {"护照", resident15, "414:" + resident15},
	} {
		if got := PersonNumber(DocumentType(c.kind), c.number); got != c.want {
			t.Errorf("%s %s is known as %s, want %s", c.kind, c.number, got, c.want)
		}
	}
}

func TestAPersonIsAskedForByNumber(t *testing.T) {
	for text, want := range map[string]string{resident: resident, " 11010519491231002x ": resident, resident15: resident, "身份证：" + resident15: resident,
		"台胞证:01234567": "511:01234567", "511： 0123 4567": "511:01234567", "护照:e00000000": "414:E00000000"} {
		if got, ok := ParsePersonNumber(text); got != want || !ok {
			t.Errorf("%q asks for %q (%v), want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"", ":", "护照:", ":01234567", "01234567", "91000000MA0000001A", "岚小海", "000000000000011"} {
		if got, ok := ParsePersonNumber(text); ok {
			t.Errorf("%q asks for %q", text, got)
		}
	}
}
