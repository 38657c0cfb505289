package hall

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// Card is what a reader read: an identity card, or a business licence with a chip.
type Card struct {
	Number  string `json:"number"` // of the identity document, or the unified social credit code
	Name    string `json:"name"`   // of the person, or of the firm
	Licence bool   `json:"licence"`
}

// Reader reads the card on the reader of a machine, told by its account's login.
type Reader interface {
	ReadCard(ctx context.Context, machine string) (Card, error)
}

// Layer is a reader that a demo can lay a card on.
type Layer interface {
	Cards() []string // names of the cards; each has a message kiosk.card.NAME
	Lay(name string)
}

// Printer prints a paper at a machine.
type Printer interface {
	PrintPDF(ctx context.Context, machine, name string, pdf []byte) error
}

// Why a card was not read. An adapter's errors are one of them.
var (
	ErrNoCard  = errors.New("hall: no card on the reader")
	ErrBadCard = errors.New("hall: the card cannot be read")
	ErrReader  = errors.New("hall: the reader does not answer")
)

// Forget is how long after the last touch a kiosk forgets.
const Forget = 30 * time.Second

// readTime is how long a reader may take.
const readTime = 5 * time.Second

// running is what runs at a machine.
type running struct {
	*Visit
	Printed  bool
	Deadline int64 // UTC ms
}

// atMachine returns what runs at a machine; nil when nothing does. What is over is forgotten.
func (s *Service) atMachine(ctx context.Context, machine string) (*running, error) {
	var r running
	var id string
	var key credit.Key
	var printed int64
	err := s.db.QueryRow(ctx, "SELECT visit, subject, printed, deadline FROM hall_kiosk WHERE machine = $1", machine).Scan(&id, &key, &printed, &r.Deadline)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: reading what runs at a machine: %w", err)
	}
	if r.Visit, err = s.load(ctx, key, id); err != nil {
		return nil, err
	}
	if s.Now().UnixMilli() >= r.Deadline {
		return nil, s.forget(ctx, machine, r.Visit)
	}
	r.Printed = printed == 1
	return &r, nil
}

// forget ends the visit at a machine.
func (s *Service) forget(ctx context.Context, machine string, v *Visit) error {
	if v.State != Closed {
		if err := s.finish(ctx, v); err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM hall_kiosk WHERE machine = $1 AND visit = $2", machine, v.ID)
		return err
	})
}

// ForgetAll ends the visits at machines that nobody touched for [Forget], also where the machine is switched off. It
// deletes tickets and embedded sessions that have run out.
func (s *Service) ForgetAll(ctx context.Context) error {
	now := s.Now().UnixMilli()
	rows, err := s.db.Query(ctx, "SELECT machine, visit, subject FROM hall_kiosk WHERE deadline <= $1 ORDER BY deadline LIMIT 100", now)
	if err != nil {
		return fmt.Errorf("hall: listing what is over: %w", err)
	}
	over, err := scanPlaces(rows)
	if err != nil {
		return err
	}
	for _, x := range over {
		v, err := s.load(ctx, x.subject, x.visit)
		if err != nil {
			return err
		}
		if err := s.forget(ctx, x.clerk, v); err != nil {
			return err
		}
	}
	return s.sweepEmbeds(ctx, now)
}

// touch moves the end of a visit to Forget from now.
func (s *Service) touch(tx *store.Tx, machine, visit string, printed bool) error {
	p := 0
	if printed {
		p = 1
	}
	_, err := tx.Exec("UPDATE hall_kiosk SET deadline = $3, printed = $4 WHERE machine = $1 AND visit = $2", machine, visit, s.Now().Add(Forget).UnixMilli(), int64(p))
	return err
}

// readCard reads the card at a machine and begins a visit for its subject.
func (s *Service) readCard(ctx context.Context, me account.Principal) error {
	if s.Reader == nil {
		return ErrReader
	}
	limited, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	card, err := s.Reader.ReadCard(limited, me.Login)
	if err != nil {
		return err
	}
	key, person, err := s.holder(ctx, card)
	if err != nil {
		return err
	}
	if last, err := s.atMachine(ctx, me.ID); err != nil {
		return err
	} else if last != nil { // who laid the card before is gone
		if err := s.forget(ctx, me.ID, last.Visit); err != nil {
			return err
		}
	}
	_, err = s.begin(ctx, me, AtKiosk, key, person, func(tx *store.Tx, v *Visit) error {
		_, err := tx.Exec(`INSERT INTO hall_kiosk (machine, visit, subject, printed, deadline) VALUES ($1, $2, $3, 0, $4)
			ON CONFLICT (machine) DO UPDATE SET visit = excluded.visit, subject = excluded.subject, printed = 0, deadline = excluded.deadline`,
			me.ID, v.ID, string(v.Subject), s.Now().Add(Forget).UnixMilli())
		return err
	})
	return err
}

// errUnknownHolder says that nothing is on record for who the card is.
var errUnknownHolder = errors.New("hall: nothing is on record for the card")

// holder is the subject of a card and who lays it down.
func (s *Service) holder(ctx context.Context, card Card) (credit.Key, Person, error) {
	number := credit.NormalCode(card.Number)
	if card.Licence {
		if credit.CheckUSCC(number).Verdict != credit.Valid {
			return "", Person{}, ErrBadCard
		}
		x, ok, err := s.Ledger.Subject(ctx, credit.OrgKey(number))
		if err == nil && !ok {
			err = errUnknownHolder
		}
		return x.Key, Person{Name: card.Name, Document: licence, Number: number, Capacity: Legal, Checked: "reader"}, err
	}
	whole, ok := credit.ParsePersonNumber(number)
	if !ok {
		return "", Person{}, ErrBadCard
	}
	key, ok, err := s.Ledger.FindPerson(ctx, whole)
	if err == nil && !ok {
		err = errUnknownHolder
	}
	return key, Person{Name: card.Name, Document: "resident", Number: number, Capacity: Self, Checked: "reader"}, err
}

// choosePurpose keeps what the report is for.
func (s *Service) choosePurpose(ctx context.Context, machine string, r *running, purpose string) error {
	if _, ok := s.purpose(purpose); !ok {
		return wrongState()
	}
	r.Purpose = purpose
	return s.move(ctx, r.Visit, Known, func(tx *store.Tx) error { return s.touch(tx, machine, r.ID, false) }, Open, Known)
}

// agree gives the consent, issues with it and prints. A printer that fails does not undo the report: it is shown.
func (s *Service) agree(ctx context.Context, me account.Principal, r *running) error {
	if r.State != Signed { // else the consent was given and issuing failed
		if err := s.sign(ctx, r.Visit, consent.ByTouch, nil); err != nil {
			return err
		}
		r.State = Signed
	}
	sheet, err := s.issue(ctx, me, r.Visit)
	if err != nil {
		return err
	}
	printed := false
	if s.Printer != nil {
		if err := s.Printer.PrintPDF(ctx, me.Login, sheet.Number, sheet.PDF); err != nil {
			s.Log.WarnContext(ctx, "printing at a kiosk", "machine", me.Login, "error", err)
		} else {
			printed = true
		}
	}
	return s.db.Tx(ctx, func(tx *store.Tx) error { return s.touch(tx, me.ID, r.ID, printed) })
}

// extend gives who still reads another [Forget].
func (s *Service) extend(ctx context.Context, machine string, r *running) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error { return s.touch(tx, machine, r.ID, r.Printed) })
}
