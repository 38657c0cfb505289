package report

import (
	"xinban/internal/law"
	"xinban/internal/page"
)

// purpose is what a report is for. It is chosen first and proposes the edition.
type purpose struct {
	ID      string // names the message report.purpose.ID
	Printed string // as it stands on the paper
	Edition string
	Icon    string
}

var purposes = []purpose{
	{"listing", "上市", "listing", "quality"},
	{"tender", "招投标", "general", "edit"},
	{"fund", "资金奖励", "general", "check"},
	{"loan", "贷款", "general", "archive"},
	{"approval", "行政审批", "administration", "rules"},
}

func purposeByID(id string) (purpose, bool) {
	for _, p := range purposes {
		if p.ID == id {
			return p, true
		}
	}
	return purpose{}, false
}

// purposeOf is the purpose of an issued document.
func purposeOf(printed string) purpose {
	for _, p := range purposes {
		if p.Printed == printed {
			return p
		}
	}
	return purpose{}
}

// domainGroups put the working list into groups that a person can look through. A group ends with the
// number of its last domain; domains past the last group form one of their own.
var domainGroups = []struct {
	title string
	last  int
}{
	{"report.group.economy", 6}, {"report.group.society", 11}, {"report.group.resource", 19}, {"report.group.rural", 24},
	{"report.group.culture", 30}, {"report.group.market", 34}, {"report.group.special", 43}, {"report.group.national", 52},
	{"report.group.other", 1 << 30},
}

// domainGroup is a group of choices; Title is a key.
type domainGroup struct {
	Title   string
	Domains []page.Option
}

func groupDomains(all []law.Domain, chosen []string) []domainGroup {
	picked := map[string]bool{}
	for _, id := range chosen {
		picked[id] = true
	}
	var groups []domainGroup
	at := -1
	for _, d := range all {
		i := 0
		for domainGroups[i].last < d.No {
			i++
		}
		if i != at {
			at = i
			groups = append(groups, domainGroup{Title: domainGroups[i].title})
		}
		g := &groups[len(groups)-1]
		g.Domains = append(g.Domains, page.Option{Value: d.ID, Label: d.Name, Chosen: picked[d.ID]})
	}
	return groups
}
