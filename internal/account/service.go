package account

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Config says how accounts work. Only Key is required.
type Config struct {
	Key      []byte           // at least 32 random bytes; TOTP secrets are encrypted under it
	Issuer   string           // name in authenticators; empty is Xinban
	Hashing  Hashing          // cost of a password
	AtOnce   int              // passwords hashed at once; 0 is one per processor
	Failures int              // failures before the first lock; 0 is 5
	Lock     time.Duration    // first lock, doubled by each further failure; 0 is one minute
	MaxLock  time.Duration    // longest lock; 0 is one hour
	Idle     time.Duration    // session without requests; 0 is 30 minutes; a kiosk's session has no such end
	Absolute time.Duration    // session at most; 0 is 12 hours
	Now      func() time.Time // nil is time.Now
	Log      *slog.Logger     // nil is slog.Default
}

func (c Config) orDefault() Config {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&c.Lock, time.Minute)
	set(&c.MaxLock, time.Hour)
	set(&c.Idle, 30*time.Minute)
	set(&c.Absolute, 12*time.Hour)
	if c.Issuer == "" {
		c.Issuer = "Xinban"
	}
	if c.AtOnce == 0 {
		c.AtOnce = runtime.GOMAXPROCS(0)
	}
	if c.Failures == 0 {
		c.Failures = 5
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// Service keeps accounts, sessions and tokens. It is safe for concurrent use.
type Service struct {
	db     *store.DB
	cfg    Config
	hash   *hasher
	sealer *sealer
	byIP   *throttle
}

// New returns the service over a store whose tables Migrate has made.
func New(db *store.DB, cfg Config) (*Service, error) {
	cfg = cfg.orDefault()
	s, err := newSealer(cfg.Key)
	if err != nil {
		return nil, err
	}
	return &Service{db: db, cfg: cfg, hash: newHasher(cfg.Hashing, cfg.AtOnce), sealer: s,
		byIP: newThrottle(20, 10*time.Minute)}, nil
}

// Migrate makes the tables of accounts.
func Migrate(ctx context.Context, db *store.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "account", files)
}

// Account is a person's account (账号).
type Account struct {
	ID       string // given by Create
	Login    string // 3 to 40 characters, compared in lower case
	Name     string
	Roles    []Role
	Organ    string // for a clerk: code of the organ
	OrganOf  string // its name
	Region   string // digits with which the areas it reaches begin, such as 3702; empty: the whole store
	Subjects []credit.Key
	TOTP     bool // a second factor is set up
	Closed   bool
}

// ErrLoginTaken says that the login name is another account's.
var ErrLoginTaken = errors.New("登录名已被使用，请换一个")

// ErrNoAccount says that there is no such account.
var ErrNoAccount = errors.New("没有这个账号，请用 xinban admin list 查看")

// Create adds an account and returns its identifier.
func (s *Service) Create(ctx context.Context, a Account, password string) (string, error) {
	a.Login = normalLogin(a.Login)
	if err := a.check(); err != nil {
		return "", err
	}
	if err := CheckPassword(a.Login, password); err != nil {
		return "", err
	}
	encoded, err := s.hash.hash(ctx, password)
	if err != nil {
		return "", err
	}
	id, now := rand.Text(), s.cfg.Now().UnixMilli()
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`INSERT INTO account (id, login, name, roles, organ, organ_name, region, password, changed_at, totp_step, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $9) ON CONFLICT (login) DO NOTHING`,
			id, a.Login, a.Name, joinRoles(a.Roles), a.Organ, a.OrganOf, a.Region, encoded, now)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrLoginTaken
		}
		return bind(tx, id, a.Subjects)
	})
	if err != nil {
		return "", fmt.Errorf("无法建立账号“%s”：%w", a.Login, err)
	}
	return id, nil
}

func bind(tx *store.Tx, id string, subjects []credit.Key) error {
	for _, k := range subjects {
		if _, err := tx.Exec(`INSERT INTO account_subject (account, subject) VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, string(k)); err != nil {
			return err
		}
	}
	return nil
}

// Unbind ends that the account acts for a subject. It returns false when it did not.
func (s *Service) Unbind(ctx context.Context, id string, subject credit.Key) (was bool, err error) {
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`DELETE FROM account_subject WHERE account = $1 AND subject = $2`, id, string(subject))
		was = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("account: unbinding a subject from %s: %w", id, err)
	}
	return was, nil
}

// Bind lets the account act for more subjects.
func (s *Service) Bind(ctx context.Context, id string, subjects ...credit.Key) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error { return bind(tx, id, subjects) })
	if err != nil {
		return fmt.Errorf("account: binding subjects to %s: %w", id, err)
	}
	return nil
}

func (a Account) check() error {
	if n := len(a.Login); n < 3 || n > 40 {
		return fmt.Errorf("登录名“%s”应有3到40个字符", a.Login)
	}
	for _, c := range a.Login {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.@", c) {
			return fmt.Errorf("登录名“%s”中有“%c”：只能用小写字母、数字和 -_.@", a.Login, c)
		}
	}
	if problem.HasIdentityNumber(a.Login) {
		return errors.New("登录名不能是身份证号")
	}
	if len(a.Roles) == 0 {
		return fmt.Errorf("账号“%s”没有角色", a.Login)
	}
	for _, r := range a.Roles {
		if r == Public || !slices.Contains(Roles(), r) {
			return fmt.Errorf("没有“%s”这一角色，可用：enterprise（企业用户）、clerk（部门经办人）、centre（信用中心）、operator（系统运维）、auditor（审计）", r)
		}
	}
	if slices.Contains(a.Roles, Clerk) && a.Organ == "" {
		return fmt.Errorf("部门经办人“%s”要有所属部门，请用 --organ 指明部门代码", a.Login)
	}
	return a.checkRegion()
}

var regionDigits = regexp.MustCompile(`^[0-9]{2,12}$`)

func (a Account) checkRegion() error {
	switch {
	case a.Region == "":
	case !regionDigits.MatchString(a.Region):
		return fmt.Errorf("管辖区域“%s”应为行政区划代码的前若干位数字，如3702", a.Region)
	case slices.Contains(a.Roles, Enterprise):
		return errors.New("企业账号按所代办的主体授权，不设管辖区域")
	}
	return nil
}

// ByLogin returns the account of a login name, ErrNoAccount when there is none.
func (s *Service) ByLogin(ctx context.Context, login string) (Account, error) {
	a, _, err := s.find(ctx, "login", normalLogin(login))
	return a, err
}

// ByID returns an account by its identifier, ErrNoAccount when there is none.
func (s *Service) ByID(ctx context.Context, id string) (Account, error) {
	a, _, err := s.find(ctx, "id", id)
	return a, err
}

// secrets are the parts of an account that never leave this package.
type secrets struct {
	password string
	totp     []byte // sealed, nil without a second factor
	step     int64
}

const accountColumns = `id, login, name, roles, organ, organ_name, region, password, totp, totp_step, closed_at`

func (s *Service) find(ctx context.Context, column, value string) (Account, secrets, error) {
	query := `SELECT ` + accountColumns + ` FROM account WHERE id = $1`
	if column == "login" {
		query = `SELECT ` + accountColumns + ` FROM account WHERE login = $1`
	}
	var a Account
	var sec secrets
	var roles string
	var closed sql.NullInt64
	err := s.db.QueryRow(ctx, query, value).Scan(&a.ID, &a.Login, &a.Name, &roles, &a.Organ, &a.OrganOf, &a.Region,
		&sec.password, &sec.totp, &sec.step, &closed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Account{}, secrets{}, ErrNoAccount
	case err != nil:
		return Account{}, secrets{}, fmt.Errorf("account: reading by %s: %w", column, err)
	}
	a.Roles, a.Closed, a.TOTP = splitRoles(roles), closed.Valid, len(sec.totp) > 0
	a.Subjects, err = s.subjects(ctx, a.ID)
	return a, sec, err
}

func (s *Service) subjects(ctx context.Context, id string) ([]credit.Key, error) {
	rows, err := s.db.Query(ctx, `SELECT subject FROM account_subject WHERE account = $1 ORDER BY subject LIMIT 1000`, id)
	if err != nil {
		return nil, fmt.Errorf("account: reading the subjects of %s: %w", id, err)
	}
	defer rows.Close()
	var keys []credit.Key
	for rows.Next() {
		var k credit.Key
		if err := rows.Scan(&k); err != nil {
			return nil, fmt.Errorf("account: reading the subjects of %s: %w", id, err)
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}

// mostBound is how many accounts of one subject are looked at.
const mostBound = 200

// BoundTo lists the open accounts that act for a subject, without what else they act for.
func (s *Service) BoundTo(ctx context.Context, subject credit.Key) ([]Account, error) {
	rows, err := s.db.Query(ctx, `SELECT a.id, a.login, a.name, a.roles FROM account_subject b JOIN account a ON a.id = b.account
		WHERE b.subject = $1 AND a.closed_at IS NULL ORDER BY b.account LIMIT $2`, string(subject), int64(mostBound))
	if err != nil {
		return nil, fmt.Errorf("account: listing those of a subject: %w", err)
	}
	defer rows.Close()
	var all []Account
	for rows.Next() {
		var a Account
		var roles string
		if err := rows.Scan(&a.ID, &a.Login, &a.Name, &roles); err != nil {
			return nil, fmt.Errorf("account: listing those of a subject: %w", err)
		}
		a.Roles = splitRoles(roles)
		all = append(all, a)
	}
	return all, rows.Err()
}

// List returns up to limit accounts whose login comes after the given one.
func (s *Service) List(ctx context.Context, after string, limit int) ([]Account, error) {
	rows, err := s.db.Query(ctx, `SELECT id, login, name, roles, organ, organ_name, region, totp IS NOT NULL, closed_at IS NOT NULL
		FROM account WHERE login > $1 ORDER BY login LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("account: listing: %w", err)
	}
	defer rows.Close()
	var list []Account
	for rows.Next() {
		var a Account
		var roles string
		if err := rows.Scan(&a.ID, &a.Login, &a.Name, &roles, &a.Organ, &a.OrganOf, &a.Region, &a.TOTP, &a.Closed); err != nil {
			return nil, fmt.Errorf("account: listing: %w", err)
		}
		a.Roles = splitRoles(roles)
		list = append(list, a)
	}
	return list, rows.Err()
}

// Close closes the account (停用): its sessions end, its tokens stop, it cannot sign in. It is never deleted,
// because the access log names it.
func (s *Service) Close(ctx context.Context, id string) error {
	now := s.cfg.Now().UnixMilli()
	return s.change(ctx, id, "closing", func(tx *store.Tx) (int64, error) {
		n, err := tx.Exec(`UPDATE account SET closed_at = $2 WHERE id = $1`, id, now)
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec(`DELETE FROM session WHERE account = $1`, id); err != nil {
			return 0, err
		}
		_, err = tx.Exec(`UPDATE api_token SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL`, id, now)
		return n, err
	})
}

// Reopen undoes Close. Sessions and tokens stay gone.
func (s *Service) Reopen(ctx context.Context, id string) error {
	return s.change(ctx, id, "reopening", func(tx *store.Tx) (int64, error) {
		return tx.Exec(`UPDATE account SET closed_at = NULL WHERE id = $1`, id)
	})
}

// change runs an update of one account and returns ErrNoAccount when no row changed.
func (s *Service) change(ctx context.Context, id, doing string, fn func(*store.Tx) (int64, error)) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := fn(tx)
		if err == nil && n == 0 {
			err = ErrNoAccount
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("account: %s %s: %w", doing, id, err)
	}
	return nil
}

func (a Account) principal(channel, session string) Principal {
	return Principal{ID: a.ID, Login: a.Login, Name: a.Name, Roles: a.Roles, Organ: a.Organ, OrganOf: a.OrganOf, Region: a.Region,
		Subjects: a.Subjects, Channel: channel, Session: session}
}

func normalLogin(s string) string { return strings.ToLower(credit.NormalText(s)) }

func joinRoles(roles []Role) string {
	text := make([]string, len(roles))
	for i, r := range roles {
		text[i] = string(r)
	}
	return strings.Join(text, ",")
}

func splitRoles(s string) []Role {
	var roles []Role
	for r := range strings.SplitSeq(s, ",") {
		roles = append(roles, Role(r))
	}
	return roles
}

// errSignInFailed is the one answer to a wrong name and a wrong password.
func errSignInFailed() *problem.Error {
	return problem.New(http.StatusUnprocessableEntity, "sign-in-failed")
}
