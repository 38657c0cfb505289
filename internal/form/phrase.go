package form

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// phrase is a text of a template, cut at its placeholders, with the line where it stands.
type phrase struct {
	parts []part
	line  int
}

// part is literal text, or the name of a value.
type part struct{ text, name string }

// UnmarshalYAML reads one text of a template.
func (p *phrase) UnmarshalYAML(node ast.Node) error {
	p.line = node.GetToken().Position.Line
	s, err := scalar(node)
	if err != nil {
		return fmt.Errorf("第%d行：%w", p.line, err)
	}
	if p.parts, err = cut(s); err != nil {
		return fmt.Errorf("第%d行：%w", p.line, err)
	}
	return nil
}

// scalar is the text of a node that is neither a list nor a mapping.
func scalar(node ast.Node) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimRight(n.Value.Value, "\n"), nil
	case *ast.NullNode:
		return "", nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, nil
	}
	return "", fmt.Errorf("这里要写一段文字；以占位符开头的文字请加引号，例如 \"{subject.name}\"")
}

// cut splits a text at its placeholders. A brace that is no part of one is a mistake.
func cut(s string) ([]part, error) {
	var parts []part
	for s != "" {
		open := strings.IndexAny(s, "{}")
		if open < 0 {
			return append(parts, part{text: s}), nil
		}
		end := strings.IndexByte(s[open:], '}') + open
		if s[open] == '}' || end < open {
			return nil, fmt.Errorf("花括号不成对：“%s”", s)
		}
		name := s[open+1 : end]
		if !named(name) {
			return nil, fmt.Errorf("占位符“{%s}”的写法不对，只能用小写字母、数字、下划线和点，并以字母开头", name)
		}
		if open > 0 {
			parts = append(parts, part{text: s[:open]})
		}
		parts, s = append(parts, part{name: name}), s[end+1:]
	}
	return parts, nil
}

// named reports whether a name may stand for a value.
func named(s string) bool {
	for i, c := range []byte(s) {
		if lower := c >= 'a' && c <= 'z'; !lower && (i == 0 || !(c >= '0' && c <= '9' || c == '_' || c == '.')) {
			return false
		}
	}
	return s != "" && !strings.HasSuffix(s, ".")
}

func (p *phrase) empty() bool { return p == nil || len(p.parts) == 0 }

// ofRow is the first placeholder that stands for a column of a row.
func (p *phrase) ofRow() string {
	for _, x := range p.parts {
		if strings.HasPrefix(x.name, "row.") {
			return x.name
		}
	}
	return ""
}
