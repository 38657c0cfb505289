package hall

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

const visitColumns = "subject, id, place, clerk, clerk_name, begun, ended, state, person, purpose, grant_id, method, proof, document"

func newID() string { return strings.ToLower(rand.Text()[:20]) }

// digest is how secrets are kept and looked up.
func digest(purpose, secret string) string {
	sum := sha256.Sum256([]byte("xinban hall " + purpose + "\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// insert adds a visit and its line in the day's list.
func (s *Service) insert(tx *store.Tx, v *Visit) error {
	person, err := s.seal(v.Person)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO hall_visit ("+visitColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
		string(v.Subject), v.ID, string(v.Place), v.Clerk, v.ClerkName, v.Begun, v.Ended, string(v.State), person, v.Purpose, v.Grant, string(v.Method), v.Proof, v.Document)
	if err == nil {
		_, err = tx.Exec("INSERT INTO hall_day (day, clerk, visit, subject, begun) VALUES ($1, $2, $3, $4, $5)", int64(credit.DateOf(v.At())), v.Clerk, v.ID, string(v.Subject), v.Begun)
	}
	if err != nil {
		return fmt.Errorf("hall: opening a visit: %w", err)
	}
	return nil
}

// seal encrypts who stands there.
func (s *Service) seal(p Person) ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return []byte(s.Ledger.Seal(string(text))), nil
}

func (s *Service) unseal(sealed []byte, p *Person) error {
	open, err := s.Ledger.Unseal([]string{string(sealed)})
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(open[0]), p)
}

// move takes a visit from one of the states to another together with what belongs to it.
func (s *Service) move(ctx context.Context, v *Visit, to State, also func(*store.Tx) error, from ...State) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return s.update(tx, v, to, from...)
	})
}

// update writes the visit; of two at once from one state, the second is refused.
func (s *Service) update(tx *store.Tx, v *Visit, to State, from ...State) error {
	if !slices.Contains(from, v.State) {
		return wrongState()
	}
	person, err := s.seal(v.Person)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE hall_visit SET state = $3, person = $4, purpose = $5, grant_id = $6, method = $7, proof = $8, document = $9, ended = $10
		WHERE subject = $1 AND id = $2 AND state = $11`, string(v.Subject), v.ID, string(to), person, v.Purpose, v.Grant, string(v.Method), v.Proof, v.Document, v.Ended, string(v.State))
	if err != nil {
		return fmt.Errorf("hall: keeping a visit: %w", err)
	}
	if n == 0 {
		return wrongState()
	}
	return nil
}

func (s *Service) load(ctx context.Context, key credit.Key, id string) (*Visit, error) {
	var v Visit
	var person []byte
	err := s.db.QueryRow(ctx, "SELECT "+visitColumns+" FROM hall_visit WHERE subject = $1 AND id = $2", string(key), id).Scan(&v.Subject, &v.ID, &v.Place, &v.Clerk,
		&v.ClerkName, &v.Begun, &v.Ended, &v.State, &person, &v.Purpose, &v.Grant, &v.Method, &v.Proof, &v.Document)
	if err == nil {
		err = s.unseal(person, &v.Person)
	}
	if err != nil {
		return nil, fmt.Errorf("hall: reading a visit: %w", err)
	}
	return &v, nil
}

// mine returns a visit of today that a clerk began; nil when it is no such.
func (s *Service) mine(ctx context.Context, clerk, id string) (*Visit, error) {
	var key credit.Key
	err := s.db.QueryRow(ctx, "SELECT subject FROM hall_day WHERE day = $1 AND clerk = $2 AND visit = $3", int64(s.today()), clerk, id).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: finding a visit: %w", err)
	}
	return s.load(ctx, key, id)
}

// byID returns any visit, for the auditor; nil when there is none.
func (s *Service) byID(ctx context.Context, id string) (*Visit, error) {
	var key credit.Key
	err := s.db.QueryRow(ctx, "SELECT subject FROM hall_day WHERE visit = $1", id).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: finding a visit: %w", err)
	}
	return s.load(ctx, key, id)
}

// Any tells whether there is any visit.
func (s *Service) Any(ctx context.Context) (bool, error) {
	var day int64
	err := s.db.QueryRow(ctx, "SELECT day FROM hall_day ORDER BY day LIMIT 1").Scan(&day)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("hall: looking for a visit: %w", err)
	}
	return true, nil
}

// perPage is how many visits a list shows at once.
const perPage = 50

// ofDay lists visits of a day, the latest first, of one clerk or, with clerk empty, of all, after the cursor "begun.visit";
// next is empty at the end.
func (s *Service) ofDay(ctx context.Context, day credit.Date, clerk, after string) (list []*Visit, next string, err error) {
	from, visit, _ := strings.Cut(after, ".")
	begun, err := strconv.ParseInt(from, 10, 64)
	if err != nil {
		begun, visit = math.MaxInt64, ""
	}
	var rows *sql.Rows
	if clerk != "" {
		rows, err = s.db.Query(ctx, `SELECT clerk, visit, subject FROM hall_day WHERE day = $1 AND clerk = $2 AND (begun, visit) < ($3, $4)
			ORDER BY begun DESC, visit DESC LIMIT $5`, int64(day), clerk, begun, visit, int64(perPage+1))
	} else {
		rows, err = s.db.Query(ctx, `SELECT clerk, visit, subject FROM hall_day WHERE day = $1 AND (begun, visit) < ($2, $3)
			ORDER BY begun DESC, visit DESC LIMIT $4`, int64(day), begun, visit, int64(perPage+1))
	}
	if err != nil {
		return nil, "", fmt.Errorf("hall: listing visits: %w", err)
	}
	places, err := scanPlaces(rows)
	if err != nil {
		return nil, "", err
	}
	for _, p := range places[:min(len(places), perPage)] {
		v, err := s.load(ctx, p.subject, p.visit)
		if err != nil {
			return nil, "", err
		}
		list = append(list, v)
	}
	if len(places) > perPage {
		last := list[perPage-1]
		next = strconv.FormatInt(last.Begun, 10) + "." + last.ID
	}
	return list, next, nil
}

type dayLine struct {
	clerk, visit string
	subject      credit.Key
}

func scanPlaces(rows *sql.Rows) (all []dayLine, err error) {
	defer rows.Close()
	for rows.Next() {
		var p dayLine
		if err := rows.Scan(&p.clerk, &p.visit, &p.subject); err != nil {
			return nil, fmt.Errorf("hall: listing visits: %w", err)
		}
		all = append(all, p)
	}
	return all, rows.Err()
}
