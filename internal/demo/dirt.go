package demo

import (
	"strconv"
	"strings"

	"xinban/internal/credit"
)

// A Dirt is one way in which departments' rows are known to be wrong or unlike the standard.
type Dirt struct {
	ID      string
	Chinese string
	// Share is in how many of 10,000 rows it is tried; a row whose layout lacks the cell stays clean.
	Share int
	spoil func(*soiled) bool
}

// soiled is a row being spoiled.
type soiled struct {
	cells []string
	l     *layout
	r     random
}

// get returns the cell of a role, nil where the layout has none.
func (s *soiled) get(c role) *string {
	if i := s.l.at[c]; i > 0 {
		return &s.cells[i-1]
	}
	return nil
}

// edit changes the cells of the roles that are there and not empty, and tells whether any was.
func (s *soiled) edit(f func(string) string, of ...role) bool {
	done := false
	for _, c := range of {
		if p := s.get(c); p != nil && *p != "" {
			*p = f(*p)
			done = true
		}
	}
	return done
}

var dateRoles = []role{rDecided, rPublicUntil, rFrom}

// Two kinds of dirt are rows of their own, not spoiled cells: the same decision once more in the
// other layout, and once more from another source.
const (
	dirtBothLayouts = "both-layouts"
	dirtTwoSources  = "two-sources"
	dirtTwoContents = "two-contents"
)

// Dirts lists the kinds of dirt with their shares, which add up to eight rows in a hundred.
func Dirts() []Dirt { return dirts }

var dirts = []Dirt{
	{"impossible-date", "不存在的日期，如2022-09-31", 15, func(s *soiled) bool {
		return s.edit(func(d string) string { return d[:min(5, len(d))] + "09-31" }, rDecided)
	}},
	{"slash-date", "斜杠日期，如2024/3/5", 90, func(s *soiled) bool { return s.edit(slashDate, dateRoles...) }},
	{"chinese-date", "年月日日期", 60, func(s *soiled) bool {
		return s.edit(func(d string) string { return withDate(d, credit.Date.Chinese) }, dateRoles...)
	}},
	{"excel-date", "Excel序列日期，如45356", 40, func(s *soiled) bool {
		return s.edit(func(d string) string {
			return withDate(d, func(d credit.Date) string { return strconv.Itoa(credit.Date(18991230).DaysUntil(d)) })
		}, dateRoles...)
	}},
	{"null-mark", "以—、/、无表示没有", 110, func(s *soiled) bool {
		mark := pick(&s.r, []string{"—", "/", "无", "——", "-", "空"})
		done := false
		for _, c := range []role{rRegNo, rOrgCode, rTaxNo, rInstitution, rSociety, rSeized, rRemark, rConfiscated} {
			if p := s.get(c); p != nil && *p == "" {
				*p, done = mark, true
			}
		}
		return done
	}},
	{"forever", "长期或者2099年", 40, func(s *soiled) bool {
		if p := s.get(rUntil); p != nil {
			*p = pick(&s.r, []string{"长期", "2099-12-31", "2099/12/31", "永久"})
			return true
		}
		return false
	}},
	{"full-width", "全角数字和字母", 60, func(s *soiled) bool { return s.edit(fullWidth, rCode, rDocNo, rFine) }},
	{"code-suffix", "代码中夹带文字，如（1/1）", 50, func(s *soiled) bool {
		note := pick(&s.r, []string{"（1/1）", "(1/1)", "（三证合一）", "（统一代码）"})
		return s.edit(func(c string) string { return c + note }, rCode)
	}},
	{"old-id", "15位居民身份号码", 10, func(s *soiled) bool {
		id := oldPersonID(personID(s.r.below(4000)))
		if s.edit(func(string) string { return id }, rID) || s.edit(func(string) string { return id }, rLegalID) {
			return true
		}
		p, kind := s.get(rLegalID), s.get(rLegalIDType)
		if p == nil || kind == nil {
			return false
		}
		*p, *kind = id, "居民身份证"
		return true
	}},
	{"yuan-in-wan", "万元栏填了元", 30, func(s *soiled) bool {
		return s.edit(func(w string) string {
			f, err := credit.ParseWanYuan(w)
			if err != nil {
				return w
			}
			return strings.TrimSuffix(f.Yuan(), ".00")
		}, rFine)
	}},
	{"system-name", "机关栏填了系统名称", 40, func(s *soiled) bool {
		name := pick(&s.r, []string{"岚海省双公示归集系统", "行政处罚信息上报系统", "岚海省行政执法信息平台"})
		return s.edit(func(string) string { return name }, rProvider) || s.edit(func(string) string { return name }, rAuthority)
	}},
	{"several-kinds", "一格多个处罚类别", 80, func(s *soiled) bool {
		return s.edit(func(k string) string {
			return pick(&s.r, []string{k + "，警告", k + ";警告", "01," + kindCode(k), "警告/" + k, k + "+责令改正", k + " 警告"})
		}, rKinds)
	}},
	{"wrong-check", "代码校验位不符", 20, func(s *soiled) bool {
		return s.edit(func(c string) string {
			if len(c) != 18 {
				return c
			}
			last := codeAlphabet[(strings.IndexByte(codeAlphabet, c[17])+1+s.r.below(29))%31]
			return c[:17] + string(last)
		}, rCode)
	}},
	{"spaced-code", "代码中有空格、小写或者连字符", 25, func(s *soiled) bool {
		return s.edit(func(c string) string {
			if len(c) < 9 {
				return c
			}
			return pick(&s.r, []string{" " + c, strings.ToLower(c), c[:8] + "-" + c[8:], c + "\t"})
		}, rCode)
	}},
	{"stranger-code", "代码未登记而名称属于他人", 8, func(s *soiled) bool {
		code := makeCode("91", "000099", 8_000_000+s.r.below(500_000))
		return s.edit(func(string) string { return code }, rCode)
	}},
	{"organ-alias", "机关简称", 12, func(s *soiled) bool {
		return s.edit(func(name string) string {
			for _, o := range register() {
				if o.Name == name && o.Short != "" {
					return o.Short
				}
			}
			return strings.Replace(name, "管理局", "局", 1)
		}, rAuthority)
	}},
	{"missing", "缺必填项", 20, func(s *soiled) bool {
		c := pick(&s.r, []role{rDocNo, rName, rDecided, rAuthority, rCode})
		return s.edit(func(string) string { return "" }, c)
	}},
	{dirtTwoContents, "同一文件同一决定两种内容", 5, nil},
	{dirtBothLayouts, "同一决定在新旧两种版式中", 45, nil},
	{dirtTwoSources, "同一决定由两个来源报送", 40, nil},
}

// dirtOf tells which dirt a row has, by a number below 10,000; nil for a clean row.
func dirtOf(n int) *Dirt {
	for i := range dirts {
		if n -= dirts[i].Share; n < 0 {
			return &dirts[i]
		}
	}
	return nil
}

func slashDate(d string) string {
	return withDate(d, func(d credit.Date) string {
		return strconv.Itoa(d.Year()) + "/" + strconv.Itoa(d.Month()) + "/" + strconv.Itoa(d.Day())
	})
}

func withDate(s string, f func(credit.Date) string) string {
	d, err := credit.ParseDate(s)
	if err != nil {
		return s
	}
	return f(d)
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func kindCode(name string) string {
	for k := credit.Warning; k <= credit.OrderClosure; k++ {
		if k.Chinese() == name {
			return k.Code()
		}
	}
	return "02"
}
