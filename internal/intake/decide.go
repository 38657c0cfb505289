package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Outcomes of desk items.
const (
	Same     = "same"     // attachment: both keys are one subject, and are linked
	Other    = "other"    // attachment: different subjects, the row stays where it lies
	Reassign = "reassign" // attachment: the rows under the key that bear the name are the named subject's: annulled there, asserted here
	Repeats  = "repeats"  // duplicate: the row repeats a matter on record, its source's word is withdrawn
	Distinct = "distinct" // duplicate: a matter of its own
	Keep     = "keep"     // reconcile: what was decided stands; removal: the entry stays on the list
	Adopt    = "adopt"    // reconcile: the source's new word is right; where it waited since a correction or withdrawal, it stands now
	Remove   = "remove"   // removal: the entry left the list
)

// Outcomes lists the answers that a question admits.
func Outcomes(t ItemType) []string {
	switch t {
	case Attachment:
		return []string{Same, Reassign, Other}
	case Duplicate:
		return []string{Distinct, Repeats}
	case Reconcile:
		return []string{Keep, Adopt}
	case Removal:
		return []string{Remove, Keep}
	}
	return nil
}

// Decision answers a desk item.
type Decision struct {
	Subject credit.Key
	ID      string
	Outcome string
	Reason  string
	By      string // login
	Actor   audit.Actor
}

// answer is how an item or a row in quarantine was closed.
type answer struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
	By      string `json:"by,omitempty"`
	At      int64  `json:"at,omitempty"`
}

// Errors of deciding.
var (
	ErrItemClosed  = errors.New("该事项已处理，请刷新后查看结果")
	ErrItemUnknown = errors.New("没有这一事项")
	ErrOutcome     = errors.New("请选择处理意见")
)

// Item returns one question with its answer, if it has one.
func (s *Service) Item(ctx context.Context, subject credit.Key, id string) (Item, error) {
	rows, err := s.db.Query(ctx, "SELECT "+strings.Join(itemColumns, ", ")+" FROM desk_item WHERE subject = $1 AND id = $2", string(subject), id)
	if err != nil {
		return Item{}, fmt.Errorf("intake: reading a desk item: %w", err)
	}
	items, err := scanItems(rows)
	if err == nil && len(items) == 0 {
		err = ErrItemUnknown
	}
	if err != nil {
		return Item{}, err
	}
	return items[0], nil
}

// OpenItemsOf lists the open questions of a type that rows of a source raised, oldest first, after the
// given opening and [Item.Place].
func (s *Service) OpenItemsOf(ctx context.Context, t ItemType, source, afterOpened int64, afterPlace string, limit int) ([]Item, error) {
	id, subject, _ := strings.Cut(afterPlace, "/")
	rows, err := s.db.Query(ctx, "SELECT "+strings.Join(itemColumns, ", ")+` FROM desk_item WHERE source = $1 AND type = $2 AND closed = 0
		AND (opened, id, subject) > ($3, $4, $5) ORDER BY opened, id, subject LIMIT $6`, source, string(t), afterOpened, id, subject, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("intake: listing the desk items of a source: %w", err)
	}
	return scanItems(rows)
}

// Decide answers a question: the answer, what follows from it and the entries in the access log are one
// transaction, but that many matters are reassigned in parts, and the last closes the question. A second
// answer is refused with [ErrItemClosed].
func (s *Service) Decide(ctx context.Context, d Decision) error {
	if err := checkReason(d.Reason); err != nil {
		return err
	}
	it, err := s.Item(ctx, d.Subject, d.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(Outcomes(it.Type), d.Outcome) {
		return ErrOutcome
	}
	tries := 0
	for {
		rest, err := s.decide(ctx, &it, d)
		switch {
		case errors.Is(err, errMoved) && tries < maxMoved:
			tries++
		case err != nil || !rest:
			return err
		}
	}
}

// errMoved says that facts were added under a key since they were read; maxMoved is how often they are read.
var errMoved = errors.New("intake: the facts of a key changed meanwhile")

const maxMoved = 8

// decide writes an answer, or a part of what follows from it when there is more: the question is open then.
func (s *Service) decide(ctx context.Context, it *Item, d Decision) (rest bool, err error) {
	now := s.now()
	text, err := json.Marshal(answer{d.Outcome, d.Reason, d.By, now.UnixMilli()})
	if err != nil {
		return false, err
	}
	e, err := s.effects(ctx, it, d)
	if err != nil {
		return false, err
	}
	var of Load // whose list it is
	if it.Type == Removal {
		if of, err = s.LoadByID(ctx, it.Load); err != nil {
			return false, err
		}
	}
	return e.rest, s.ledger.Change(ctx, func(tx *store.Tx) error {
		if err := e.unmoved(tx); err != nil {
			return err
		}
		closed, outcome := now.UnixMilli(), string(text)
		if e.rest {
			closed, outcome = 0, ""
		}
		n, err := tx.Exec("UPDATE desk_item SET closed = $1, outcome = $2 WHERE subject = $3 AND id = $4 AND closed = 0",
			closed, outcome, string(d.Subject), d.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrItemClosed
		}
		if it.Type == Removal && d.Outcome == Remove {
			if _, err := tx.Exec("DELETE FROM snapshot_member WHERE source = $1 AND kind = $2 AND subject = $3 AND matter = $4",
				of.Source, int64(of.Kind), string(d.Subject), it.Matter[:]); err != nil {
				return err
			}
		}
		return s.write(tx, e.facts, e.touched, audit.Entry{At: now, Actor: d.Actor, Action: audit.Amend, Purpose: "数据核对"})
	})
}

// effect is what follows from an answer.
type effect struct {
	facts   []addition
	touched []credit.Key   // the subjects concerned
	seen    *ledger.KeySeq // the key whose facts it rests on, and how far they went; nil for none
	rest    bool           // there is more to do after this
}

// unmoved tells errMoved when the key that it rests on has further facts.
func (e *effect) unmoved(tx *store.Tx) error {
	if e.seen == nil {
		return nil
	}
	var seq int64
	if err := tx.QueryRow("SELECT COALESCE(MAX(seq), 0) FROM fact WHERE subject = $1", string(e.seen.Key)).Scan(&seq); err != nil {
		return fmt.Errorf("intake: reading the end of a subject's sequence: %w", err)
	}
	if seq != e.seen.Seq {
		return errMoved
	}
	return nil
}

// addition is facts for one subject.
type addition struct {
	subject ledger.Subject
	facts   []ledger.Fact
}

// write appends facts, notes the subjects for the projections and logs the access to each.
func (s *Service) write(tx *store.Tx, all []addition, touched []credit.Key, e audit.Entry) error {
	for _, a := range all {
		if _, err := s.ledger.Append(tx, a.subject, slices.Clone(a.facts)...); err != nil {
			return err
		}
	}
	for _, k := range touched {
		e.Subject = k
		if err := audit.Record(tx, e); err != nil {
			return err
		}
	}
	return s.Touch(tx, touched...)
}

// effects is what an answer adds.
func (s *Service) effects(ctx context.Context, it *Item, d Decision) (f effect, err error) {
	e := ledger.Event{Reason: d.Reason, By: d.By, On: s.today(), Ref: it.ID}
	add := func(key credit.Key, kind credit.Kind, matter credit.MatterID, e ledger.Event) error {
		fact, err := ledger.NewEvent(key, kind, matter, e, s.now().UnixMilli())
		f.facts = append(f.facts, addition{ledger.Subject{Key: key}, []ledger.Fact{fact}})
		return err
	}
	f.touched = []credit.Key{it.Subject}
	switch d.Outcome {
	case Same:
		f.touched = append(f.touched, it.Other)
		for _, pair := range [][2]credit.Key{{it.Subject, it.Other}, {it.Other, it.Subject}} {
			e.Type, e.Link, e.To = ledger.Linked, ledger.SameAs, pair[1]
			err = errors.Join(err, add(pair[0], 0, credit.MatterID{}, e))
		}
	case Reassign:
		f.touched = append(f.touched, it.Other)
		err = s.reassign(ctx, it, e, &f)
	case Adopt:
		f.facts, err = s.adopt(ctx, it, it.Source, e)
	case Repeats:
		e.Type, e.Source = ledger.Withdrawn, it.Source
		err = s.addKnown(ctx, it, e, add)
	case Remove:
		e.Type = ledger.Removed
		err = s.addKnown(ctx, it, e, add)
	}
	return f, err
}

// adopt lets the row that raised the question stand, where it waits since a correction or withdrawal; a
// repair, an objection or an annulment is taken up where it was decided.
func (s *Service) adopt(ctx context.Context, it *Item, source int64, e ledger.Event) ([]addition, error) {
	facts, err := s.ledger.Read(ctx, it.Subject)
	if err != nil {
		return nil, err
	}
	for _, m := range ledger.Fold(it.Subject, facts, 0, s.today()).Matters {
		for _, a := range m.Assertions {
			for _, p := range a.Pending {
				if m.ID != it.Matter || p.Load != it.Load || p.Row != it.Row {
					continue
				}
				e.Type, e.Source, e.Seq = ledger.Adopted, source, p.Seq
				f, err := ledger.NewEvent(it.Subject, m.Kind, m.ID, e, s.now().UnixMilli())
				return []addition{{ledger.Subject{Key: it.Subject}, []ledger.Fact{f}}}, err
			}
		}
	}
	return nil, nil
}

// addKnown adds an event to the item's matter, whose kind the ledger knows.
func (s *Service) addKnown(ctx context.Context, it *Item, e ledger.Event, add func(credit.Key, credit.Kind, credit.MatterID, ledger.Event) error) error {
	f, err := s.lastWord(ctx, it.Subject, it.Matter, 0)
	if err != nil {
		return err
	}
	return add(it.Subject, f.Kind, it.Matter, e)
}

// lastWord is the latest assertion of a source (0: of any) on a matter, but for those that wait to be
// adopted.
func (s *Service) lastWord(ctx context.Context, key credit.Key, matter credit.MatterID, source int64) (ledger.Fact, error) {
	facts, err := s.ledger.Read(ctx, key)
	if err != nil {
		return ledger.Fact{}, err
	}
	waiting := map[int64]bool{}
	for _, m := range ledger.Fold(key, facts, 0, s.today()).Matters {
		for _, a := range m.Assertions {
			for _, p := range a.Pending {
				waiting[p.Seq] = true
			}
		}
	}
	for i := len(facts) - 1; i >= 0; i-- {
		if f := &facts[i]; f.Op == ledger.OpAssertion && f.Matter == matter && (source == 0 || f.Source == source) && !waiting[f.Seq] {
			return *f, nil
		}
	}
	return ledger.Fact{}, ErrNoMatter
}

// movedMatters is how many matters one transaction reassigns.
const movedMatters = 300

// lastDay lets a fold hold what was decided for a day to come.
const lastDay = credit.Date(99991231)

// reassign moves what bears the subject's name from the key under which it lies to the subject: annulled
// there, asserted here, by each source that said it.
func (s *Service) reassign(ctx context.Context, it *Item, e ledger.Event, f *effect) error {
	facts, err := s.ledger.Read(ctx, it.Other)
	if err != nil {
		return err
	}
	mine, _, err := s.ledger.Standing(ctx, it.Subject, lastDay, nil)
	if err != nil {
		return err
	}
	theirs := ledger.Fold(it.Other, facts, 0, lastDay)
	f.seen = &ledger.KeySeq{Key: it.Other, Seq: theirs.Seq}
	names := append(slices.Clone(mine.Names), mine.Name)
	for i := range theirs.Matters {
		if m := &theirs.Matters[i]; m.ID == it.Matter {
			names = append(names, m.Record.Name)
		}
	}
	known := map[word]bool{} // what its sources said of the subject itself
	for i := range mine.Matters {
		for m, k := &mine.Matters[i], 0; k < len(m.Assertions) && !m.Reassigned(); k++ {
			known[word{m.ID, m.Assertions[k].Source}] = !m.Assertions[k].Withdrawn
		}
	}
	e.Type, e.To = ledger.Reassigned, it.Subject
	var gone, said []ledger.Fact
	for i := range theirs.Matters {
		m := &theirs.Matters[i]
		if !movable(m, names) {
			continue
		}
		if f.rest = len(gone) == movedMatters; f.rest {
			break
		}
		g, err := ledger.NewEvent(it.Other, m.Kind, m.ID, e, s.now().UnixMilli())
		if err != nil {
			return err
		}
		gone, said = append(gone, g), append(said, s.moved(it.Subject, m, known)...)
	}
	if len(gone) > 0 {
		f.facts = []addition{{ledger.Subject{Key: it.Other}, gone}, {ledger.Subject{Key: it.Subject}, said}}
	}
	return nil
}

// movable tells whether a matter is reassigned with its key: it bears one of the names, and was neither
// taken back nor reassigned.
func movable(m *ledger.Matter, names []string) bool {
	return m.Kind != credit.Registration && !m.Withdrawn && !m.Reassigned() &&
		slices.ContainsFunc(m.Assertions, func(a ledger.Assertion) bool { return slices.Contains(names, a.Record.Name) })
}

// word is what a source said of a matter.
type word struct {
	matter credit.MatterID
	source int64
}

// moved are the words on a matter, said of the subject; not those that are known of it.
func (s *Service) moved(subject credit.Key, m *ledger.Matter, known map[word]bool) (said []ledger.Fact) {
	for i := range m.Assertions {
		a := &m.Assertions[i]
		if a.Withdrawn || known[word{m.ID, a.Source}] {
			continue
		}
		rec := a.Record
		if subject.Scheme() == "" {
			rec.Code = subject.Code()
		}
		said = append(said, s.ledger.NewAssertion(subject, m.ID, a.Source, &rec, nil, s.now().UnixMilli()))
	}
	return said
}

// readAnswer reads how an item was closed.
func readAnswer(text string) (*answer, error) {
	var a answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return nil, fmt.Errorf("intake: reading an answer: %w", err)
	}
	return &a, nil
}
