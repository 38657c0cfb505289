package casework

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Person is who handles cases for an organ.
type Person struct{ ID, Name, Organ string }

// StandIn is a person who does another's work during leave (代办), both of one organ.
type StandIn struct {
	ID          string // given by NameStandIn
	Person      Person // on leave
	Other       Person // does the work
	First, Last credit.Date
	Ended       credit.Date // the day on which it was cut short, 0 when it was not
}

// Errors of standing in.
var (
	ErrOrgan     = errors.New("代办人须是同一单位的另一人")
	ErrSpan      = errors.New("代办期间不正确：结束日期不能早于开始日期，也不能早于今天")
	ErrNoStandIn = errors.New("没有这项代办，或者已经结束")
)

// NameStandIn notes in the caller's transaction who stands in for a person, and who named them; the row is kept for good. The caller
// makes sure that both belong to the organs given.
func (s *Service) NameStandIn(tx *store.Tx, n *StandIn, by By) error {
	if n.Person.ID == n.Other.ID || n.Person.ID == "" || n.Other.ID == "" || n.Person.Organ != n.Other.Organ {
		return ErrOrgan
	}
	if n.Last < n.First || n.Last < s.today() {
		return ErrSpan
	}
	n.ID, n.Ended = newID(s.now()), 0
	_, err := tx.Exec(`INSERT INTO case_stand_in (person, id, person_name, other, other_name, organ, first, last, at, actor, ended, ended_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '')`, n.Person.ID, n.ID, n.Person.Name, n.Other.ID, n.Other.Name, n.Person.Organ,
		int64(n.First), int64(n.Last), s.now().UnixMilli(), by.ID)
	if err != nil {
		return fmt.Errorf("casework: naming a stand-in: %w", err)
	}
	return nil
}

// EndStandIn cuts a stand-in short: from now on it is none.
func (s *Service) EndStandIn(tx *store.Tx, person, id string, by By) error {
	n, err := tx.Exec("UPDATE case_stand_in SET ended = $1, ended_by = $2 WHERE person = $3 AND id = $4 AND ended = 0",
		int64(s.today()), by.ID, person, id)
	if err != nil {
		return fmt.Errorf("casework: ending a stand-in: %w", err)
	}
	if n == 0 {
		return ErrNoStandIn
	}
	return nil
}

// As is how what other does for person is signed: by other, marked 代. It is read in the transaction of the work, so
// that a stand-in that was cut short signs nothing; without one today it is [ErrNoStandIn].
func (s *Service) As(tx *store.Tx, other By, person string) (By, error) {
	var name string
	err := tx.QueryRow(`SELECT person_name FROM case_stand_in WHERE person = $1 AND other = $2 AND ended = 0 AND first <= $3 AND last >= $3
		ORDER BY id LIMIT 1`, person, other.ID, int64(s.today())).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return By{}, ErrNoStandIn
	}
	if err != nil {
		return By{}, fmt.Errorf("casework: looking up a stand-in: %w", err)
	}
	return By{other.ID, other.Name + "（代" + name + "）"}, nil
}

const standInColumns = "person, id, person_name, other, other_name, organ, first, last, ended"

// StandInsOf lists who stands or stood in for a person, newest first.
func (s *Service) StandInsOf(ctx context.Context, person string, limit int) ([]StandIn, error) {
	return scanStandIns(s.db.Query(ctx, "SELECT "+standInColumns+" FROM case_stand_in WHERE person = $1 ORDER BY id DESC LIMIT $2", person, int64(limit)))
}

// StandingInFor lists for whom a person stands in today.
func (s *Service) StandingInFor(ctx context.Context, other string) ([]StandIn, error) {
	return scanStandIns(s.db.Query(ctx, "SELECT "+standInColumns+` FROM case_stand_in WHERE other = $1 AND last >= $2 AND first <= $2 AND ended = 0
		ORDER BY last, person, id`, other, int64(s.today())))
}

func scanStandIns(rows *sql.Rows, err error) ([]StandIn, error) {
	if err != nil {
		return nil, fmt.Errorf("casework: listing stand-ins: %w", err)
	}
	defer rows.Close()
	var all []StandIn
	for rows.Next() {
		var n StandIn
		var first, last, ended int64
		if err := rows.Scan(&n.Person.ID, &n.ID, &n.Person.Name, &n.Other.ID, &n.Other.Name, &n.Person.Organ, &first, &last, &ended); err != nil {
			return nil, fmt.Errorf("casework: listing stand-ins: %w", err)
		}
		n.Other.Organ, n.First, n.Last, n.Ended = n.Person.Organ, credit.Date(first), credit.Date(last), credit.Date(ended)
		all = append(all, n)
	}
	return all, rows.Err()
}
