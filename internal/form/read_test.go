package form

import (
	"strings"
	"testing"
)

const small = `id: small
title: 便条
for: organ
effective_from: 2026-01-01
source: 测试
sureness: assumed
to: "{office.name}"
blocks:
  - paragraph: "{subject.name}，您好"
`

// A wrong template is refused with its line and what to write instead.
func TestWrongTemplatesAreRefusedByLine(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"no title":             {"title: 便条\n", "", "缺少title"},
		"unknown key":          {"to:", "too:", "第7行：没有“too”这一项"},
		"doubled key":          {"for: organ", "for: organ\nfor: organ", "第4行"},
		"audience":             {"organ", "everyone", "第3行：for（给谁）写的是“everyone”"},
		"date":                 {"2026-01-01", "2026-13-01", "第4行：effective_from“2026-13-01”不是日期"},
		"sureness":             {"assumed", "sure", "第6行：sureness“sure”"},
		"id":                   {"id: small", "id: Ä", "第1行：id“Ä”"},
		"open brace":           {"{subject.name}，您好", "{subject.name，您好", "第9行：花括号不成对"},
		"closing brace":        {"{subject.name}，您好", "subject.name}，您好", "第9行：花括号不成对"},
		"name":                 {"{subject.name}", "{Subject name}", "第9行：占位符“{Subject name}”"},
		"row outside a table":  {"{subject.name}", "{row.n}", "第9行：占位符“{row.n}”只能写在表格的列里"},
		"placeholder unquoted": {`paragraph: "{subject.name}，您好"`, "paragraph: {subject.name}", "第9行：这里要写一段文字"},
		"no blocks":            {"blocks:\n  - paragraph: \"{subject.name}，您好\"\n", "blocks: []\n", "没有正文"},
		"two kinds":            {"您好\"", "您好\"\n    heading: 标题", "只写heading"},
		"empty paragraph":      {`"{subject.name}，您好"`, `""`, "第9行：缺少paragraph的文字"},
		"no columns":           {`paragraph: "{subject.name}，您好"`, "table: {rows: matters}", "第9行：表格没有列"},
		"when":                 {"您好\"", "您好\"\n    when: row.x", "第10行：when“row.x”"},
		"tone":                 {`paragraph: "{subject.name}，您好"`, "notice: {tone: loud, title: 一, text: 二}", "第9行：tone“loud”"},
		"caption":              {"blocks:", "signature: {name: 甲, date: 乙, caption: [丙]}\nblocks:", "有caption而没有code"},
		"not YAML":             {"title: 便条", "title: [", "第"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(small, c.old, c.new, 1)
			if body == small {
				t.Fatal("the case changes nothing")
			}
			if _, err := Read([]byte(body)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	if _, err := Read(nil); err == nil || !strings.Contains(err.Error(), "空") {
		t.Errorf("an empty file: %v", err)
	}
	if _, err := Read(make([]byte, largest+1)); err == nil {
		t.Error("a file of any size is read")
	}
}

// A centre's own template is used from its date on, the program's until then.
func TestACentreChangesAPaperWithoutTheProgram(t *testing.T) {
	body := strings.Replace(strings.Replace(small, "id: small", "id: decision", 1), "2026-01-01", "2026-12-01", 1)
	own, err := Read([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSet(own)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := s.On("decision", 20261130)
	after, _ := s.On("decision", 20261201)
	if before.Title != "信用修复决定书" || after != own {
		t.Errorf("before %s, after %s", before.Title, after.Title)
	}
}

// The reader never panics, and what it takes can be filled with whatever the template asks for.
func FuzzRead(f *testing.F) {
	names, _ := files.ReadDir("templates")
	for _, n := range names {
		body, err := files.ReadFile("templates/" + n.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, body []byte) {
		x, err := Read(body)
		if err != nil {
			return
		}
		if _, err := x.Sheet(Values{Number: "1"}); err != nil && err.Error() == "" {
			t.Error("a gap without words")
		}
	})
}
