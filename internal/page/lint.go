package page

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

var comment = regexp.MustCompile(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}|<!--.*?-->`)

// forbidden is what the content security policy would break, or what would escape html/template.
var forbidden = []struct {
	find *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`(?i)<script\b[^>]*>[^<]`), "an inline script"},
	{regexp.MustCompile(`(?i)<style\b`), "an inline style sheet"},
	{regexp.MustCompile(`(?i)<[a-z][^<>]*\sstyle\s*=`), "a style attribute"},
	{regexp.MustCompile(`(?i)<[a-z][^<>]*\son[a-z]+\s*=`), "an inline event handler"},
	{regexp.MustCompile(`(?i)\shx-on`), "hx-on, which needs eval"},
	{regexp.MustCompile(`(?i)(href|src|action)\s*=\s*["']?javascript:`), "a javascript: address"},
	{regexp.MustCompile(`(?i)(src|href)\s*=\s*["']?(https?:)?//`), "an address elsewhere"},
}

var postForm = regexp.MustCompile(`(?i)<form\b[^>]*method\s*=\s*["']?post`)

// source reads a template and refuses it when the shell's rules are broken.
func source(files fs.FS, name string) (string, error) {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return "", fmt.Errorf("page: %w", err)
	}
	return string(b), lint(name, string(b))
}

func lint(name, text string) error {
	text = comment.ReplaceAllString(text, "")
	var errs []error
	for _, f := range forbidden {
		if m := f.find.FindString(text); m != "" {
			errs = append(errs, fmt.Errorf("page: %s has %s: %.60q", name, f.why, strings.TrimSpace(m)))
		}
	}
	if forms, keys := len(postForm.FindAllString(text, -1)), strings.Count(text, "{{idempotency}}"); forms > keys {
		errs = append(errs, fmt.Errorf("page: %s has %d post forms but %d {{idempotency}}", name, forms, keys))
	}
	return errors.Join(errs...)
}
