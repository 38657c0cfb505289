package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
)

// DomainFeed is how fresh the data of a domain are.
type DomainFeed struct {
	Domain string      `json:"domain"`
	AsOf   credit.Date `json:"as_of"` // day of the oldest last arrival among its feeds
	Late   bool        `json:"late"`  // a feed is overdue by its rhythm
}

// Feeds tells how fresh the data of the domains are; a domain that is not told of has no data.
type Feeds interface {
	DomainFeeds(ctx context.Context) ([]DomainFeed, error)
}

// Checks tells of rows that may belong to a subject and await a person's answer.
type Checks interface {
	// UnderCheck returns the domains of such rows; the empty domain stands for one that is not known. keys
	// are all keys of the subject; names are its names, of an organisation only.
	UnderCheck(ctx context.Context, keys []credit.Key, names []string) (domains []string, err error)
}

func feedsDigest(feeds []DomainFeed, checks []string) string {
	var b strings.Builder
	for _, f := range feeds {
		fmt.Fprintf(&b, "%s %s %v\n", f.Domain, f.AsOf, f.Late)
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
