package account

import "context"

// PasswordAgain asks the caller's password once more, before something is signed in its name: see
// [Service.Reauthenticate]. The error is on the field "password".
func (s *Service) PasswordAgain(ctx context.Context, p Principal, password string) error {
	return s.Reauthenticate(ctx, p, "password", password)
}
