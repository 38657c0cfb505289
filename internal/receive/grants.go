package receive

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/consent"
	"xinban/internal/page"
)

// Bounds of a page of grants.
const (
	grantRows    = 20
	grantStep    = 100
	grantsLooked = 20 * grantStep // read at most for one page: what is over lies between what is in force
)

// grantLine is a grant as the receiver sees it.
type grantLine struct {
	consent.Grant
	Who      string
	Open     bool
	Why      string // why it cannot be used
	Editions []page.Option
}

// grantsAfter lists up to limit grants by which the receiver may read, or those that are over, after the cursor of a page
// before (empty: from the first). next is the cursor of the next page, empty on the last.
func (s *Service) grantsAfter(ctx context.Context, who *Receiver, after string, over bool, limit int) (all []consent.Grant, next string, err error) {
	place, id, _ := strings.Cut(after, ".")
	n, err := strconv.Atoi(place)
	if err != nil || n < 0 {
		n, id = 0, ""
	}
	looked := 0
	for ; n < len(who.Whom); n, id = n+1, "" {
		for {
			list, err := s.c.Consent.ToGrantee(ctx, who.Whom[n], id, grantStep)
			if err != nil {
				return nil, "", err
			}
			for i := range list {
				id = list[i].ID
				if list[i].Scope == consent.Read && (list[i].Over(s.today()) != nil) == over {
					all = append(all, list[i])
				}
				if len(all) == limit {
					return all, strconv.Itoa(n) + "." + id, nil
				}
			}
			if looked += len(list); looked >= grantsLooked {
				return all, strconv.Itoa(n) + "." + id, nil
			}
			if len(list) < grantStep {
				break
			}
		}
	}
	return all, "", nil
}

// grantsOf are the grants of one subject to the receiver, found by its code or whole name.
func (s *Service) grantsOf(ctx context.Context, who *Receiver, text string, over bool) (all []consent.Grant, err error) {
	key, ok, err := s.c.Find(ctx, text)
	if err != nil || !ok {
		return nil, err
	}
	given, err := s.c.Consent.Given(ctx, key)
	if err != nil {
		return nil, err
	}
	for _, g := range given {
		if g.Scope == consent.Read && who.has(g.Grantee) && (g.Over(s.today()) != nil) == over {
			all = append(all, g)
		}
	}
	return all, nil
}

func (s *Service) grantLines(ctx context.Context, list []consent.Grant) (all []grantLine, err error) {
	for _, g := range list {
		x := grantLine{Grant: g, Open: true}
		if x.Who, err = s.c.Name(ctx, g.Subject); err != nil {
			return nil, err
		}
		if no := g.Over(s.today()); no != nil {
			x.Open, x.Why = false, no.Error()
		} else if g.Level == consent.Conclusion { // serves the desk, where it tells whether there is anything newer
			x.Open, x.Why = false, "只授权了解有无新增记录，不能出具报告"
		}
		x.Editions = editionOptions(g.Editions)
		all = append(all, x)
	}
	return all, nil
}

// editionOptions are the editions of which a report may be made; none named are all.
func editionOptions(only []string) (all []page.Option) {
	for _, id := range []string{"general", "administration", "listing"} {
		if len(only) == 0 || slices.Contains(only, id) {
			all = append(all, page.Option{Value: id, Label: editionNames[id]})
		}
	}
	return all
}
