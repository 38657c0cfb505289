package group

import (
	"context"
	"slices"

	"xinban/internal/credit"
)

// Renew asks again for the same subjects with the same settings; a chosen period moves so that it ends today.
func (s *Service) Renew(ctx context.Context, id string) (string, error) {
	v, err := s.View(ctx, id)
	if err != nil {
		return "", err
	}
	set := v.Settings
	if set.To != 0 {
		today := s.today()
		set.From, set.To = set.From.AddDays(set.To.DaysUntil(today)), today
	}
	return s.repeat(ctx, v, request{Settings: set, Of: id}, v.Members)
}

// AskMissing asks again, with the same settings, for those of a request that have no report: a subject that has consented since, a name
// that is on record since, what failed. The reports that were issued stay, and no consent is used for them.
func (s *Service) AskMissing(ctx context.Context, id string) (string, error) {
	v, err := s.View(ctx, id)
	if err != nil {
		return "", err
	}
	rest := slices.DeleteFunc(slices.Clone(v.Members), func(m MemberView) bool { return m.State == Issued || m.State == Waiting })
	if len(rest) == 0 {
		return "", &Refusal{"这项申请没有未出具的主体，不需要再办"}
	}
	return s.repeat(ctx, v, request{Settings: v.Settings, Of: id, Missing: true}, rest)
}

// repeat makes a request for members of an earlier one.
func (s *Service) repeat(ctx context.Context, v *View, q request, of []MemberView) (string, error) {
	var lines []string
	had := map[credit.Key]bool{}
	for i := range of {
		lines = append(lines, of[i].line())
		had[of[i].Key] = of[i].State == Issued
	}
	members, err := s.Resolve(ctx, q.Settings, lines)
	if err != nil {
		return "", err
	}
	for i := range members { // it may be the same paper, which takes no further use: the issue tells
		if m := &members[i]; m.spent && had[m.Key] {
			m.State, m.Reason, m.Asks = Waiting, "", false
		}
	}
	return s.create(ctx, v.Subject, q, members)
}

// line names the member in a list: by its key where that is known, since names change.
func (m *MemberView) line() string {
	if m.Key.Code() != "" && m.Key.Scheme() == "" {
		return string(m.Key)
	}
	return m.Given
}
