package form

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"xinban/internal/credit"
	"xinban/internal/document/sheet"
)

// largest is the size of a template in bytes that no form comes near.
const largest = 256 << 10

// spec is a template as written.
type spec struct {
	ID       word        `yaml:"id"`
	Title    word        `yaml:"title"`
	For      word        `yaml:"for"`
	From     word        `yaml:"effective_from"`
	Source   word        `yaml:"source"`
	Sureness word        `yaml:"sureness"`
	Edition  *phrase     `yaml:"edition"`
	To       *phrase     `yaml:"to"`
	Blocks   []blockSpec `yaml:"blocks"`
	Sign     *signSpec   `yaml:"signature"`
}

// word is a text without placeholders.
type word struct {
	V    string
	Line int
}

// UnmarshalYAML reads one word and keeps its line.
func (w *word) UnmarshalYAML(node ast.Node) (err error) {
	w.Line = node.GetToken().Position.Line
	if w.V, err = scalar(node); err != nil {
		return fmt.Errorf("第%d行：%w", w.Line, err)
	}
	return nil
}

type blockSpec struct {
	When      word        `yaml:"when"`
	Heading   *phrase     `yaml:"heading"`
	Paragraph *phrase     `yaml:"paragraph"`
	Notice    *noticeSpec `yaml:"notice"`
	Facts     []factSpec  `yaml:"facts"`
	List      []phrase    `yaml:"list"`
	Table     *tableSpec  `yaml:"table"`
}

type noticeSpec struct {
	Tone  word    `yaml:"tone"`
	Title *phrase `yaml:"title"`
	Text  *phrase `yaml:"text"`
}

type factSpec struct {
	When  word    `yaml:"when"`
	Key   *phrase `yaml:"key"`
	Value *phrase `yaml:"value"`
}

type tableSpec struct {
	Rows    word         `yaml:"rows"`
	Empty   *phrase      `yaml:"empty"`
	Columns []columnSpec `yaml:"columns"`
}

type columnSpec struct {
	Title *phrase `yaml:"title"`
	Value *phrase `yaml:"value"`
	Width float64 `yaml:"width"`
	Align word    `yaml:"align"`
}

type signSpec struct {
	Name    *phrase  `yaml:"name"`
	Date    *phrase  `yaml:"date"`
	Seal    bool     `yaml:"seal"`
	Code    *phrase  `yaml:"code"`
	Caption []phrase `yaml:"caption"`
}

// Read reads one template. Its errors are in Chinese and name the line, for the person who edits the file.
func Read(body []byte) (*Template, error) {
	if len(body) > largest {
		return nil, fmt.Errorf("表单模板有%d字节，超过上限%d字节", len(body), largest)
	}
	var s spec
	if err := decode(body, &s); err != nil {
		return nil, err
	}
	r := &reading{}
	t := r.template(&s)
	if r.err != nil {
		return nil, r.err
	}
	return t, nil
}

// decode turns a panic of the decoder, which some malformed texts cause, into an error: templates are typed by people.
func decode(body []byte, out any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("表单模板不是正确的YAML：%v", p)
		}
	}()
	err = yaml.NewDecoder(bytes.NewReader(body), yaml.Strict()).Decode(out)
	var unknown *yaml.UnknownFieldError
	var at yaml.Error
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("第%d行：没有“%s”这一项，请检查拼写", unknown.Token.Position.Line, unknown.Token.Value)
	case errors.As(err, &at) && at.GetToken() != nil:
		return fmt.Errorf("第%d行：表单模板不是正确的YAML：%s", at.GetToken().Position.Line, at.GetMessage())
	case err != nil && err.Error() == "EOF":
		return errors.New("第1行：表单模板是空的")
	}
	return err
}

// reading keeps the first fault of a template, and the last line seen, which is where what is missing should be.
type reading struct {
	err  error
	line int
}

func (r *reading) fault(line int, format string, args ...any) {
	if line == 0 {
		line = max(r.line, 1)
	}
	if r.err == nil {
		r.err = fmt.Errorf("第%d行：%s", line, fmt.Sprintf(format, args...))
	}
}

// need is the text of a word that must be there.
func (r *reading) need(w word, key string) string {
	if r.line = max(r.line, w.Line); w.V == "" {
		r.fault(w.Line, "缺少%s", key)
	}
	return w.V
}

func (r *reading) template(s *spec) *Template {
	t := &Template{ID: r.need(s.ID, "id（模板标识）"), Title: r.need(s.Title, "title（标题）"), Source: r.need(s.Source, "source（来源）"),
		For: Audience(r.need(s.For, "for（给谁）")), edition: r.outside(s.Edition), to: r.outside(s.To)}
	if !slices.Contains(audiences, t.For) {
		r.fault(s.For.Line, "for（给谁）写的是“%s”，应为applicant、organ、third或archive", t.For)
	}
	if !identifier(t.ID) {
		r.fault(s.ID.Line, "id“%s”只能用小写字母、数字和连字符", t.ID)
	}
	var err error
	if t.From, err = credit.ParseDate(r.need(s.From, "effective_from（生效日期）")); err != nil {
		r.fault(s.From.Line, "effective_from“%s”不是日期，应写成2026-04-01", s.From.V)
	}
	if err := t.Sureness.UnmarshalText([]byte(r.need(s.Sureness, "sureness（可靠程度）"))); err != nil {
		r.fault(s.Sureness.Line, "sureness“%s”应为law、article、reported或assumed", s.Sureness.V)
	}
	if len(s.Blocks) == 0 {
		r.fault(0, "没有正文：blocks至少要有一段")
	}
	for i := range s.Blocks {
		t.blocks = append(t.blocks, r.block(&s.Blocks[i], i+1))
	}
	t.sign, t.seal = r.signature(s.Sign), s.Sign != nil && s.Sign.Seal
	return t
}

// identifier reports whether an id may name a file.
func identifier(s string) bool {
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}

// outside takes a phrase that stands in no table.
func (r *reading) outside(p *phrase) *phrase {
	if p == nil {
		return nil
	}
	if r.line = max(r.line, p.line); p.ofRow() != "" {
		r.fault(p.line, "占位符“{%s}”只能写在表格的列里", p.ofRow())
	}
	return p
}

// words takes a phrase that must say something.
func (r *reading) words(p *phrase, key string) *phrase {
	if p.empty() {
		line := 0
		if p != nil {
			line = p.line
		}
		r.fault(line, "缺少%s", key)
	}
	return r.outside(p)
}

func (r *reading) condition(w word) condition {
	if w.V != "" && (!named(w.V) || len(w.V) > 4 && w.V[:4] == "row.") {
		r.fault(w.Line, "when“%s”应是一个字段名，例如agent.name", w.V)
	}
	return condition{w.V, w.Line}
}

var tones = map[string]sheet.Tone{"": sheet.Calm, "calm": sheet.Calm, "good": sheet.Good, "alert": sheet.Alert, "caution": sheet.Caution}

var aligns = map[string]sheet.Align{"": sheet.Left, "left": sheet.Left, "center": sheet.Center, "right": sheet.Right}
