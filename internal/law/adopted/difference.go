package adopted

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"xinban/internal/law"
)

// Change is what a proposal does to one rule.
type Change struct {
	Rule  string   // identifier, such as O36.class.minor; the set's own where its head changes
	What  string   // 新增, 删除 or 修改
	Lines []string // what is said, or from what to what each field changes
}

// Text is the changes as lines for a person.
func Text(changes []Change) string {
	if len(changes) == 0 {
		return "规则没有变化，只有注释或排列不同\n"
	}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s %s\n", c.What, c.Rule)
		for _, l := range c.Lines {
			fmt.Fprintf(&b, "    %s\n", l)
		}
	}
	return b.String()
}

// Differences says by rule what a set would change of what is in force: of the set with its kind, identifier and
// effective date, else of the newest with its kind and identifier, else everything is new.
func (b *Books) Differences(set law.Set) ([]Change, error) {
	book, err := b.Book("")
	if err != nil {
		return nil, err
	}
	old := law.Set{}
	for _, s := range book.Sets() { // newest first
		if s.Kind != set.Kind || s.ID != set.ID {
			continue
		}
		if old.Digest == "" || s.EffectiveFrom == set.EffectiveFrom {
			old = s
		}
	}
	return compare(old, set)
}

// compare says by rule how the sets differ; the zero set has no rules.
func compare(old, set law.Set) ([]Change, error) {
	before, err := readRows(old)
	if err != nil {
		return nil, err
	}
	after, err := readRows(set)
	if err != nil {
		return nil, err
	}
	var all []Change
	for _, r := range after.order {
		was, there := before.rows[r]
		switch lines := changed(was, after.rows[r]); {
		case !there:
			all = append(all, Change{r, "新增", said(after.rows[r])})
		case len(lines) > 0:
			all = append(all, Change{r, "修改", lines})
		}
	}
	for _, r := range before.order {
		if _, there := after.rows[r]; !there {
			all = append(all, Change{r, "删除", said(before.rows[r])})
		}
	}
	return all, nil
}

// field is one value of a rule.
type field struct{ name, value string }

// rowsOf is the rules of a set with their fields, in the order of the file.
type rowsOf struct {
	order []string
	rows  map[string][]field
}

func readRows(s law.Set) (*rowsOf, error) {
	r := &rowsOf{rows: map[string][]field{}}
	if len(s.Body) == 0 {
		return r, nil
	}
	var doc yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(s.Body, &doc, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("law: reading rule set %s: %w", s.ID, err)
	}
	r.object(s.ID, s.ID, "", doc)
	return r, nil
}

// object takes the fields of one mapping into a rule; a mapping inside that has an identifier is a rule of its own.
func (r *rowsOf) object(set, rule, prefix string, m yaml.MapSlice) {
	if _, there := r.rows[rule]; !there {
		r.order = append(r.order, rule)
		r.rows[rule] = nil
	}
	for _, item := range m {
		r.value(set, rule, prefix+word(fmt.Sprint(item.Key)), item.Value)
	}
}

func (r *rowsOf) value(set, rule, name string, v any) {
	switch x := v.(type) {
	case yaml.MapSlice:
		if id := identifier(x); id != "" {
			r.object(set, set+"."+id, "", x)
			return
		}
		r.object(set, rule, name+"·", x)
	case []any:
		var plain []string
		for i, e := range x {
			if m, ok := e.(yaml.MapSlice); ok {
				r.value(set, rule, fmt.Sprintf("%s%d", name, i+1), m)
				continue
			}
			plain = append(plain, fmt.Sprint(e))
		}
		if len(plain) > 0 {
			r.rows[rule] = append(r.rows[rule], field{name, strings.Join(plain, "、")})
		}
	default:
		r.rows[rule] = append(r.rows[rule], field{name, fmt.Sprint(x)})
	}
}

func identifier(m yaml.MapSlice) string {
	for _, item := range m {
		if item.Key == "id" {
			return fmt.Sprint(item.Value)
		}
	}
	return ""
}

// changed says from what to what each field changes.
func changed(was, is []field) (lines []string) {
	value := func(all []field, name string) string {
		i := slices.IndexFunc(all, func(f field) bool { return f.name == name })
		if i < 0 {
			return ""
		}
		return all[i].value
	}
	for _, f := range is {
		if old := value(was, f.name); old != f.value {
			lines = append(lines, fmt.Sprintf("%s：由“%s”改为“%s”", f.name, cmp.Or(old, "（无）"), f.value))
		}
	}
	for _, f := range was {
		if value(is, f.name) == "" && f.value != "" {
			lines = append(lines, fmt.Sprintf("%s：由“%s”改为“（无）”", f.name, f.value))
		}
	}
	return lines
}

// said is a rule in a line.
func said(fields []field) []string {
	var parts []string
	for _, f := range fields {
		if f.name != word("id") {
			parts = append(parts, f.name+"："+f.value)
		}
	}
	return []string{strings.Join(parts, "；")}
}

// words are the fields of rule files for readers of Chinese. Values stay as they stand in the file, where they are
// looked up and edited.
var words = map[string]string{
	"id": "编号", "text": "内容", "source": "依据", "sureness": "依据的把握程度", "effective_from": "施行日期", "title": "名称", "name": "名称", "no": "序号",
	"organ": "部门", "aliases": "别名", "domain": "领域", "kind": "种类", "class": "分类", "publish": "是否公示", "min_months": "最短月数",
	"max_months": "最长月数", "state": "状态", "shown": "是否列示", "counts": "是否计入", "detail": "详略", "keeper": "认定机关", "by": "列入方式",
	"auto_off": "自动退出", "auto_off_months": "自动退出月数", "value": "数值", "unit": "单位", "mark": "标注", "mark_date": "标注日期",
	"mark_unpublished": "标注未公示", "subject": "主体类别", "yuan": "金额（元）", "from_yuan": "起（元）", "below_yuan": "不足（元）", "ruleset": "报告规则",
	"product": "报告名称", "procedure": "程序", "procedures": "程序", "data_start": "数据起始日", "area": "归集地区代码", "early_from": "提前起算", "early_after_months": "提前月数",
	"over_months": "超过月数", "at_max": "最长期满", "policy": "过渡办法", "default": "默认", "court_only": "限法院", "by_amount": "按金额分类",
	"light": "轻微种类", "working_list": "工作清单", "set": "规则类别",
}

func word(key string) string { return cmp.Or(words[key], key) }
