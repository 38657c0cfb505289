package account

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"xinban/internal/problem"
	"xinban/internal/store"
)

// SignIn checks a login name and password. On success it opens a session and returns its name, which
// goes into the cookie; when second is true the session is good only for SecondStep.
//
// What is wrong is a problem.Error: sign-in-failed for a wrong name or password, locked after too many
// failures, closed for a closed account whose password was right.
func (s *Service) SignIn(ctx context.Context, login, password, ip, agent string) (session string, second bool, err error) {
	login, now := normalLogin(login), s.cfg.Now()
	if s.byIP.blocked(ip, now) {
		return "", false, errLocked(10 * time.Minute)
	}
	if err := s.attempt(ctx, "login "+login); err != nil {
		return "", false, err
	}
	a, sec, err := s.find(ctx, "login", login)
	if err != nil && !errors.Is(err, ErrNoAccount) {
		return "", false, err
	}
	ok, err := s.hash.matches(ctx, sec.password, password)
	if err != nil {
		return "", false, err
	}
	if !ok {
		s.byIP.failed(ip, now)
		s.cfg.Log.InfoContext(ctx, "sign-in failed", "account", a.ID, "ip", ip)
		return "", false, errSignInFailed()
	}
	if err := s.forgive(ctx, "login "+login); err != nil {
		return "", false, err
	}
	if a.Closed {
		s.cfg.Log.InfoContext(ctx, "sign-in to a closed account", "account", a.ID, "ip", ip)
		return "", false, problem.New(http.StatusForbidden, "account-closed")
	}
	if a.TOTP {
		session, err = s.open(ctx, a.ID, stageSecond, agent)
		return session, true, err
	}
	s.cfg.Log.InfoContext(ctx, "signed in", "account", a.ID, "ip", ip)
	session, err = s.open(ctx, a.ID, stageFull, agent)
	return session, false, err
}

// SecondStep checks a TOTP or recovery code for a session that waits for it, and returns the name of
// the session that takes its place.
func (s *Service) SecondStep(ctx context.Context, session, code, ip, agent string) (string, error) {
	now := s.cfg.Now()
	row, err := s.session(ctx, session)
	if err != nil {
		return "", err
	}
	if row.account == "" || row.stage != stageSecond {
		return "", ErrSignIn()
	}
	if s.byIP.blocked(ip, now) {
		return "", errLocked(10 * time.Minute)
	}
	if err := s.attempt(ctx, "code "+row.account); err != nil {
		return "", err
	}
	a, sec, err := s.find(ctx, "id", row.account)
	if err != nil {
		return "", err
	}
	if a.Closed {
		return "", problem.New(http.StatusForbidden, "account-closed")
	}
	ok, err := s.useCode(ctx, a.ID, sec, code)
	if err != nil {
		return "", err
	}
	if !ok {
		s.byIP.failed(ip, now)
		s.cfg.Log.InfoContext(ctx, "second step failed", "account", a.ID, "ip", ip)
		return "", problem.New(http.StatusUnprocessableEntity, "form").At("code", "account.totp.wrong")
	}
	if err := s.forgive(ctx, "code "+row.account); err != nil {
		return "", err
	}
	if err := s.SignOut(ctx, session); err != nil {
		return "", err
	}
	s.cfg.Log.InfoContext(ctx, "signed in", "account", a.ID, "ip", ip, "second", true)
	return s.open(ctx, a.ID, stageFull, agent)
}

// useCode spends a TOTP code or a recovery code: neither works twice, and of two requests at once with
// the same code one is refused.
func (s *Service) useCode(ctx context.Context, id string, sec secrets, code string) (bool, error) {
	secret, err := s.sealer.open(id, sec.totp)
	if err != nil {
		return false, err
	}
	step, match := matchTOTP(secret, code, s.cfg.Now(), sec.step)
	var used int64
	err = s.db.Tx(ctx, func(tx *store.Tx) (err error) {
		if match {
			used, err = tx.Exec(`UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2`, id, step)
		} else {
			used, err = tx.Exec(`DELETE FROM account_recovery WHERE account = $1 AND code = $2`, id, recoveryDigest(id, code))
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("account: using a code of %s: %w", id, err)
	}
	return used == 1, nil
}

// attempt counts an attempt before it is checked, so that guesses made at once are all counted, and
// refuses it while locked. The first lock comes with the failure after Failures; each next doubles it.
func (s *Service) attempt(ctx context.Context, what string) error {
	key, now := digest("attempt", what), s.cfg.Now()
	var locked time.Duration
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		// writing first holds the row until the end, so that attempts at once wait for each other
		_, err := tx.Exec(`INSERT INTO login_failure (login, failures, last_at, locked_until) VALUES ($1, 0, $2, 0)
			ON CONFLICT (login) DO UPDATE SET failures = login_failure.failures`, key, now.UnixMilli())
		if err != nil {
			return err
		}
		var failures, last, until int64
		if err := tx.QueryRow(`SELECT failures, last_at, locked_until FROM login_failure WHERE login = $1`, key).Scan(&failures, &last, &until); err != nil {
			return err
		}
		if locked = time.UnixMilli(until).Sub(now); locked > 0 {
			return nil
		}
		if now.Sub(time.UnixMilli(last)) > 24*time.Hour {
			failures = 0
		}
		failures++
		until = 0
		if over := failures - int64(s.cfg.Failures); over >= 0 {
			until = now.Add(s.lock(over)).UnixMilli()
		}
		_, err = tx.Exec(`UPDATE login_failure SET failures = $2, last_at = $3, locked_until = $4 WHERE login = $1`,
			key, failures, now.UnixMilli(), until)
		return err
	})
	if err != nil {
		return fmt.Errorf("account: counting an attempt: %w", err)
	}
	if locked > 0 {
		return errLocked(locked)
	}
	return nil
}

// lock is how long the nth lock lasts, n from 0.
func (s *Service) lock(n int64) time.Duration {
	d := s.cfg.Lock
	for ; n > 0 && d < s.cfg.MaxLock; n-- {
		d *= 2
	}
	return min(d, s.cfg.MaxLock)
}

func (s *Service) forgive(ctx context.Context, what string) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM login_failure WHERE login = $1`, digest("attempt", what))
		return err
	})
	if err != nil {
		return fmt.Errorf("account: forgetting failures: %w", err)
	}
	return nil
}

func errLocked(d time.Duration) *problem.Error {
	minutes := int((d + time.Minute - 1) / time.Minute)
	return problem.New(http.StatusTooManyRequests, "locked", minutes).After(int(d/time.Second) + 1)
}

// Sweep deletes what has run out: sessions, and failures older than a day. The server does so now and then.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.cfg.Now()
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(`DELETE FROM session WHERE expires_at < $1`, now.UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM login_failure WHERE last_at < $1`, now.Add(-24*time.Hour).UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("account: sweeping: %w", err)
	}
	return nil
}
