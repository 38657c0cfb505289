package report

import "context"

// StatusListOf is SignedStatusList, cut off after most numbers.
func (s *Service) StatusListOf(ctx context.Context, most int) ([]byte, *StatusList, error) {
	return s.statusList(ctx, most)
}
