package account

import (
	"context"
	"fmt"
	"net/http"

	"xinban/internal/problem"
	"xinban/internal/store"
)

// ChangePassword replaces the caller's password after checking the old one, and ends every other
// session of the account. A wrong old password counts as a failed attempt.
func (s *Service) ChangePassword(ctx context.Context, p Principal, old, new string) error {
	if err := s.Reauthenticate(ctx, p, "old", old); err != nil {
		return err
	}
	return s.setPassword(ctx, p.ID, p.Login, new, p.Session)
}

// Reauthenticate checks the password that the caller typed again, as before a change of the account or to
// sign something. A wrong one is said of the form's field and counts as a failed attempt.
func (s *Service) Reauthenticate(ctx context.Context, p Principal, field, password string) error {
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
		return problem.New(http.StatusUnprocessableEntity, "form").At(field, "account.password.wrong")
	}
	return s.forgive(ctx, "login "+p.Login)
}

// SetPassword replaces the password of an account, ends its sessions and revokes its tokens; for the
// operator's command, used when a password was lost or leaked.
func (s *Service) SetPassword(ctx context.Context, id, password string) error {
	a, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	if err := s.setPassword(ctx, a.ID, a.Login, password, ""); err != nil {
		return err
	}
	return s.revokeTokens(ctx, a.ID)
}

func (s *Service) revokeTokens(ctx context.Context, id string) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE api_token SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL`, id, s.cfg.Now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("account: revoking the tokens of %s: %w", id, err)
	}
	return nil
}

func (s *Service) setPassword(ctx context.Context, id, login, password, keep string) error {
	if err := CheckPassword(login, password); err != nil {
		return err
	}
	encoded, err := s.hash.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, id, "changing the password of", func(tx *store.Tx) (int64, error) {
		n, err := tx.Exec(`UPDATE account SET password = $2, changed_at = $3 WHERE id = $1`, id, encoded, s.cfg.Now().UnixMilli())
		if err != nil {
			return 0, err
		}
		_, err = tx.Exec(`DELETE FROM session WHERE account = $1 AND id <> $2`, id, keep)
		return n, err
	})
}

// Enrol makes a TOTP secret to show to the caller. Nothing is kept until ConfirmTOTP.
func (s *Service) Enrol(p Principal) Enrolment { return NewEnrolment(s.cfg.Issuer, p.Login) }

// EnrolAgain returns the enrolment of a secret that the caller has already been shown.
func (s *Service) EnrolAgain(p Principal, secret string) (Enrolment, error) {
	b, err := base32Plain.DecodeString(secret)
	if err != nil || len(b) != totpSecretBytes {
		return Enrolment{}, problem.New(http.StatusBadRequest, "bad-request")
	}
	return enrolment(s.cfg.Issuer, p.Login, secret), nil
}

// ConfirmTOTP keeps the secret as the caller's second factor once a code shows that the authenticator
// has it, and returns the recovery codes, which are shown this once. An account that has a second
// factor must turn it off first, which takes the password: a stolen session cannot replace it.
func (s *Service) ConfirmTOTP(ctx context.Context, p Principal, secret, code string) ([]string, error) {
	b, err := base32Plain.DecodeString(secret)
	if err != nil || len(b) != totpSecretBytes {
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	step, ok := matchTOTP(b, code, s.cfg.Now(), 0)
	if !ok {
		return nil, problem.New(http.StatusUnprocessableEntity, "form").At("code", "account.totp.wrong")
	}
	codes := newRecoveryCodes()
	err = s.change(ctx, p.ID, "setting the second factor of", func(tx *store.Tx) (int64, error) {
		n, err := tx.Exec(`UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1 AND totp IS NULL`, p.ID, s.sealer.seal(p.ID, b), step)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return 0, problem.New(http.StatusConflict, "totp-on")
		}
		if _, err := tx.Exec(`DELETE FROM account_recovery WHERE account = $1`, p.ID); err != nil {
			return 0, err
		}
		for _, c := range codes {
			if _, err := tx.Exec(`INSERT INTO account_recovery (account, code) VALUES ($1, $2)`, p.ID, recoveryDigest(p.ID, c)); err != nil {
				return 0, err
			}
		}
		_, err = tx.Exec(`DELETE FROM session WHERE account = $1 AND id <> $2`, p.ID, p.Session)
		return n, err
	})
	return codes, err
}

// DropTOTP removes the caller's second factor; the password must be given again.
func (s *Service) DropTOTP(ctx context.Context, p Principal, password string) error {
	if err := s.Reauthenticate(ctx, p, "password", password); err != nil {
		return err
	}
	return s.ResetTOTP(ctx, p.ID)
}

// ResetTOTP removes the second factor of an account whose owner lost it; for the operator's command.
func (s *Service) ResetTOTP(ctx context.Context, id string) error {
	return s.change(ctx, id, "removing the second factor of", func(tx *store.Tx) (int64, error) {
		if _, err := tx.Exec(`DELETE FROM account_recovery WHERE account = $1`, id); err != nil {
			return 0, err
		}
		return tx.Exec(`UPDATE account SET totp = NULL, totp_step = 0 WHERE id = $1`, id)
	})
}

// RecoveryLeft returns how many recovery codes the account has left.
func (s *Service) RecoveryLeft(ctx context.Context, id string) (int, error) {
	var n int
	if err := s.db.QueryRow(ctx, `SELECT count(*) FROM account_recovery WHERE account = $1`, id).Scan(&n); err != nil {
		return 0, fmt.Errorf("account: counting recovery codes: %w", err)
	}
	return n, nil
}
