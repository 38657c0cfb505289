package canon

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrInvalidText is returned for a string that is not valid Unicode: invalid UTF-8 or a lone surrogate.
var ErrInvalidText = errors.New("text is not valid Unicode")

// Marshal encodes v by the rules of encoding/json and returns its canonical form.
// It fails where encoding/json fails (NaN, infinities, channels) and where Transform does.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("canonical JSON: encode %T: %w", v, err)
	}
	text := b.Bytes()
	// encoding/json writes the escape \ufffd only in place of bytes that are no UTF-8; a real U+FFFD stays as it is.
	if i := bytes.Index(text, []byte(`\ufffd`)); i >= 0 && escapes(text, i) {
		return nil, fmt.Errorf("canonical JSON: encode %T: %w", v, ErrInvalidText)
	}
	return Transform(text)
}

// escapes reports whether the backslash at i starts an escape rather than ending one (\\ufffd is text).
func escapes(text []byte, i int) bool {
	n := 0
	for i-n > 0 && text[i-n-1] == '\\' {
		n++
	}
	return n%2 == 0
}
