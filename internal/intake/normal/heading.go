package normal

import (
	"strings"
	"unicode"

	"xinban/internal/credit"
)

// foldHeading is the form in which headings are compared: half-width, upper case, without space,
// line breaks and marks of required fields.
func foldHeading(s string) string {
	s = strings.ToUpper(credit.NormalText(s))
	s = strings.NewReplacer("(必填)", "", "（必填）", "", "(选填)", "", "（选填）", "", "(可空)", "", "（可空）", "").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '*', r == '＊', r == '★', r == '：', r == ':', r == '"', r == '\'':
			return -1
		case r == '（', r == '【', r == '〔', r == '[':
			return '('
		case r == '）', r == '】', r == '〕', r == ']':
			return ')'
		case r == '＿', r == '—':
			return '_'
		}
		return r
	}, s)
}

// readings lists what a heading may mean, the surest first: as it stands, without its brackets,
// outside of them, inside of them; each without an exchange code, and last that code alone.
func readings(heading string) (names []string, code string) {
	whole := foldHeading(heading)
	name, code := cutCode(whole)
	outer, inner := cutBrackets(name)
	names = []string{whole, name, strings.NewReplacer("(", "", ")", "").Replace(name), outer, inner}
	return names, code
}

// cutCode takes an exchange code such as CF_XDR_MC out of a heading.
func cutCode(s string) (rest, code string) {
	for _, prefix := range [...]string{"CF_", "XK_", "QZ_"} {
		i := strings.Index(s, prefix)
		if i < 0 {
			continue
		}
		end := i
		for end < len(s) && (s[end] == '_' || s[end] >= 'A' && s[end] <= 'Z' || s[end] >= '0' && s[end] <= '9') {
			end++
		}
		rest = strings.ReplaceAll(s[:i]+s[end:], "()", "")
		return strings.Trim(rest, "_-/|,."), strings.TrimRight(s[i:end], "_")
	}
	switch s {
	case "BZ", "DFBM", "SJC":
		return "", s
	}
	return s, ""
}

func cutBrackets(s string) (outer, inner string) {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return s, ""
	}
	end := strings.IndexByte(s[open:], ')')
	if end < 0 {
		return s[:open], s[open+1:]
	}
	return s[:open] + s[open+end+1:], s[open+1 : open+end]
}

// numbered is the number of a bare 代码_2 … 代码_6, whose meaning depends on the layout; else 0.
func numbered(heading string) int {
	s, _ := cutCode(foldHeading(heading))
	s = strings.TrimPrefix(s, "行政相对人")
	s, ok := strings.CutPrefix(s, "代码")
	s = strings.TrimPrefix(s, "_")
	if ok && len(s) == 1 && s[0] >= '2' && s[0] <= '6' {
		return int(s[0] - '0')
	}
	return 0
}

// numberedTarget is what 代码_n means in each generation of the layout (6.1).
var numberedTarget = map[generation][7]target{
	oldLayout: {2: toOrgCode, 3: toRegistration, 4: toTaxNo, 5: toPersonID},
	newLayout: {2: toRegistration, 3: toOrgCode, 4: toTaxNo, 5: toInstitution, 6: toSociety},
}

// inYuan tells that a heading of an amount says yuan where the exchange layout has 万元.
func inYuan(heading string) bool {
	s := foldHeading(heading)
	return strings.Contains(s, "元") && !strings.Contains(s, "万元")
}

// holdsIdentity tells that an unknown column names identity numbers.
func holdsIdentity(heading string) bool {
	s := foldHeading(heading)
	return strings.Contains(s, "身份证") || strings.Contains(s, "证件号") || strings.Contains(s, "身份号码") || strings.Contains(s, "护照号")
}
