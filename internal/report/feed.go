package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/law"
)

// Need is what a domain's data must hold for it to answer: the kinds that count under the rule set.
type Need struct {
	Domain string
	Kinds  []credit.Kind
}

// DomainFeed is how fresh the data of a domain are.
type DomainFeed struct {
	Domain string      `json:"domain"`
	AsOf   credit.Date `json:"as_of"`           // day of the oldest last arrival among its feeds
	Late   bool        `json:"late"`            // a feed is overdue by its rhythm
	Since  credit.Date `json:"since,omitempty"` // first day for which all its feeds can answer
	Timeliness
}

// Timeliness is how the feeds of a domain together kept the time limits, in rows since the beginning.
type Timeliness struct {
	Rows        int64 `json:"rows,omitempty"`
	LatePublish int64 `json:"late_publish,omitempty"` // came after the time limit of publishing
	LateArrive  int64 `json:"late_arrive,omitempty"`  // came after the time limit of arriving
	HeldBack    int64 `json:"held_back,omitempty"`    // did not keep the data standard
}

// Shares are the parts of the rows that were published late, arrived late and were held back, as people
// read them: 迟公示/迟送达/退回. Empty when no row came.
func (t *Timeliness) Shares() string {
	if t == nil || t.Rows == 0 {
		return ""
	}
	percent := func(n int64) string { return fmt.Sprintf("%.1f", 100*float64(n)/float64(t.Rows)) }
	return percent(t.LatePublish) + "/" + percent(t.LateArrive) + "/" + percent(t.HeldBack)
}

// Feeds tells how fresh the data of the domains are; a domain that is not told of has no data: a kind
// that it needs has no feed, or one that never arrived.
type Feeds interface {
	DomainFeeds(ctx context.Context, needs []Need) ([]DomainFeed, error)
}

// needs is what the domains of a request must have received under its rule set.
func (s *settings) needs(book *law.Book, on credit.Date) ([]Need, error) {
	rules, err := book.ReportRulesByID(s.RuleSet, on)
	if err != nil {
		return nil, err
	}
	needs := make([]Need, len(s.Domains))
	for i, d := range s.Domains {
		needs[i] = Need{d, rules.Kinds(d)}
	}
	return needs, nil
}

// Checks tells of rows that may belong to a subject and await a person's answer.
type Checks interface {
	// UnderCheck returns the domains of such rows; the empty domain stands for one that is not known. keys
	// are all keys of the subject; names are its names, of an organisation only.
	UnderCheck(ctx context.Context, keys []credit.Key, names []string) (domains []string, err error)
}

// feedsDigest names the state of the feeds. How they kept the time limits is no part of it: it moves
// with every file, and would make a new document of the same data-as-of dates.
func feedsDigest(feeds []DomainFeed, checks []string) string {
	var b strings.Builder
	for _, f := range feeds {
		fmt.Fprintf(&b, "%s %s %v\n", f.Domain, f.AsOf, f.Late)
		if f.Since != 0 {
			fmt.Fprintf(&b, "since %s\n", f.Since)
		}
	}
	for _, c := range checks {
		fmt.Fprintf(&b, "check %s\n", c)
	}
	return digest("feeds", b.String())
}

func feedOf(feeds []DomainFeed, domain string) (DomainFeed, bool) {
	i := slices.IndexFunc(feeds, func(f DomainFeed) bool { return f.Domain == domain })
	if i < 0 {
		return DomainFeed{}, false
	}
	return feeds[i], true
}
