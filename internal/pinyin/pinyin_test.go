package pinyin

import (
	"slices"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestInitialsOfANameAreThoseOfItsUsualReadingsFirst(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"岚港海蓝渔具有限公司": "lghlyjyxgs", "青梧市（甲）B2厂": "qwsjb2c", "重庆": "cq", "，。": "", "": "",
	} {
		got := Initials(name)
		if want == "" && got != nil || want != "" && !slices.Contains(got, want) {
			t.Errorf("%s: %v, want %q", name, got, want)
		}
	}
}

// Both readings of a character lead to the name, and a name of many such characters has no more than Most.
func TestAllReadingsOfACharacterCountUpToABound(t *testing.T) {
	t.Parallel()
	got := Initials("长行")
	for _, want := range []string{"cx", "zx", "ch", "zh"} {
		if !slices.Contains(got, want) {
			t.Errorf("长行 is not found by %q: %v", want, got)
		}
	}
	if got := Initials("有限公司"); len(got) != 1 { // the legal form, not a name of characters with several readings
		t.Errorf("有限公司: %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("长行重乐单区查解曾仇岚港A1（")), 0, 40, -1).Draw(t, "name")
		got := Initials(name)
		if len(got) > Most {
			t.Fatalf("%d initials of %q", len(got), name)
		}
		seen := map[string]bool{}
		for _, x := range got {
			if seen[x] {
				t.Fatalf("%q twice among the initials of %q", x, name)
			}
			seen[x] = true
		}
	})
}

func TestEveryCharacterOfTheTableHasReadingsInLowerCase(t *testing.T) {
	t.Parallel()
	if n := len(table()); n < 20800 {
		t.Errorf("%d characters have readings", n)
	}
	for r, all := range table() {
		if !unicode.Is(unicode.Han, r) || len(all) == 0 {
			t.Fatalf("%c: %v", r, all)
		}
		for _, s := range all {
			for _, c := range s {
				if c < 'a' || c > 'z' {
					t.Fatalf("%c is read %q", r, s)
				}
			}
		}
	}
}

func TestANameIsSpeltSyllableBySyllable(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"岚港市（一）局": "Lan Gang Shi (Yi) Ju", "吕梁": "Lü Liang", "A股B": "A GuB", "": "",
	} {
		if got := Spell(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestWhatMayBeInitials(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"LGHLYJ": "lghlyj", "b2c": "b2c", "l": "", "12": "", "岚港": "", "l g": "", "": ""} {
		if got, ok := Typed(text); got != want && ok || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}
