package read

import "strings"

// Title is what a fault says in general, in Chinese and in English, without the values of one row; ok is
// false for a code that is not in the table.
func Title(code string) (zh, en string, ok bool) {
	t, ok := faultText[code]
	general := strings.NewReplacer("：%1", "", ": %1", "", "“%1”", "…", "%1", "…", "%2", "…")
	return general.Replace(t[0]), general.Replace(t[2]), ok
}
