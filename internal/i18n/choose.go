package i18n

import (
	"net/http"
	"strconv"
	"strings"
)

// Cookie is the name of the cookie that remembers the language.
const Cookie = "lang"

// Choose returns the language of a request: ?lang, else the cookie. Pages are Chinese until a reader
// asks for English, whatever the browser was installed in; programs (paths under /api/) choose by
// Accept-Language.
func Choose(r *http.Request) string {
	if l := known(r.URL.Query().Get("lang")); l != "" {
		return l
	}
	if c, err := r.Cookie(Cookie); err == nil {
		if l := known(c.Value); l != "" {
			return l
		}
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		return Chinese
	}
	return accepted(r.Header.Get("Accept-Language"))
}

// Asked returns the language named by ?lang, empty when there is none; it is what a page remembers.
func Asked(r *http.Request) string { return known(r.URL.Query().Get("lang")) }

func known(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	switch primary, _, _ := strings.Cut(tag, "-"); primary {
	case "zh":
		return Chinese
	case "en":
		return English
	}
	return ""
}

// accepted reads an Accept-Language header (RFC 9110, 12.5.4). English wins only when it is preferred
// to Chinese; a reader of neither gets Chinese.
func accepted(header string) string {
	best, weight := Chinese, -1.0
	for i, part := range strings.Split(header, ",") {
		if i == 16 {
			break
		}
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				continue
			}
			q = f
		}
		if l := known(tag); l != "" && q > 0 && q > weight {
			best, weight = l, q
		}
	}
	return best
}
