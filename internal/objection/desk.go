package objection

import (
	"context"
	"slices"

	"xinban/internal/account"
	"xinban/internal/casework"
)

// codes are those of the bodies whose desk a clerk's body minds: its own, and those whose duties came to it.
func (s *Service) codes(organ string) []string {
	var all []string
	for _, o := range s.c.Organs.All() {
		if o.Code == "" {
			continue
		}
		mine := o.Code == organ || slices.ContainsFunc(o.Domains, func(d string) bool {
			now, ok := s.c.Organs.Responsible(o.ID, d, s.today())
			return ok && now.Code == organ
		})
		if mine {
			all = append(all, o.Code)
		}
	}
	return all
}

// deskPart is how many cases of a desk are read at once.
const deskPart = 200

// Desk lists up to limit open objections that wait for a clerk's body, those filed first of each desk first.
func (s *Service) Desk(ctx context.Context, p account.Principal, limit int) (all []casework.Case, err error) {
	for _, code := range s.codes(p.Organ) {
		some, err := s.at(ctx, p, desk(code), limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all[:min(len(all), limit)], nil
}

func (s *Service) at(ctx context.Context, p account.Principal, desk string, limit int) (all []casework.Case, err error) {
	var after *casework.Case
	for len(all) < limit {
		some, err := s.c.Cases.OfKindAtDesk(ctx, desk, Kind, after, deskPart)
		if err != nil {
			return nil, err
		}
		for _, c := range some {
			if s.may(p, &c) == nil {
				all = append(all, c)
			}
		}
		if len(some) < deskPart {
			break
		}
		after = &some[len(some)-1]
	}
	return all, nil
}
