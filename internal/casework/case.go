package casework

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/workday"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Case is a case as it stands.
type Case struct {
	Subject credit.Key
	ID      string // its number
	Kind    string
	State   State
	Version int64
	Desk    string          // who has to act, such as "organ:CODE" or "centre"; empty for nobody
	Title   string          // one line for lists
	Data    json.RawMessage // the capability's own
	Opened  int64           // UTC ms
	Changed int64           // UTC ms
	Closed  int64           // UTC ms, 0 while open
	Due     credit.Date     // its nearest deadline that runs, 0 for none; provisional ones count
	Paused  credit.Date     // the day since which its clock stands still, 0 while it runs
	Waiting int64           // how many words of other desks it waits for
	Urged   credit.Date     // when its applicant last urged, 0 for never
}

// By is who changed a case. account.Actor gives both.
type By struct{ ID, Name string }

// Step is one entry of a case's history.
type Step struct {
	Version int64
	At      int64 // UTC ms
	Move    string
	State   State
	By      By
	Note    string
}

// Errors of changing a case.
var (
	ErrNoCase = errors.New("没有这个办件：请核对办件编号")
	ErrMoved  = errors.New("该办件刚刚被他人处理，请刷新后再操作")
	ErrMove   = errors.New("该办件当前的状态不允许这一操作")
	ErrReason = errors.New("请填写理由后再提交")
)

// Service keeps the cases of all capabilities. It is safe for concurrent use.
type Service struct {
	db       *store.DB
	now      func() time.Time
	machines map[string]*Machine
	calendar Calendar
	stages   map[string][]Stage
}

// New brings the tables up to date and takes up the machines, each checked.
func New(ctx context.Context, db *store.DB, now func() time.Time, machines ...*Machine) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, "casework", files); err != nil {
		return nil, err
	}
	s := &Service{db: db, now: now, machines: map[string]*Machine{}, calendar: workday.Default(), stages: map[string][]Stage{}}
	for _, m := range machines {
		if err := m.Check(); err != nil {
			return nil, err
		}
		if s.machines[m.Kind] != nil {
			return nil, fmt.Errorf("casework: two machines of kind %s", m.Kind)
		}
		s.machines[m.Kind] = m
	}
	return s, nil
}

// newID is the instant to the millisecond and random letters: later numbers sort after earlier, and nobody can tell how
// many cases there are.
func newID(now time.Time) string {
	return strings.Replace(now.In(credit.Shanghai).Format("20060102150405.000"), ".", "", 1) + rand.Text()[:8]
}

// Open begins a case in the caller's transaction; ID, state, version and instants are given to it.
func (s *Service) Open(tx *store.Tx, c *Case, by By, note string) error {
	m := s.machines[c.Kind]
	if m == nil {
		return fmt.Errorf("casework: no machine of kind %q", c.Kind)
	}
	now := s.now()
	c.ID, c.State, c.Version, c.Opened, c.Changed, c.Closed = newID(now), m.Start, 1, now.UnixMilli(), now.UnixMilli(), 0
	c.Due, c.Paused, c.Waiting, c.Urged = 0, 0, 0, 0
	if c.Data == nil {
		c.Data = json.RawMessage("{}")
	}
	_, err := tx.Exec(`INSERT INTO case_file (subject, id, kind, state, version, desk, title, data, opened, changed, closed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
		string(c.Subject), c.ID, c.Kind, string(c.State), c.Version, c.Desk, c.Title, string(c.Data), c.Opened, c.Changed)
	if err == nil {
		_, err = tx.Exec("INSERT INTO case_number (id, subject) VALUES ($1, $2)", c.ID, string(c.Subject))
	}
	if err == nil {
		err = step(tx, c, "open", by, note)
	}
	if err != nil {
		return fmt.Errorf("casework: opening a case: %w", err)
	}
	return nil
}

func step(tx *store.Tx, c *Case, move string, by By, note string) error {
	_, err := tx.Exec("INSERT INTO case_step (subject, id, version, at, move, state, actor, name, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		string(c.Subject), c.ID, c.Version, c.Changed, move, string(c.State), by.ID, by.Name, note)
	return err
}

// Get returns a subject's case.
func (s *Service) Get(ctx context.Context, subject credit.Key, id string) (Case, error) {
	c, err := scanCase(s.db.QueryRow(ctx, "SELECT "+caseColumns+" FROM case_file WHERE subject = $1 AND id = $2", string(subject), id))
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNoCase
	}
	if err != nil {
		return c, fmt.Errorf("casework: reading a case: %w", err)
	}
	return c, nil
}

// Find returns the case of a number.
func (s *Service) Find(ctx context.Context, id string) (Case, error) {
	var subject credit.Key
	err := s.db.QueryRow(ctx, "SELECT subject FROM case_number WHERE id = $1", id).Scan(&subject)
	if errors.Is(err, sql.ErrNoRows) {
		return Case{}, ErrNoCase
	}
	if err != nil {
		return Case{}, fmt.Errorf("casework: looking up a case: %w", err)
	}
	return s.Get(ctx, subject, id)
}

func scanCases(rows *sql.Rows, err error) ([]Case, error) {
	if err != nil {
		return nil, fmt.Errorf("casework: listing cases: %w", err)
	}
	defer rows.Close()
	var all []Case
	for rows.Next() {
		c, err := scanCase(rows)
		if err != nil {
			return nil, fmt.Errorf("casework: listing cases: %w", err)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// OfSubject lists a subject's cases of a kind, newest first, before the given number (empty: from the newest).
func (s *Service) OfSubject(ctx context.Context, subject credit.Key, kind, before string, limit int) ([]Case, error) {
	if before == "" {
		before = "~" // after every number
	}
	return scanCases(s.db.Query(ctx, "SELECT "+caseColumns+" FROM case_file WHERE subject = $1 AND id < $2 AND kind = $3 ORDER BY id DESC LIMIT $4",
		string(subject), before, kind, int64(limit)))
}

// AtDesk lists the open cases that wait at a desk, oldest first, after the given case (nil: from the oldest).
func (s *Service) AtDesk(ctx context.Context, desk string, after *Case, limit int) ([]Case, error) {
	a := Case{}
	if after != nil {
		a = *after
	}
	return scanCases(s.db.Query(ctx, "SELECT "+caseColumns+` FROM case_file WHERE desk = $1 AND closed = 0 AND (opened, subject, id) > ($2, $3, $4)
		ORDER BY opened, subject, id LIMIT $5`, desk, a.Opened, string(a.Subject), a.ID, int64(limit)))
}

// OfKindAtDesk is [Service.AtDesk] for the cases of one kind: the desk of a body holds those of several.
func (s *Service) OfKindAtDesk(ctx context.Context, desk, kind string, after *Case, limit int) ([]Case, error) {
	a := Case{}
	if after != nil {
		a = *after
	}
	return scanCases(s.db.Query(ctx, "SELECT "+caseColumns+` FROM case_file WHERE desk = $1 AND kind = $2 AND closed = 0 AND (opened, subject, id) > ($3, $4, $5)
		ORDER BY opened, subject, id LIMIT $6`, desk, kind, a.Opened, string(a.Subject), a.ID, int64(limit)))
}

// Steps returns the history of a case, oldest first.
func (s *Service) Steps(ctx context.Context, c *Case) ([]Step, error) {
	rows, err := s.db.Query(ctx, "SELECT version, at, move, state, actor, name, note FROM case_step WHERE subject = $1 AND id = $2 ORDER BY version",
		string(c.Subject), c.ID)
	if err != nil {
		return nil, fmt.Errorf("casework: reading the history of a case: %w", err)
	}
	defer rows.Close()
	var all []Step
	for rows.Next() {
		var p Step
		if err := rows.Scan(&p.Version, &p.At, &p.Move, &p.State, &p.By.ID, &p.By.Name, &p.Note); err != nil {
			return nil, fmt.Errorf("casework: reading the history of a case: %w", err)
		}
		all = append(all, p)
	}
	return all, rows.Err()
}
