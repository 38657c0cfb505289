package ledger

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestAnyBytesComeBackFromTheirShortForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Custom(func(t *rapid.T) []byte { return []byte(rapid.String().Draw(t, "text")) })).Draw(t, "b")
		got := make([]byte, len(b)+1)
		if !lengthen(got, shorten(nil, b)) || !bytes.Equal(got[:len(b)], b) {
			t.Fatalf("%x came back as %x", b, got)
		}
	})
}

func TestChineseTextIsTwoBytesACharacter(t *testing.T) {
	t.Parallel()
	const text = "岚港市生态环境局〔2026〕，（一）“超标”"
	short := shorten(nil, []byte(text))
	want := 0
	for _, r := range text {
		if r < 0x80 {
			want++
		} else {
			want += 2
		}
	}
	if len(short) != want {
		t.Errorf("%d bytes, want %d", len(short), want)
	}
}

func FuzzLengthen(f *testing.F) {
	f.Add([]byte{0xFF})
	f.Add(shorten(nil, []byte("处罚")))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, size := range []int{0, len(b), 3 * len(b) / 2} {
			out := make([]byte, size+1)
			if lengthen(out, b) && size > 0 && len(b) == 0 {
				t.Error("something came of nothing")
			}
		}
	})
}
