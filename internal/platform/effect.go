package platform

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// Effect is what platforms are told about a matter: its whole present state.
type Effect struct {
	Subject   credit.Key      `json:"subject"`
	Matter    credit.MatterID `json:"-"`
	Version   int64           `json:"version"` // of the effect, from 1; a newer takes the place of an older
	End       bool            `json:"end"`     // shown no more; false: shown again, after a revocation
	Sector    string          `json:"sector"`
	DocNo     string          `json:"doc_no"`
	Name      string          `json:"name"`
	Authority string          `json:"authority"`
	Case      string          `json:"case"`
	Decided   credit.Date     `json:"decided"`
	Reason    string          `json:"reason"`
	// Only lists by ID the only platforms that are told; empty for all that show matters of the sector.
	Only []string `json:"-"`
}

// Push is the body of a request to a platform.
type Push struct {
	Effect
	Key    string `json:"key"` // of the attempt
	Code   string `json:"code"`
	ID     string `json:"matter"`
	Manner Manner `json:"manner"`
	Origin string `json:"origin"` // of whom the effect is
}

// Receipt is a platform's answer to a [Push].
type Receipt struct {
	Key      string `json:"key"`
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason,omitempty"`
}

// ErrVersion says that an effect has no version that can be told.
var ErrVersion = errors.New("platform: the version of an effect must be from 1 to 2^43")

// roundBits is how much of a message's version counts the rounds in which one effect was sent.
const roundBits = 20

func messageVersion(x *Shown) int64 { return x.Version<<roundBits | min(x.Round, 1<<roundBits-1) }

// Tell writes in the caller's transaction, for each platform that shows matters of the effect's sector, how the matter
// stands there and the message that tells it. One that is not newer than what is there changes nothing. Call
// [outbox.Outbox.Wake] after it has committed.
func (s *Service) Tell(tx *store.Tx, e Effect) error {
	if e.Version < 1 || e.Version >= 1<<(63-roundBits) {
		return ErrVersion
	}
	targets, err := s.scanTargets(tx.Query("SELECT " + targetColumns + " FROM platform_target ORDER BY id"))
	if err != nil {
		return err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	days, err := s.days(tx, syncDays)
	if err != nil {
		return err
	}
	due := s.c.Calendar.Add(s.today(), days)
	ev := event{what: told, version: e.Version, ended: e.End, at: s.now(), due: due.Date, provisional: due.Provisional, text: string(body)}
	for i := range targets {
		if t := &targets[i]; t.shows(e.Sector) && wanted(e.Only, t.ID) {
			if err := s.tellOne(tx, t, &e, ev); err != nil {
				return fmt.Errorf("platform: telling %s: %w", t.ID, err)
			}
		}
	}
	return nil
}

func wanted(only []string, id string) bool {
	for _, x := range only {
		if x == id {
			return true
		}
	}
	return len(only) == 0
}

func (s *Service) tellOne(tx *store.Tx, t *Target, e *Effect, ev event) error {
	x, err := scanShown(tx.QueryRow("SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 AND target = $3", string(e.Subject), e.Matter.String(), t.ID))
	if errors.Is(err, ErrNotShown) {
		x, err = Shown{Subject: e.Subject, Matter: e.Matter.String(), Target: t.ID}, nil
	}
	if err != nil {
		return err
	}
	x, changed := next(x, ev)
	if !changed {
		return nil
	}
	if err := keep(tx, &x); err != nil {
		return err
	}
	return s.send(tx, &x)
}

// send writes the message that tells a platform.
func (s *Service) send(tx *store.Tx, x *Shown) error {
	return s.c.Outbox.Put(tx, outbox.Message{Subject: x.Subject, Target: Scheme + ":" + x.Target, Topic: x.Matter, Version: messageVersion(x), Body: x.body})
}

const shownColumns = "subject, matter, target, version, ended, state, since, due, provisional, confirmed, checked, round, tries, reason, letter, body"

func scanShown(row interface{ Scan(...any) error }) (x Shown, err error) {
	var ended, provisional int64
	err = row.Scan(&x.Subject, &x.Matter, &x.Target, &x.Version, &ended, &x.State, &x.Since, &x.Due, &provisional, &x.Confirmed, &x.Checked, &x.Round, &x.Tries, &x.Reason, &x.Letter, &x.body)
	if errors.Is(err, sql.ErrNoRows) {
		return x, ErrNotShown
	}
	x.Ended, x.Provisional = ended != 0, provisional != 0
	if err != nil {
		return x, fmt.Errorf("platform: reading how a matter stands: %w", err)
	}
	return x, nil
}

func listShown(rows *sql.Rows, err error) (all []Shown, _ error) {
	if err != nil {
		return nil, fmt.Errorf("platform: listing how matters stand: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		x, err := scanShown(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

// keep writes how a matter stands.
func keep(tx *store.Tx, x *Shown) error {
	_, err := tx.Exec(`INSERT INTO platform_shown (subject, matter, target, version, ended, state, since, due, provisional, confirmed, checked, round, tries, reason, letter, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (subject, matter, target) DO UPDATE SET version = excluded.version, ended = excluded.ended, state = excluded.state, since = excluded.since,
			due = excluded.due, provisional = excluded.provisional, confirmed = excluded.confirmed, checked = excluded.checked, round = excluded.round,
			tries = excluded.tries, reason = excluded.reason, letter = excluded.letter, body = excluded.body`,
		string(x.Subject), x.Matter, x.Target, x.Version, number(x.Ended), string(x.State), x.Since, int64(x.Due), number(x.Provisional), x.Confirmed, x.Checked,
		x.Round, x.Tries, x.Reason, x.Letter, x.body)
	if err != nil {
		return fmt.Errorf("platform: writing how a matter stands: %w", err)
	}
	return nil
}
