package account

import (
	"context"
	"net/http"

	"xinban/internal/problem"
)

// PasswordAgain asks the caller's password once more, before something is signed in its name. A wrong one counts
// as a failed attempt to sign in; the error is on the field "password".
func (s *Service) PasswordAgain(ctx context.Context, p Principal, password string) error {
	if err := s.attempt(ctx, "login "+p.Login); err != nil {
		return err
	}
	_, sec, err := s.find(ctx, "id", p.ID)
	if err != nil {
		return err
	}
	ok, err := s.hash.matches(ctx, sec.password, password)
	if err != nil {
		return err
	}
	if !ok {
		return problem.New(http.StatusUnprocessableEntity, "form").At("password", "account.password.wrong")
	}
	return s.forgive(ctx, "login "+p.Login)
}
