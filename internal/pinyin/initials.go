package pinyin

import (
	"strings"
	"sync"
	"unicode"
)

// Most bounds the initials of one name: a name of many characters with several readings has thousands.
const Most = 4

// forms are the legal forms with which names end: their characters are read in the usual way only.
var forms = []string{"股份有限公司", "有限责任公司", "有限公司", "专业合作社", "合作社", "事务所", "公司"}

// form is where the legal form of a name begins, in bytes; its end when it has none.
func form(name string) int {
	for _, f := range forms {
		if strings.HasSuffix(name, f) {
			return len(name) - len(f)
		}
	}
	return len(name)
}

// Initials are the initials of a name in lower case, such as lghlyj of 岚港海蓝渔具. Of characters with
// several readings all count: the usual readings come first, then one character read otherwise, then two,
// until there are [Most]; the legal form at the end is read in the usual way only. Latin letters and digits stand for themselves; all else is passed over.
func Initials(name string) []string {
	letters := make([]string, 0, 32) // of each place, the usual one first
	usually := form(name)
	for i, r := range name {
		if x := initialsOf(r); x != "" {
			if i >= usually {
				x = x[:1]
			}
			letters = append(letters, x)
		}
	}
	if len(letters) == 0 {
		return nil
	}
	usual := make([]byte, len(letters))
	for i, x := range letters {
		usual[i] = x[0]
	}
	all, from := append(make([]string, 0, Most), string(usual)), 0
	for from < len(all) && len(all) < Most { // each round reads one more character otherwise
		to := len(all)
		for ; from < to; from++ {
			all = otherwise(all, all[from], letters)
		}
	}
	return all
}

// otherwise adds what name becomes when one more character is read in another way.
func otherwise(all []string, name string, letters []string) []string {
	for i, x := range letters {
		for j := 1; j < len(x) && len(all) < Most; j++ {
			if other := name[:i] + x[j:j+1] + name[i+1:]; name[i] == x[0] && !has(all, other) {
				all = append(all, other)
			}
		}
	}
	return all
}

func has(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

// initialsOf are the different first letters of a character's readings; of a letter or digit, itself.
func initialsOf(r rune) string {
	if r < 0x80 {
		if r = unicode.ToLower(r); r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return string(r)
		}
		return ""
	}
	if r < first || r > last {
		return ""
	}
	return firstLetters()[r-first]
}

// The range of the table.
const first, last = '\u4e00', '\u9fa5'

// firstLetters are the different first letters of each character's readings, for names that come by the million.
var firstLetters = sync.OnceValue(func() []string {
	all := make([]string, last-first+1)
	for r, readings := range table() {
		if r < first || r > last {
			continue
		}
		for _, s := range readings {
			if x := &all[r-first]; !strings.Contains(*x, s[:1]) {
				*x += s[:1]
			}
		}
	}
	return all
})

// Typed returns the initials that a person may have typed: two or more Latin letters and digits, with a
// letter among them.
func Typed(text string) (initials string, ok bool) {
	for _, r := range text {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z':
			ok = true
		case r < '0' || r > '9':
			return "", false
		}
	}
	return strings.ToLower(text), ok && len(text) >= 2
}
