package report

import "context"

// StatusListOf is SignedStatusList, cut off after most numbers.
func (s *Service) StatusListOf(ctx context.Context, most int) ([]byte, *StatusList, error) {
	return s.statusList(ctx, most)
}

// HasEnglish tells whether the renderings know a word.
func HasEnglish(chinese string) bool {
	d, err := newDictionary()
	return err == nil && d.terms[chinese] != ""
}

// AskFor is what the pages and the API issue with.
func (s *Service) AskFor(ctx context.Context, a Agents, r Request) (*Issued, error) {
	return (&pages{Service: s, Deps: Deps{Agents: a}}).askFor(ctx, r)
}
