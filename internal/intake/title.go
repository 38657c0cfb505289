package intake

import (
	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
)

// ownTitles are the findings that only a whole file shows.
var ownTitles = map[string][2]string{
	"conflict_in_file": {"同一文件内同一决定内容不同", "one decision with two contents in one file"},
	"repeated_in_file": {"同一文件内重复的行", "a row repeated in one file"},
	"unreadable_row":   {"无法读取的行", "a row that cannot be read"},
}

// titleOf is what a finding says in general, in Chinese and in English; a code nobody knows names itself.
func titleOf(code string) (zh, en string) {
	if zh, en, ok := normal.Title(code); ok {
		return zh, en
	}
	if zh, en, ok := read.Title(code); ok {
		return zh, en
	}
	if t, ok := ownTitles[code]; ok {
		return t[0], t[1]
	}
	return code, code
}
