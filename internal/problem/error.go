package problem

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Text is a message to be put in the reader's language: a key of the catalogue with arguments, or,
// without a key, literal text such as a reason that a rule gave.
type Text struct {
	Key     string
	Args    []any
	Literal string
}

// Field says what is wrong with one field of a form or of a request body.
type Field struct {
	Name string // as in the form, or a path such as body.rows[3].code
	Text Text
}

// Error is an error that is meant for the user.
type Error struct {
	Status int     // HTTP status
	Type   string  // short name in kebab case; names the messages and the type URI
	Args   []any   // arguments of the type's messages
	Fields []Field // what is wrong where; empty when it is not about fields
	Retry  int     // seconds after which to try again; 0 when that would not help
	Cause  error   // for the log only
}

// New returns an error of the type, whose messages take args.
func New(status int, typ string, args ...any) *Error {
	return &Error{Status: status, Type: typ, Args: args}
}

// At adds a field error with a message of the catalogue.
func (e *Error) At(field, key string, args ...any) *Error {
	e.Fields = append(e.Fields, Field{field, Text{Key: key, Args: args}})
	return e
}

// AtText adds a field error with literal text.
func (e *Error) AtText(field, text string) *Error {
	e.Fields = append(e.Fields, Field{field, Text{Literal: text}})
	return e
}

// Because keeps the cause, for the log only.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// After asks the caller to try again after so many seconds (Retry-After).
func (e *Error) After(seconds int) *Error {
	e.Retry = seconds
	return e
}

// Error describes the problem for the log.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", e.Status, e.Type)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s%s", f.Name, f.Text.Key, f.Text.Literal)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// GetStatus returns the HTTP status; the API library asks for it.
func (e *Error) GetStatus() int { return e.Status }

// ContentType returns the media type of problem documents for JSON; the API library asks for it.
func (e *Error) ContentType(ct string) string { return (*Document)(nil).ContentType(ct) }

// From returns err as a problem: itself when it is one, otherwise "internal" with err as the cause.
func From(err error) *Error {
	var p *Error
	if errors.As(err, &p) {
		return p
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return New(http.StatusRequestEntityTooLarge, "too-large", large.Limit>>10).Because(err)
	}
	return New(http.StatusInternalServerError, "internal").Because(err)
}

// FieldErrors yields what is wrong with which field; a page's form takes it from here.
func (e *Error) FieldErrors(yield func(field, key string, args []any, literal string)) {
	for _, f := range e.Fields {
		yield(f.Name, f.Text.Key, f.Text.Args, f.Text.Literal)
	}
}
