package consent

import (
	"cmp"
	"fmt"
	"strings"
)

// editionNames are the editions as the words of a grant name them.
var editionNames = map[string]string{"general": "普通版", "administration": "行政管理专版", "listing": "上市专版"}

// levelWords say what a level leaves out.
var levelWords = map[Level]string{Conclusion: "只告知有无新增记录，不提供报告", Counts: "只提供各领域记录条数，不提供每条记录的内容"}

// Text is the words that the subject signs. A natural person's are a consent of their own (单独同意): they name what is
// disclosed, and nothing else is agreed to with them.
func (g *Grant) Text(subjectName string) string {
	what := "以本主体名义申请并查看信用报告"
	if g.Scope == Read {
		what = "查询并查看本主体的信用报告"
	}
	if limits := g.limits(); len(limits) > 0 {
		what += "（" + strings.Join(limits, "；") + "）"
	}
	times := "次数不限"
	if g.Uses > 0 {
		times = fmt.Sprintf("共%d次", g.Uses)
	}
	if g.Subject.Person() {
		return fmt.Sprintf("%s单独同意：%s%s，其中含本人的行政许可、行政处罚和名单等个人公共信用信息，用途：%s，%s，截至%s。本同意只就这一事项作出，与其他事项无关，可随时撤回，撤回后立即停止使用。",
			subjectName, g.Name, strings.ReplaceAll(what, "本主体", "本人"), g.Purpose, times, g.Until.Chinese())
	}
	return fmt.Sprintf("%s授权%s%s，用途：%s，%s，截至%s。本授权可随时撤回，撤回后立即停止使用。",
		cmp.Or(subjectName, string(g.Subject)), g.Name, what, g.Purpose, times, g.Until.Chinese())
}

// limits are what the grant covers less than everything of, each in words.
func (g *Grant) limits() (all []string) {
	if len(g.Editions) > 0 {
		var names []string
		for _, e := range g.Editions {
			names = append(names, cmp.Or(editionNames[e], e))
		}
		all = append(all, "限"+strings.Join(names, "、"))
	}
	if len(g.Domains) > 0 {
		var names []string
		for _, d := range g.Domains {
			names = append(names, d.Name)
		}
		all = append(all, fmt.Sprintf("限%s%d个领域", strings.Join(names, "、"), len(names)))
	}
	switch {
	case g.From != 0 && g.To != 0:
		all = append(all, fmt.Sprintf("限%s至%s的信息", g.From.Chinese(), g.To.Chinese()))
	case g.From != 0:
		all = append(all, "限"+g.From.Chinese()+"以后的信息")
	case g.To != 0:
		all = append(all, "限"+g.To.Chinese()+"以前的信息")
	}
	if w := levelWords[g.Level]; w != "" {
		all = append(all, w)
	}
	return all
}
