package normal

import "strings"

// Title is what a finding says in general, in Chinese and in English, without the values of one row; ok
// is false for a code that is not in the table.
func Title(code string) (zh, en string, ok bool) {
	m, ok := messages[code]
	return general(m.zh), general(m.en), ok
}

// general puts … for values.
func general(text string) string {
	for _, p := range []string{"“%1”", "“%2”", "：%1", ": %1", "%1", "%2"} {
		with := "…"
		if strings.HasPrefix(p, "：") || strings.HasPrefix(p, ":") {
			with = ""
		}
		text = strings.ReplaceAll(text, p, with)
	}
	return strings.TrimLeft(text, "…")
}
