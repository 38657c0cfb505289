package credit

import "strings"

// MaskName is a person's name as it may be shown to others: all but its first character is hidden.
func MaskName(name string) string {
	r := []rune(name)
	if len(r) < 2 {
		return "＊"
	}
	return string(r[0]) + strings.Repeat("＊", len(r)-1)
}
