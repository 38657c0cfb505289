package livecode

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// Longest is how long one showing may go on with new codes.
const Longest = 30 * time.Minute

// Showing is one going out with the code, from the click to its last scan.
type Showing struct {
	ID      string
	Subject credit.Key
	Begun   time.Time
	Ended   time.Time // when the subject stopped it, or its report ended; zero while it goes on
	Uses    int       // scans in all
	Used    int
	Fields  Fields
	Shown   Snapshot
}

// Left is how often it may be scanned yet.
func (s *Showing) Left() int { return s.Uses - s.Used }

// State is whether and why a showing is at its end.
type State string

// The states.
const (
	On      State = "on"      // 正在出示
	UsedUp  State = "used_up" // 已扫完
	Stopped State = "stopped" // 已停止
	Over    State = "over"    // 已过最长时间
)

// State tells how the showing stands at an instant.
func (s *Showing) State(now time.Time) State {
	switch {
	case s.Left() <= 0:
		return UsedUp
	case !s.Ended.IsZero():
		return Stopped
	case !now.Before(s.Begun.Add(Longest)):
		return Over
	}
	return On
}

// Code is a code as it is given to the subject, once.
type Code struct {
	Text  string
	Until time.Time // UTC
}

// Clock is until when the code lives, to the second in Shanghai.
func (c *Code) Clock() string { return c.Until.In(credit.Shanghai).Format("15:04:05") }

// Begin begins a showing of what was chosen of the day's report, with its first code. It is one entry in the subject's
// access log.
func (s *Service) Begin(ctx context.Context, key credit.Key, choice Choice, who audit.Actor) (*Showing, *Code, error) {
	uses, f := choice.Uses, choice.Fields
	if uses < 1 || uses > Most {
		return nil, nil, ErrUses
	}
	if !f.known() {
		return nil, nil, ErrFields
	}
	whole, err := s.c.Reports.Snapshot(ctx, key, choice, who)
	if err != nil {
		return nil, nil, err
	}
	now := s.c.Now()
	sh := &Showing{ID: rand.Text(), Subject: key, Begun: now.UTC(), Uses: uses, Fields: f, Shown: whole.Only(f)}
	body, err := json.Marshal(sh.Shown)
	if err != nil {
		return nil, nil, err
	}
	var c *Code
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO livecode_showing (subject, id, begun, ended, uses, used, fields, shown) VALUES ($1, $2, $3, 0, $4, 0, $5, $6)",
			string(key), sh.ID, now.UnixMilli(), int64(uses), string(f), string(body))
		if err == nil {
			c, err = sh.newCode(tx, now)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("livecode: beginning to show: %w", err)
	}
	return sh, c, nil
}

// newCode keeps a new code of the showing. It never outlives the showing.
func (s *Showing) newCode(tx *store.Tx, now time.Time) (*Code, error) {
	until := now.Add(Life)
	if last := s.Begun.Add(Longest); until.After(last) {
		until = last
	}
	c := &Code{newCode(), until.UTC()}
	_, err := tx.Exec("INSERT INTO livecode_code (id, subject, showing, until) VALUES ($1, $2, $3, $4)", digest(c.Text), string(s.Subject), s.ID, until.UnixMilli())
	return c, err
}

// Renew gives a showing that goes on another code for the scans that are left. A showing that is at its end is
// ErrStopped; one whose report is no longer in force ends by it.
func (s *Service) Renew(ctx context.Context, key credit.Key, id string) (*Showing, *Code, error) {
	sh, err := s.Showing(ctx, key, id)
	if err != nil {
		return nil, nil, err
	}
	now := s.c.Now()
	if sh.State(now) != On {
		return sh, nil, ErrStopped
	}
	holds, err := s.c.Reports.InForce(ctx, key, sh.Shown.Number)
	if err != nil {
		return nil, nil, err
	}
	if !holds {
		if err := s.End(ctx, key, id); err != nil {
			return nil, nil, err
		}
		sh.Ended = now.UTC()
		return sh, nil, ErrStopped
	}
	var c *Code
	err = s.db.Tx(ctx, func(tx *store.Tx) (err error) {
		c, err = sh.newCode(tx, now)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("livecode: renewing a code: %w", err)
	}
	return sh, c, nil
}

// End stops a showing: none of its codes can be scanned from then on. Stopping it again changes nothing.
func (s *Service) End(ctx context.Context, key credit.Key, id string) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE livecode_showing SET ended = $1 WHERE subject = $2 AND id = $3 AND ended = 0", s.c.Now().UnixMilli(), string(key), id)
		return err
	})
	if err != nil {
		return fmt.Errorf("livecode: stopping to show: %w", err)
	}
	return nil
}

// Showing reads a showing of a subject.
func (s *Service) Showing(ctx context.Context, key credit.Key, id string) (*Showing, error) {
	sh := &Showing{ID: id, Subject: key}
	var begun, ended, uses, used int64
	var body string
	err := s.db.QueryRow(ctx, "SELECT begun, ended, uses, used, fields, shown FROM livecode_showing WHERE subject = $1 AND id = $2", string(key), id).
		Scan(&begun, &ended, &uses, &used, &sh.Fields, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrShowing
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &sh.Shown)
	}
	if err != nil {
		return nil, fmt.Errorf("livecode: reading a showing: %w", err)
	}
	sh.Begun, sh.Uses, sh.Used = time.UnixMilli(begun).UTC(), int(uses), int(used)
	if ended != 0 {
		sh.Ended = time.UnixMilli(ended).UTC()
	}
	return sh, nil
}
