package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"xinban/internal/store"
)

// Stages of a session.
const (
	stageSecond = "second" // the password was right, the code is awaited
	stageFull   = "full"
)

const secondLimit = 5 * time.Minute

// seenEvery is how exactly the last request of a session is kept; writing each would cost a
// transaction a request.
const seenEvery = time.Minute

type sessionRow struct {
	id, account, stage     string
	created, seen, expires int64
}

func (s *Service) open(ctx context.Context, account, stage, agent string) (string, error) {
	name, now := newSecret(), s.cfg.Now()
	life := s.cfg.Absolute
	if stage == stageSecond {
		life = secondLimit
	}
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO session (id, account, stage, agent, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $6)`,
			digest("session", name), account, stage, brief(agent), now.UnixMilli(), now.Add(life).UnixMilli())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("account: opening a session: %w", err)
	}
	return name, nil
}

// Open opens a session for an account without asking for its password. The demo's role switch uses it.
func (s *Service) Open(ctx context.Context, login, agent string) (string, error) {
	a, err := s.ByLogin(ctx, login)
	if err != nil {
		return "", err
	}
	if a.Closed {
		return "", ErrNoAccount
	}
	return s.open(ctx, a.ID, stageFull, agent)
}

// OpenIdentified opens a session for an account that an identity provider named. It is ErrNoAccount where there is none or
// it is closed; second is as of [Service.SignIn].
func (s *Service) OpenIdentified(ctx context.Context, login, ip, agent string) (session string, second bool, err error) {
	a, err := s.ByLogin(ctx, login)
	if err != nil {
		return "", false, err
	}
	if a.Closed {
		return "", false, ErrNoAccount
	}
	stage := stageFull
	if a.TOTP {
		stage = stageSecond
	}
	s.cfg.Log.InfoContext(ctx, "identified by a provider", "account", a.ID, "ip", ip)
	session, err = s.open(ctx, a.ID, stage, agent)
	return session, a.TOTP, err
}

// session returns the live row of a session name; its account is empty when there is none.
func (s *Service) session(ctx context.Context, name string) (sessionRow, error) {
	if name == "" || len(name) > 64 {
		return sessionRow{}, nil
	}
	row, now := sessionRow{id: digest("session", name)}, s.cfg.Now().UnixMilli()
	err := s.db.QueryRow(ctx, `SELECT account, stage, created_at, seen_at, expires_at FROM session WHERE id = $1`, row.id).
		Scan(&row.account, &row.stage, &row.created, &row.seen, &row.expires)
	if errors.Is(err, sql.ErrNoRows) {
		return sessionRow{}, nil
	}
	if err != nil {
		return sessionRow{}, fmt.Errorf("account: reading a session: %w", err)
	}
	if now >= row.expires {
		return sessionRow{}, nil
	}
	return row, nil
}

// quiet tells whether a session has had no request for too long. A kiosk's session has no such end: nobody is there to sign
// it in again, and its account opens nothing of anybody by itself.
func (s *Service) quiet(row sessionRow, a *Account) bool {
	return !slices.Contains(a.Roles, Kiosk) && s.cfg.Now().UnixMilli() >= row.seen+s.cfg.Idle.Milliseconds()
}

// Resume returns the principal of a session name, anybody when the session is unknown, over, waiting
// for its second step, or its account closed.
func (s *Service) Resume(ctx context.Context, name string) (Principal, error) {
	row, err := s.session(ctx, name)
	if err != nil || row.account == "" || row.stage != stageFull {
		return Principal{}, err
	}
	a, _, err := s.find(ctx, "id", row.account)
	if errors.Is(err, ErrNoAccount) || a.Closed {
		return Principal{}, nil
	}
	if err != nil {
		return Principal{}, err
	}
	if s.quiet(row, &a) {
		return Principal{}, nil
	}
	if now := s.cfg.Now().UnixMilli(); now >= row.seen+seenEvery.Milliseconds() {
		err = s.db.Tx(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE session SET seen_at = $2 WHERE id = $1`, row.id, now)
			return err
		})
		if err != nil {
			return Principal{}, fmt.Errorf("account: touching a session: %w", err)
		}
	}
	return a.principal(ChannelPage, row.id), nil
}

// AwaitsSecondStep tells whether the session waits for its second step.
func (s *Service) AwaitsSecondStep(ctx context.Context, name string) (bool, error) {
	row, err := s.session(ctx, name)
	return row.account != "" && row.stage == stageSecond, err
}

// SignOut ends a session; an unknown one is no error.
func (s *Service) SignOut(ctx context.Context, name string) error {
	return s.endSession(ctx, `DELETE FROM session WHERE id = $1`, digest("session", name))
}

// EndSession ends one session of an account by the identifier that Sessions gave.
func (s *Service) EndSession(ctx context.Context, account, id string) error {
	return s.endSession(ctx, `DELETE FROM session WHERE account = $1 AND id = $2`, account, id)
}

func (s *Service) endSession(ctx context.Context, query string, args ...any) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("account: ending a session: %w", err)
	}
	return nil
}

// Session is an open session as its owner sees it.
type Session struct {
	ID      string
	Agent   string // what the browser calls itself, shortened
	Created time.Time
	Seen    time.Time // to the minute
}

// Sessions returns the open sessions of an account, the latest first.
func (s *Service) Sessions(ctx context.Context, account string) ([]Session, error) {
	a, _, err := s.find(ctx, "id", account)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Query(ctx, `SELECT id, account, created_at, seen_at, agent FROM session
		WHERE account = $1 AND stage = $2 AND expires_at > $3 ORDER BY seen_at DESC, id LIMIT 50`,
		account, stageFull, s.cfg.Now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("account: listing sessions: %w", err)
	}
	defer rows.Close()
	var list []Session
	for rows.Next() {
		var row sessionRow
		var agent string
		if err := rows.Scan(&row.id, &row.account, &row.created, &row.seen, &agent); err != nil {
			return nil, fmt.Errorf("account: listing sessions: %w", err)
		}
		if s.quiet(row, &a) {
			break // those that follow have been quiet for longer
		}
		list = append(list, Session{ID: row.id, Agent: agent, Created: time.UnixMilli(row.created).UTC(), Seen: time.UnixMilli(row.seen).UTC()})
	}
	return list, rows.Err()
}

// brief keeps the first 120 bytes of a browser's name for itself, as valid text.
func brief(agent string) string {
	clean := make([]rune, 0, 120)
	for _, r := range agent {
		if len(clean) == 120 {
			break
		}
		if r >= ' ' && r != 0xfffd && r != 0x7f {
			clean = append(clean, r)
		}
	}
	return string(clean)
}
