package receive

import (
	"strings"
	"testing"
)

// A paper covers a need by edition, length and end of the period, domains and purpose; each lack is said.
func TestNeed(t *testing.T) {
	base := Known{Edition: "general", From: 20210519, To: 20260518, Purpose: "贷款", Domains: []string{"ecology", "tax"}}
	for _, c := range []struct {
		name   string
		need   Need
		change func(*Known)
		want   string // empty when it is covered
	}{
		{"nothing is needed", Need{}, nil, ""},
		{"the edition", Need{Edition: "general"}, nil, ""},
		{"another edition", Need{Edition: "listing"}, nil, "需要上市专版，这份是普通版"},
		{"five years to the day", Need{Years: 5}, nil, ""},
		{"a day short of five years", Need{Years: 5}, func(k *Known) { k.From++ }, "不足所需的5年"},
		{"ends 30 days ago", Need{Days: 30}, func(k *Known) { k.To = 20260418 }, ""},
		{"ends 31 days ago", Need{Days: 30}, func(k *Known) { k.To = 20260417 }, "早于所需的30天以内"},
		{"three years that ended long ago", Need{Years: 3, Days: 7}, func(k *Known) { k.To = 20240518 }, "早于所需的7天以内"},
		{"the purpose", Need{Purpose: "贷款"}, nil, ""},
		{"another purpose", Need{Purpose: "上市"}, nil, "这份写的是“贷款”"},
		{"no purpose", Need{Purpose: "上市"}, func(k *Known) { k.Purpose = "" }, "这份写的是“未写明”"},
		{"the domains", Need{Domains: []string{"tax", "ecology"}}, nil, ""},
		{"a domain that is missing", Need{Domains: []string{"sea"}}, nil, "没有包含所需领域：海事"},
		{"a domain that gives no answer", Need{Domains: []string{"tax"}}, func(k *Known) { k.Unanswered = []string{"tax"} }, "所需领域未作结论：税务"},
		{"another domain gives no answer, which is no lack and which the row says", Need{Domains: []string{"ecology"}}, func(k *Known) { k.Unanswered = []string{"tax"} }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := base
			if c.change != nil {
				c.change(&k)
			}
			names := map[string]string{"sea": "海事", "tax": "税务", "ecology": "生态环境"}
			why := strings.Join(c.need.Lacks(&k, today, func(id string) string { return names[id] }), "；")
			if c.want == "" && why != "" || !strings.Contains(why, c.want) {
				t.Errorf("%q, want %q", why, c.want)
			}
		})
	}
}

// A paper that is not genuine is a problem whatever it says, and nothing of its content is believed.
func TestRowOfAPaper(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Paper)
		need   Need
		rank   Rank
		why    string
	}{
		{"in force", func(*Paper) {}, Need{}, Fine, ""},
		{"something is new", func(p *Paper) { p.Status = Changed; p.Reasons = []string{"有新的记录"} }, Need{}, Attend, "有新的记录"},
		{"a domain that nobody named gives no answer", func(p *Paper) { p.Unanswered = []string{"tax"} }, Need{}, Attend, "1个领域未作结论"},
		{"a domain beside those needed gives no answer", func(p *Paper) {
			p.Domains, p.Unanswered, p.Conclusion = []string{"ecology", "tax"}, []string{"tax"}, Incomplete
		}, Need{Domains: []string{"ecology"}}, Attend, "1个领域未作结论"},
		{"a needed domain gives no answer", func(p *Paper) { p.Domains, p.Unanswered = []string{"tax"}, []string{"tax"} }, Need{Domains: []string{"tax"}}, Problem, "所需领域未作结论"},
		{"full of penalties", func(p *Paper) { p.Conclusion, p.Records = ConcludesFound, 7 }, Need{}, Fine, ""},
		{"replaced", func(p *Paper) { p.Status = Replaced }, Need{}, Problem, ""},
		{"withdrawn", func(p *Paper) { p.Status = Withdrawn }, Need{}, Problem, ""},
		{"altered", func(p *Paper) { p.Unaltered = false }, Need{}, Problem, "不能确认真实性"},
		{"of another issuer", func(p *Paper) { p.Trusted = false }, Need{}, Problem, "不能确认真实性"},
		{"unknown to the issuer", func(p *Paper) { p.Status = Unknown }, Need{}, Problem, "不能确认真实性"},
		{"does not serve", func(*Paper) {}, Need{Edition: "listing"}, Problem, "需要上市专版"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Paper{Unaltered: true, Trusted: true, Status: Valid, Known: Known{Edition: "general", Name: "x"}}
			c.change(&p)
			r := judge(&p, &c.need, today, func(string) string { return "" })
			if r.Rank != c.rank || !strings.Contains(strings.Join(r.Reasons, ""), c.why) || r.Genuine != p.Genuine() || r.Name == "" && r.Genuine || r.Name != "" && !r.Genuine {
				t.Errorf("%+v", r)
			}
		})
	}
}
