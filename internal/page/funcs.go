package page

import (
	"crypto/rand"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"xinban/internal/credit"
)

// IdempotencyField is the name of the hidden field that carries the Idempotency-Key of a form.
const IdempotencyField = "_idempotency"

// funcs are the functions of templates in one language.
func funcs(lang string, text Text, assets *Assets) template.FuncMap {
	t := func(key string, args ...any) string { return text.T(lang, key, args...) }
	return template.FuncMap{
		"t":           t,
		"lang":        func() string { return lang },
		"date":        func(d credit.Date) string { return showDate(lang, d) },
		"instant":     showInstant,
		"money":       func(f credit.Fen) string { return showMoney(lang, f) },
		"number":      showNumber,
		"percent":     showPercent,
		"asset":       assets.URL,
		"icon":        icon,
		"idempotency": idempotency,
		"crumbs":      crumbs,
		"dict":        dict,
		"wrong": func(w Wrong) string {
			if w.Key == "" {
				return w.Text
			}
			return t(w.Key, w.Args...)
		},

		"badge":    func(tone, text string) Badge { return Badge{tone, text} },
		"alert":    func(tone, title, text string) Alert { return Alert{tone, title, text} },
		"stat":     func(title string, figure any, note string) Stat { return Stat{title, fmt.Sprint(figure), note} },
		"progress": func(label string, done, total any) (Progress, error) { return newProgress(label, done, total) },
		"empty":    func(title, text string) Empty { return Empty{title, text} },
		"next":     func(href string) Next { return Next{href} },
		"step":     func(current int, titles ...string) []Step { return steps(current, titles) },
		"confirm":  newConfirm,

		"hint":         func(key string, f Field) Field { f.Hint = key; return f },
		"required":     func(f Field) Field { f.Required = true; return f },
		"kind":         func(kind string, f Field) Field { f.Kind = kind; return f },
		"options":      func(o []Option, f Field) Field { f.Options = o; return f },
		"autocomplete": func(v string, f Field) Field { f.Autocomplete = v; return f },
		"rows":         func(n int, f Field) Field { f.Rows = n; return f },
		"length":       func(n int, f Field) Field { f.Length = n; return f },
		"choice":       func(value, label string) Option { return Option{Value: value, Label: label} },
	}
}

// idempotency is the hidden field with a fresh random key: a form sent twice is done once.
func idempotency() template.HTML {
	return template.HTML(`<input type="hidden" name="` + IdempotencyField + `" value="` + rand.Text() + `">`)
}

func showDate(lang string, d credit.Date) string {
	if lang == "en" {
		return d.String()
	}
	return d.Chinese()
}

// showInstant shows an instant in Shanghai to the minute, empty for none.
func showInstant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(credit.Shanghai).Format("2006-01-02 15:04")
}

func showMoney(lang string, f credit.Fen) string {
	if lang == "en" {
		return "CNY " + f.Grouped()
	}
	return f.Grouped() + " 元"
}

// showNumber sets thousands apart; n is any integer.
func showNumber(n any) (string, error) {
	s := fmt.Sprint(n)
	if _, err := strconv.ParseInt(s, 10, 64); err != nil {
		return "", fmt.Errorf("page: number of %T", n)
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s, nil
}

// showPercent shows a share of 1 with one decimal.
func showPercent(share float64) string { return strconv.FormatFloat(share*100, 'f', 1, 64) + "%" }

// Crumb is one step of the way to a page; the last has no address.
type Crumb struct{ Title, Href string }

// crumbs pairs keys and addresses.
func crumbs(pairs ...string) ([]Crumb, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("page: crumbs wants pairs of key and address, got %d values", len(pairs))
	}
	var list []Crumb
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, Crumb{pairs[i], pairs[i+1]})
	}
	return list, nil
}

func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("page: dict wants pairs, got %d values", len(pairs))
	}
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("page: dict wants names, got %T", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}
