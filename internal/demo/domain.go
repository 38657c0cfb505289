package demo

import "xinban/internal/credit"

// A Source (数据来源单位) sends files: an organ of the province for its domain, or the credit
// platform of a city or county for all organs of that place.
type Source struct {
	Code  string // such as lanhai-ecology
	Name  string
	Organ string // its organ's ID, empty for a platform
	// Keeper is the ID of the credit centre that keeps a platform; its rows stay those of the organs that decided.
	Keeper string
	Feeds  []Feed
}

// A Feed is one kind of matter from one source.
type Feed struct {
	Kind     credit.Kind
	Basis    string   // catalogue entry by which the data are gathered
	Domains  []string // the domains for which the feed answers; none for a platform, which answers for all
	Snapshot bool     // each file is the whole list
	Rhythm   int      // days within which the next file is due
	Since    credit.Date
	// Arrived is the day of its last file; 0 when none ever came (暂无数据).
	Arrived credit.Date
}

// Domains that the demo cannot fully speak for: the feed of maritime stopped in February (late), that
// of earthquake has never sent a file (no_data).
const (
	LateDomain   = "maritime"
	LateSince    = credit.Date(20260213)
	AbsentDomain = "earthquake"
)

const dataStart = credit.Date(20200601)

var platforms = []struct{ place, code, name string }{
	{"lg", "langang-platform", "岚港市公共信用信息平台"},
	{"qw", "qingwu-platform", "青梧市公共信用信息平台"},
	{"sl", "sulan-platform", "溯岚县公共信用信息平台"},
}

// Sources lists who sends files in the demo, with what.
func Sources() []Source {
	var all []Source
	for _, o := range register() {
		if o.Place != LanhaiProvince || len(o.Domains) == 0 {
			continue
		}
		s := Source{Code: "lanhai-" + o.Domains[0], Name: o.Name, Organ: o.ID}
		for _, k := range answering {
			s.Feeds = append(s.Feeds, feedOf(k, o.Domains))
		}
		for _, k := range extraFeeds[o.Domains[0]] {
			s.Feeds = append(s.Feeds, feedOf(k, o.Domains))
		}
		all = append(all, s)
	}
	for _, p := range platforms {
		s := Source{Code: p.code, Name: p.name, Keeper: p.place + "-credit-centre"}
		for _, k := range platformKinds {
			s.Feeds = append(s.Feeds, feedOf(k, nil))
		}
		all = append(all, s)
	}
	return append(all, Source{Code: "lanhai-courts", Name: "岚海省司法信息共享平台", Feeds: []Feed{
		feedOf(credit.JudgmentDefaulter, nil), feedOf(credit.CriminalJudgment, nil)}})
}

// answering are the kinds that every organ of the province sends for its domains, as files or as zero
// reports, so that the domain can answer. The criminal judgments come from the courts for all domains,
// and what the cities and the county decided from their platforms.
var answering = []credit.Kind{credit.Penalty, credit.Coercion, credit.SeriousList}

// extraFeeds are the kinds besides those that a province's organ sends.
var extraFeeds = map[string][]credit.Kind{
	"market":    {credit.Registration, credit.AbnormalList},
	"tax":       {credit.RedList},
	"transport": {credit.Licence},
}

var platformKinds = []credit.Kind{credit.Licence, credit.Penalty, credit.Coercion, credit.RedList, credit.Commitment, credit.Catalogue}

func feedOf(k credit.Kind, domains []string) Feed {
	f := Feed{Kind: k, Basis: basisOf[k], Domains: domains, Rhythm: 7, Since: dataStart, Arrived: Today,
		Snapshot: k == credit.AbnormalList || k == credit.JudgmentDefaulter}
	if k == credit.Registration || k == credit.RedList {
		f.Rhythm = 31
	}
	if len(domains) > 0 {
		switch domains[0] {
		case LateDomain:
			f.Arrived = LateSince
		case AbsentDomain:
			f.Arrived = 0
		}
	}
	return f
}

// basisOf names the class of the national catalogue (全国公共信用信息基础目录) under which a kind is gathered.
var basisOf = map[credit.Kind]string{
	credit.Licence:           "全国公共信用信息基础目录：行政管理信息",
	credit.Penalty:           "全国公共信用信息基础目录：行政管理信息",
	credit.Coercion:          "全国公共信用信息基础目录：行政管理信息",
	credit.CriminalJudgment:  "全国公共信用信息基础目录：司法裁判及执行信息",
	credit.SeriousList:       "全国公共信用信息基础目录：严重失信主体名单信息",
	credit.JudgmentDefaulter: "全国公共信用信息基础目录：司法裁判及执行信息",
	credit.AbnormalList:      "全国公共信用信息基础目录：经营（活动）异常名录（状态）信息",
	credit.RedList:           "全国公共信用信息基础目录：诚实守信相关荣誉信息",
	credit.Registration:      "全国公共信用信息基础目录：登记注册基本信息",
	credit.Commitment:        "全国公共信用信息基础目录：信用承诺及履行情况信息",
	credit.Catalogue:         "全国公共信用信息基础目录：经营主体自愿提供的信用信息",
}
