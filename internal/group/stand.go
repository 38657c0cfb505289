package group

import (
	"context"

	"xinban/internal/account"
)

// Stand fills in how the papers of a request stand today, and how the requests for consent stand of those that were refused for
// want of it.
func (s *Service) Stand(ctx context.Context, v *View) error {
	var places []Place
	for i := range v.Members {
		if m := &v.Members[i]; m.State == Issued {
			places = append(places, Place{m.Key, m.Number})
		}
	}
	ended, err := s.Reports.Ended(ctx, places)
	if err != nil {
		return err
	}
	me := account.From(ctx)
	for i := range v.Members {
		m := &v.Members[i]
		m.Status = ended[m.Number]
		if !m.Asks || s.Asking == nil {
			continue
		}
		if m.Asking, err = s.Asking(ctx, me, m.Key, v.Settings.Purpose); err != nil {
			return err
		}
	}
	return nil
}

// Gone tells whether the paper is no longer in force.
func (m *MemberView) Gone() bool { return m.Status == Replaced || m.Status == Withdrawn }
