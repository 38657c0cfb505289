package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xinban/internal/store"
)

// tokenPrefix lets a scanner for leaked secrets recognise a token.
const tokenPrefix = "xinban_"

// Token is an API token (接口令牌) as its owner sees it; the secret is shown once, when it is made.
type Token struct {
	ID      string
	Name    string
	Roles   []Role
	Created time.Time
	Expires time.Time
	Revoked bool
}

// NewToken makes a token for the account with some of its roles, and returns the secret text that a
// program sends as "Authorization: Bearer …".
func (s *Service) NewToken(ctx context.Context, account, name string, roles []Role, life time.Duration) (string, error) {
	a, err := s.ByID(ctx, account)
	if err != nil {
		return "", err
	}
	for _, r := range roles {
		if !slices.Contains(a.Roles, r) {
			return "", fmt.Errorf("account: %q does not have the role %s", a.Login, r)
		}
	}
	if len(roles) == 0 {
		return "", fmt.Errorf("account: a token needs a role")
	}
	id, secret, now := rand.Text()[:16], newSecret(), s.cfg.Now()
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO api_token (id, account, name, digest, roles, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, account, brief(name), digest("token", id, secret), joinRoles(roles), now.UnixMilli(), now.Add(life).UnixMilli())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("account: making a token: %w", err)
	}
	return tokenPrefix + id + "_" + secret, nil
}

// ByToken returns the principal of a token; ok is false when the token is unknown, revoked or over, or
// its account closed. Roles that the account has lost since are not in it.
func (s *Service) ByToken(ctx context.Context, token string) (p Principal, ok bool, err error) {
	rest, found := strings.CutPrefix(token, tokenPrefix)
	id, secret, cut := strings.Cut(rest, "_")
	if !found || !cut || len(token) > 128 {
		return Principal{}, false, nil
	}
	var account, want, roles string
	var expires int64
	var revoked sql.NullInt64
	err = s.db.QueryRow(ctx, `SELECT account, digest, roles, expires_at, revoked_at FROM api_token WHERE id = $1`, id).
		Scan(&account, &want, &roles, &expires, &revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return Principal{}, false, nil
	}
	if err != nil {
		return Principal{}, false, fmt.Errorf("account: reading a token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(digest("token", id, secret)), []byte(want)) != 1 ||
		revoked.Valid || s.cfg.Now().UnixMilli() >= expires {
		return Principal{}, false, nil
	}
	a, _, err := s.find(ctx, "id", account)
	if errors.Is(err, ErrNoAccount) || a.Closed {
		return Principal{}, false, nil
	}
	if err != nil {
		return Principal{}, false, err
	}
	scope := splitRoles(roles)
	a.Roles = slices.DeleteFunc(a.Roles, func(r Role) bool { return !slices.Contains(scope, r) })
	return a.principal(ChannelAPI, "token:"+id), len(a.Roles) > 0, nil
}

// Tokens returns the tokens of an account, the latest first.
func (s *Service) Tokens(ctx context.Context, account string) ([]Token, error) {
	rows, err := s.db.Query(ctx, `SELECT id, name, roles, created_at, expires_at, revoked_at IS NOT NULL FROM api_token
		WHERE account = $1 ORDER BY created_at DESC, id LIMIT 100`, account)
	if err != nil {
		return nil, fmt.Errorf("account: listing tokens: %w", err)
	}
	defer rows.Close()
	var list []Token
	for rows.Next() {
		var t Token
		var roles string
		var created, expires int64
		if err := rows.Scan(&t.ID, &t.Name, &roles, &created, &expires, &t.Revoked); err != nil {
			return nil, fmt.Errorf("account: listing tokens: %w", err)
		}
		t.Roles, t.Created, t.Expires = splitRoles(roles), time.UnixMilli(created).UTC(), time.UnixMilli(expires).UTC()
		list = append(list, t)
	}
	return list, rows.Err()
}

// RevokeToken ends a token of the account at once.
func (s *Service) RevokeToken(ctx context.Context, account, id string) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE api_token SET revoked_at = $3 WHERE account = $1 AND id = $2 AND revoked_at IS NULL`,
			account, id, s.cfg.Now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("account: revoking a token: %w", err)
	}
	return nil
}
