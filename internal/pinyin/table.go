package pinyin

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed readings.txt
var readings string

// table is the readings of a character, the usual one first. It is made when first asked for: most runs
// of the program need none.
var table = sync.OnceValue(func() map[rune][]string {
	all := make(map[rune][]string, 21000)
	more := map[rune][]string{}
	for line := range strings.Lines(readings) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		for _, r := range strings.Trim(f[1], "-") {
			all[r] = append(all[r], f[0])
		}
		if len(f) == 3 {
			for _, r := range f[2] {
				more[r] = append(more[r], f[0])
			}
		}
	}
	for r, others := range more {
		all[r] = append(all[r], others...)
	}
	return all
})

// Of is how a character is read, the usual way first; none for what is no Chinese character. v stands for ü.
func Of(r rune) []string { return table()[r] }
