package audit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

//go:embed migrations
var migrations embed.FS

// Migrate makes the table of the access log.
func Migrate(ctx context.Context, db *store.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "audit", files)
}

// Action is what was done.
type Action string

// The actions.
const (
	View     Action = "view"     // 查看
	Search   Action = "search"   // 检索
	Issue    Action = "issue"    // 开具
	Download Action = "download" // 下载
	Verify   Action = "verify"   // 核验
	Amend    Action = "amend"    // 更正、撤回
	Allow    Action = "allow"    // 授权、撤回授权
)

// Actor is who acted. account.Principal.Actor returns a value that converts to it.
type Actor struct {
	ID      string // account, empty for anybody
	Name    string // as shown to the subject
	Role    string
	Organ   string // the organ acted for, empty when none
	Channel string // one of Channels
}

// LogItself stands for the subject where somebody read the log without asking for one.
const LogItself credit.Key = "audit:log"

// Entry is one access.
type Entry struct {
	Subject  credit.Key
	At       time.Time
	ID       string // given by Record
	Actor    Actor
	Action   Action
	Purpose  string // purpose chosen, such as 招投标; empty when none was asked
	Document string // number of the document issued or read, empty when none
}

// ErrIncomplete says that an entry lacks its subject, instant or action.
var ErrIncomplete = errors.New("audit: an entry needs a subject, an instant and an action")

// ErrIdentityNumber says that an entry carries what looks like an identity number.
var ErrIdentityNumber = errors.New("audit: an entry must not carry an identity number")

// Record appends an entry in the caller's transaction.
func Record(tx *store.Tx, e Entry) error {
	if e.Subject == "" || e.At.IsZero() || e.Action == "" {
		return ErrIncomplete
	}
	for i, s := range []string{string(e.Subject), e.Actor.Organ, e.Actor.ID, e.Actor.Name, e.Purpose} {
		if problem.HasIdentityNumber(s) && !(i < 2 && organisation(s)) {
			return ErrIdentityNumber
		}
	}
	_, err := tx.Exec(`INSERT INTO access_log (subject, at, id, actor, name, role, organ, channel, action, purpose, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		string(e.Subject), e.At.UnixMilli(), rand.Text(), e.Actor.ID, e.Actor.Name, e.Actor.Role, e.Actor.Organ,
		e.Actor.Channel, string(e.Action), e.Purpose, e.Document)
	if err != nil {
		return fmt.Errorf("audit: recording %s of %s: %w", e.Action, e.Subject, err)
	}
	return nil
}

// organisation tells whether s is an organisation's number that happens to look like a person's:
// a code in all digits, or a registration number of 15 digits, which always carries its prefix.
func organisation(s string) bool {
	k := credit.Key(s)
	return k.Scheme() != "" && !k.Person() || credit.CheckUSCC(s).Verdict == credit.Valid
}

// Cursor is where a page of entries ended; the zero value starts at the newest.
type Cursor struct {
	at int64
	id string
}

// String is the cursor as it stands in a link.
func (c Cursor) String() string {
	if c.id == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.at, 36) + "." + c.id))
}

// ParseCursor reads what Cursor.String wrote; empty text is the zero cursor.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	at, id, ok := strings.Cut(string(text), ".")
	n, nerr := strconv.ParseInt(at, 36, 64)
	if err != nil || !ok || nerr != nil || id == "" {
		return Cursor{}, fmt.Errorf("audit: %q is not a cursor", s)
	}
	return Cursor{n, id}, nil
}

const entryColumns = "subject, at, id, actor, name, role, organ, channel, action, purpose, document"

// BySubject returns up to limit entries of a subject after the cursor, newest first, and the cursor of
// the next page, zero when there is none.
func BySubject(ctx context.Context, db *store.DB, subject credit.Key, after Cursor, limit int) ([]Entry, Cursor, error) {
	after = after.orNewest(math.MaxInt64)
	return entries(limit)(db.Query(ctx, `SELECT `+entryColumns+` FROM access_log
		WHERE subject = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4`, string(subject), after.at, after.id, limit+1))
}

// ByActor is BySubject for what an account did.
func ByActor(ctx context.Context, db *store.DB, actor string, after Cursor, limit int) ([]Entry, Cursor, error) {
	after = after.orNewest(math.MaxInt64)
	return entries(limit)(db.Query(ctx, `SELECT `+entryColumns+` FROM access_log
		WHERE actor = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4`, actor, after.at, after.id, limit+1))
}

// ByDay is BySubject for everything of a day in Shanghai.
func ByDay(ctx context.Context, db *store.DB, day credit.Date, after Cursor, limit int) ([]Entry, Cursor, error) {
	after = after.orNewest(day.AddDays(1).Time().UnixMilli())
	return entries(limit)(db.Query(ctx, `SELECT `+entryColumns+` FROM access_log
		WHERE at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4`, day.Time().UnixMilli(), after.at, after.id, limit+1))
}

// orNewest is the cursor, or for the zero cursor one before all entries that are older than an instant (UTC ms).
func (c Cursor) orNewest(before int64) Cursor {
	if c.id == "" {
		return Cursor{at: before}
	}
	return c
}

// entries reads the rows of a page and one more, which tells that there is a next page.
func entries(limit int) func(*sql.Rows, error) ([]Entry, Cursor, error) {
	return func(rows *sql.Rows, err error) ([]Entry, Cursor, error) {
		if err != nil {
			return nil, Cursor{}, fmt.Errorf("audit: reading the log: %w", err)
		}
		defer rows.Close()
		var list []Entry
		for rows.Next() {
			var e Entry
			var at int64
			if err := rows.Scan(&e.Subject, &at, &e.ID, &e.Actor.ID, &e.Actor.Name, &e.Actor.Role, &e.Actor.Organ, &e.Actor.Channel,
				&e.Action, &e.Purpose, &e.Document); err != nil {
				return nil, Cursor{}, fmt.Errorf("audit: reading the log: %w", err)
			}
			e.At = time.UnixMilli(at).UTC()
			list = append(list, e)
		}
		if err := rows.Err(); err != nil {
			return nil, Cursor{}, fmt.Errorf("audit: reading the log: %w", err)
		}
		if len(list) <= limit {
			return list, Cursor{}, nil
		}
		last := list[limit-1]
		return list[:limit], Cursor{last.At.UnixMilli(), last.ID}, nil
	}
}
