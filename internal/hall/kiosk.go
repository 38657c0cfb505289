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
	PIN     bool   `json:"pin"` // of an electronic licence: its holder gave the PIN, and the reader checked it
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
	ErrReader  = errors.New("hall: the reader does not work")
)

// Forget is how long after the last touch a kiosk forgets.
const Forget = 30 * time.Second

// readTime and printTime are how long a reader and a printer may take. Meanwhile nothing is forgotten.
const (
	readTime  = 5 * time.Second
	printTime = 10 * time.Second
)

// clearing is how long before its end a screen clears itself, so that it is clear within [Forget] also where the network
// is slow.
const clearing = time.Second

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
		return nil, s.forgetOver(ctx, machine, r.Visit)
	}
	r.Printed = printed == 1
	return &r, nil
}

// forget ends the visit at a machine.
func (s *Service) forget(ctx context.Context, machine string, v *Visit) error {
	return s.leaveMachine(ctx, v, func(tx *store.Tx) (int64, error) {
		return tx.Exec("DELETE FROM hall_kiosk WHERE machine = $1 AND visit = $2", machine, v.ID)
	})
}

// forgetOver ends the visit at a machine if it is over still: somebody may have touched the screen meanwhile.
func (s *Service) forgetOver(ctx context.Context, machine string, v *Visit) error {
	return s.leaveMachine(ctx, v, func(tx *store.Tx) (int64, error) {
		return tx.Exec("DELETE FROM hall_kiosk WHERE machine = $1 AND visit = $2 AND deadline <= $3", machine, v.ID, s.Now().UnixMilli())
	})
}

// leaveMachine takes a visit from its machine and closes it; one that is there no more was closed by who took it.
func (s *Service) leaveMachine(ctx context.Context, v *Visit, take func(*store.Tx) (int64, error)) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := take(tx)
		if err != nil {
			return fmt.Errorf("hall: forgetting a visit: %w", err)
		}
		if n == 0 || v.State == Closed {
			return nil
		}
		return s.close(tx, v)
	})
}

// ForgetAll ends the visits at machines that nobody touched for [Forget], also where the machine is switched off. It
// deletes tickets and embedded sessions that have run out. What cannot be forgotten keeps nothing else from it.
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
	var failed error
	for _, x := range over {
		v, err := s.load(ctx, x.subject, x.visit)
		if err == nil {
			err = s.forgetOver(ctx, x.clerk, v)
		}
		failed = errors.Join(failed, err)
	}
	return errors.Join(failed, s.sweepEmbeds(ctx, now))
}

// touch moves the end of a visit to Forget from now.
func (s *Service) touch(tx *store.Tx, machine, visit string, printed bool) error {
	p := int64(0)
	if printed {
		p = 1
	}
	return s.waitFor(tx, machine, visit, Forget, p)
}

// waitFor moves the end of a visit. One that was forgotten meanwhile is not brought back.
func (s *Service) waitFor(tx *store.Tx, machine, visit string, d time.Duration, printed int64) error {
	n, err := tx.Exec("UPDATE hall_kiosk SET deadline = $3, printed = $4 WHERE machine = $1 AND visit = $2", machine, visit, s.Now().Add(d).UnixMilli(), printed)
	if err == nil && n == 0 {
		err = wrongState()
	}
	return err
}

// read reads the card that lies on a machine's reader.
func (s *Service) read(ctx context.Context, me account.Principal) (Card, error) {
	if s.Reader == nil {
		return Card{}, ErrReader
	}
	limited, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	return s.Reader.ReadCard(limited, me.Login)
}

// readCard reads the card at a machine and begins a visit for its subject.
func (s *Service) readCard(ctx context.Context, me account.Principal) error {
	card, err := s.read(ctx, me)
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

// Why a card that was read is not enough.
var (
	errUnknownHolder = errors.New("hall: nothing is on record for the card")
	errOtherName     = errors.New("hall: the card's name is not the one on record")
	errIdentity      = errors.New("hall: a licence alone is not enough for this edition")
)

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
		if err == nil {
			err = s.sameName(ctx, x.Key, card.Name)
		}
		p := Person{Name: card.Name, Document: licence, Number: number, Capacity: Bearer, Checked: "reader"}
		if card.PIN {
			p.Capacity = BearerPIN
		}
		return x.Key, p, err
	}
	whole, ok := credit.ParsePersonNumber(number)
	if !ok {
		return "", Person{}, ErrBadCard
	}
	key, ok, err := s.Ledger.FindPerson(ctx, whole)
	if err == nil && !ok {
		err = errUnknownHolder
	}
	if err == nil {
		err = s.sameName(ctx, key, card.Name)
	}
	return key, Person{Name: card.Name, Document: "resident", Number: number, Capacity: Self, Checked: "reader"}, err
}

// sameName refuses a card whose name is not the subject's present one: the card is another's, out of date or forged.
func (s *Service) sameName(ctx context.Context, key credit.Key, onCard string) error {
	name, err := s.nameOf(ctx, key)
	if err == nil && credit.NormalText(name) != credit.NormalText(onCard) {
		err = errOtherName
	}
	return err
}

// showIdentity notes the identity card of who laid a licence before (持照人), which a firm's listing edition asks for.
func (s *Service) showIdentity(ctx context.Context, me account.Principal, r *running) error {
	if r.State != Open || r.Person.Capacity != Bearer {
		return wrongState()
	}
	err := s.db.Tx(ctx, func(tx *store.Tx) error { return s.waitFor(tx, me.ID, r.ID, readTime+Forget, 0) })
	if err != nil {
		return err
	}
	card, err := s.read(ctx, me)
	if err != nil {
		return err
	}
	_, ok := credit.ParsePersonNumber(credit.NormalCode(card.Number))
	if card.Licence || !ok || len([]rune(card.Name)) < 2 {
		return ErrBadCard
	}
	r.Person = Person{Name: card.Name, Document: "resident", Number: credit.NormalCode(card.Number), Capacity: BearerShown, Checked: "reader"}
	return s.move(ctx, r.Visit, Open, func(tx *store.Tx) error { return s.touch(tx, me.ID, r.ID, false) }, Open)
}

// identityEdition is the edition for which a licence alone is not enough: it tells all that is kept.
const identityEdition = "listing"

// choosePurpose keeps what the report is for.
func (s *Service) choosePurpose(ctx context.Context, machine string, r *running, purpose string) error {
	p, ok := s.purpose(purpose)
	if !ok {
		return wrongState()
	}
	if p.Edition == identityEdition && r.Person.Capacity == Bearer {
		return errors.Join(errIdentity, s.extend(ctx, machine, r))
	}
	r.Purpose = purpose
	return s.move(ctx, r.Visit, Known, func(tx *store.Tx) error { return s.touch(tx, machine, r.ID, false) }, Open, Known)
}

// agree gives the consent, issues with it and prints. A printer that fails does not undo the report: it is shown.
func (s *Service) agree(ctx context.Context, me account.Principal, r *running) error {
	if r.State != Known && r.State != Signed {
		return wrongState()
	}
	err := s.db.Tx(ctx, func(tx *store.Tx) error { return s.waitFor(tx, me.ID, r.ID, printTime+Forget, 0) })
	if err != nil {
		return err
	}
	if r.State == Known { // else the consent was given and issuing failed
		if err := s.sign(ctx, r.Visit, consent.ByTouch, nil, nil); err != nil {
			return err
		}
		r.State = Signed
	}
	sheet, err := s.issue(ctx, me, r.Visit)
	if err != nil {
		return err
	}
	printed := s.print(ctx, me.Login, sheet)
	return s.db.Tx(ctx, func(tx *store.Tx) error { return s.touch(tx, me.ID, r.ID, printed) })
}

// print prints at a machine and tells whether it did.
func (s *Service) print(ctx context.Context, machine string, sheet *Sheet) bool {
	if s.Printer == nil {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	if err := s.Printer.PrintPDF(limited, machine, sheet.Number, sheet.PDF); err != nil {
		s.Log.ErrorContext(ctx, "printing at a kiosk", "machine", machine, "error", err)
		return false
	}
	return true
}

// extend gives who still reads another [Forget].
func (s *Service) extend(ctx context.Context, machine string, r *running) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error { return s.touch(tx, machine, r.ID, r.Printed) })
}
