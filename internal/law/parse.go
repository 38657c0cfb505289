package law

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

// at is a value of a rule file with the line where it stands, for errors that say where to look.
type at[T any, P interface {
	*T
	encoding.TextUnmarshaler
}] struct {
	V    T
	Line int
}

// UnmarshalYAML reads the text of one node.
func (a *at[T, P]) UnmarshalYAML(node ast.Node) error {
	tok := node.GetToken()
	a.Line = tok.Position.Line
	if err := P(&a.V).UnmarshalText([]byte(tok.Value)); err != nil {
		return fmt.Errorf("第%d行：“%s”的写法不对：%w", a.Line, tok.Value, err)
	}
	return nil
}

type (
	dateAt     = at[credit.Date, *credit.Date]
	kindAt     = at[credit.Kind, *credit.Kind]
	penaltyAt  = at[penaltyKind, *penaltyKind]
	classAt    = at[Class, *Class]
	surenessAt = at[decision.Sureness, *decision.Sureness]
	nameAt     = at[name, *name]
)

// penaltyKind reads a credit.PenaltyKind by its identifier.
type penaltyKind credit.PenaltyKind

// UnmarshalText reads an identifier such as "fine".
func (k *penaltyKind) UnmarshalText(b []byte) error {
	v, err := credit.ParsePenaltyKind(string(b))
	*k = penaltyKind(v)
	return err
}

// name is an identifier of a rule, a domain or an organ: ASCII letters, digits, hyphen and dot.
type name string

// UnmarshalText refuses what could not stand in a URL or a digest unescaped.
func (n *name) UnmarshalText(b []byte) error {
	for _, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_') {
			return fmt.Errorf("“%s”不能作标识，只能用英文字母、数字、连字符、下划线和点", b)
		}
	}
	if len(b) == 0 {
		return errors.New("标识为空")
	}
	*n = name(b)
	return nil
}

// strict decodes one YAML document into out. An unknown or doubled key is an error.
func strict(body []byte, out any) error { return decode(body, out, yaml.Strict()) }

// decode turns a panic of the decoder, which some malformed texts cause, into an error: rule files are
// typed by people.
func decode(body []byte, out any, options ...yaml.DecodeOption) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("规则文件不是正确的YAML：%v", p)
		}
	}()
	err = yaml.NewDecoder(bytes.NewReader(body), options...).Decode(out)
	var unknown *yaml.UnknownFieldError
	var at yaml.Error
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("第%d行：没有“%s”这一项，请检查拼写", unknown.Token.Position.Line, unknown.Token.Value)
	case errors.As(err, &at) && at.GetToken() != nil:
		return fmt.Errorf("第%d行：规则文件不是正确的YAML：%s", at.GetToken().Position.Line, at.GetMessage())
	}
	return err // of a value, which says where
}

// choice reads one of the given words.
func choice[T any](e *errs, a about, field, word string, words map[string]T) T {
	v, ok := words[word]
	e.check(ok, "第%d行：%s：%s“%s”不在可用的值之内：%s", a.ID.Line, a.ID.V, field, word, strings.Join(slices.Sorted(maps.Keys(words)), ", "))
	return v
}
