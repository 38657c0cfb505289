package receive

import (
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
)

// Need is what a receiver needs a paper to cover. The zero value needs nothing.
type Need struct {
	Edition string   `json:"edition,omitempty"` // empty for any
	Years   int      `json:"years,omitempty"`   // whole years covered, 0 for any
	Days    int      `json:"days,omitempty"`    // the period ends at most so many days ago, 0 for any
	Domains []string `json:"domains,omitempty"` // identifiers
	Purpose string   `json:"purpose,omitempty"` // empty for any
	Use     string   `json:"use,omitempty"`     // what the papers are wanted for, one of those listed; empty when not said
}

// Names of the editions, as they stand on papers.
var editionNames = map[string]string{"general": "普通版", "administration": "行政管理专版", "listing": "上市专版"}

// Lacks tells in which ways a paper does not cover the need on a day; none when it does. name gives a
// domain's name.
func (n *Need) Lacks(k *Known, today credit.Date, name func(id string) string) (why []string) {
	if n.Edition != "" && k.Edition != n.Edition {
		why = append(why, fmt.Sprintf("需要%s，这份是%s", editionNames[n.Edition], editionNames[k.Edition]))
	}
	if n.Days > 0 && k.To < today.AddDays(-n.Days) {
		why = append(why, fmt.Sprintf("查询时段截至%s，早于所需的%d天以内", k.To.Chinese(), n.Days))
	}
	if n.Years > 0 && k.From > k.To.AddMonths(-12*n.Years).AddDays(1) {
		why = append(why, fmt.Sprintf("查询时段%s至%s，不足所需的%d年", k.From.Chinese(), k.To.Chinese(), n.Years))
	}
	if n.Purpose != "" && k.Purpose != n.Purpose {
		why = append(why, fmt.Sprintf("需要用途为“%s”，这份写的是“%s”", n.Purpose, orNone(k.Purpose)))
	}
	return append(why, n.lacksDomains(k, name)...)
}

func (n *Need) lacksDomains(k *Known, name func(string) string) (why []string) {
	var missing, silent []string
	for _, d := range n.Domains {
		switch {
		case !slices.Contains(k.Domains, d):
			missing = append(missing, name(d))
		case slices.Contains(k.Unanswered, d):
			silent = append(silent, name(d))
		}
	}
	if len(missing) > 0 {
		why = append(why, "没有包含所需领域："+strings.Join(missing, "、"))
	}
	if len(silent) > 0 {
		why = append(why, "所需领域未作结论："+strings.Join(silent, "、"))
	}
	return why
}

func orNone(s string) string {
	if s == "" {
		return "未写明"
	}
	return s
}
