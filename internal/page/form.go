package page

import (
	"errors"
	"net/url"
	"slices"
)

// Form is what a person entered and what is wrong with it. The zero value is an empty form.
type Form struct {
	Values url.Values
	Wrong  []Wrong
}

// Wrong is what is wrong with one field: a key of the catalogue with arguments, or literal text.
type Wrong struct {
	Field, Key string
	Args       []any
	Text       string
}

// Fail notes what is wrong with a field.
func (f *Form) Fail(field, key string, args ...any) {
	f.Wrong = append(f.Wrong, Wrong{Field: field, Key: key, Args: args})
}

// FieldErrors is an error that says what is wrong with which field; problem.Error is one.
type FieldErrors interface {
	FieldErrors(yield func(field, key string, args []any, literal string))
}

// Take notes what err says of fields. It returns false when err says nothing of fields; the handler then
// returns err, and otherwise shows the form again with status 422.
func (f *Form) Take(err error) bool {
	var fe FieldErrors
	if !errors.As(err, &fe) {
		return false
	}
	n := len(f.Wrong)
	fe.FieldErrors(func(field, key string, args []any, literal string) {
		f.Wrong = append(f.Wrong, Wrong{field, key, args, literal})
	})
	return len(f.Wrong) > n
}

// Field is one field of a form. Label and Hint are keys.
type Field struct {
	Name, Label, Hint string
	Kind              string // of the input: text, password, date, number, email, search, file; or textarea, select, radio, check
	Value             string
	Wrong             *Wrong
	Required          bool
	Options           []Option
	Autocomplete      string
	Rows, Length      int // of a textarea; at most so many characters
}

// Option is one choice. Label is shown as it is.
type Option struct {
	Value, Label, Note string
	Chosen             bool
}

// Input returns the field name with what was entered.
func (f Form) Input(name, label string) Field {
	field := Field{Name: name, Label: label, Kind: "text", Value: f.Values.Get(name)}
	if i := slices.IndexFunc(f.Wrong, func(w Wrong) bool { return w.Field == name }); i >= 0 {
		field.Wrong = &f.Wrong[i]
	}
	return field
}

// ID is the element identifier, to which the error summary links.
func (f Field) ID() string { return "f-" + f.Name }

// Described lists the elements that describe the input, for screen readers.
func (f Field) Described() string {
	switch {
	case f.Hint != "" && f.Wrong != nil:
		return f.ID() + "-hint " + f.ID() + "-wrong"
	case f.Hint != "":
		return f.ID() + "-hint"
	case f.Wrong != nil:
		return f.ID() + "-wrong"
	}
	return ""
}

// Chosen tells whether an option is the entered one.
func (f Field) Chosen(o Option) bool { return o.Chosen || f.Value != "" && o.Value == f.Value }
