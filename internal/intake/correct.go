package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Errors of withdrawing and correcting.
var (
	ErrNoMatter    = errors.New("没有找到本单位报送的这条记录")
	ErrUnchanged   = errors.New("内容没有变化，不需要更正")
	ErrStillWrong  = errors.New("更正后的内容仍有错误，请按提示修改")
	ErrIsWithdrawn = errors.New("该记录已撤回，不能更正；如撤回有误，请报送正确的内容，经信用中心对账后恢复")
)

// Sent is what sources of one organ said of a matter.
type Sent struct {
	Matter    credit.MatterID
	Subject   credit.Key
	Kind      credit.Kind
	Source    int64
	Record    credit.Record // its latest word
	Seq       int64
	Versions  int
	Withdrawn bool
	Recorded  int64         // UTC ms, of the latest word
	Events    []ledger.Fact // on the matter
}

// SentBy lists what the given sources said of a subject, in the order first said. docNo keeps the
// matters whose number contains it; empty keeps all.
func (s *Service) SentBy(ctx context.Context, key credit.Key, sources []int64, docNo string) ([]Sent, error) {
	facts, err := s.ledger.Read(ctx, key)
	if err != nil {
		return nil, err
	}
	docNo = credit.NormalDocNo(docNo)
	var all []Sent
	for _, m := range ledger.Fold(key, facts, 0, s.today()).Matters {
		for i := range m.Assertions {
			a := &m.Assertions[i]
			if !slices.Contains(sources, a.Source) || docNo != "" && !strings.Contains(a.Record.DocNo, docNo) {
				continue
			}
			all = append(all, Sent{Matter: m.ID, Subject: key, Kind: m.Kind, Source: a.Source, Record: a.Record, Seq: a.Seq,
				Versions: a.Versions, Withdrawn: a.Withdrawn, Recorded: a.Recorded, Events: m.Events})
		}
	}
	return all, nil
}

// SentMatter returns what one of the sources said of one matter.
func (s *Service) SentMatter(ctx context.Context, key credit.Key, matter credit.MatterID, sources []int64) (Sent, error) {
	all, err := s.SentBy(ctx, key, sources, "")
	if err != nil {
		return Sent{}, err
	}
	for _, m := range all {
		if m.Matter == matter {
			return m, nil
		}
	}
	return Sent{}, ErrNoMatter
}

// Amendment withdraws or corrects what a source said.
type Amendment struct {
	Subject credit.Key
	Matter  credit.MatterID
	Source  int64
	Reason  string
	By      string // login
	Actor   audit.Actor
}

func (a *Amendment) entry(now time.Time, purpose string) audit.Entry {
	return audit.Entry{At: now, Actor: a.Actor, Action: audit.Amend, Purpose: purpose}
}

// Withdraw takes back what a source said of a matter (撤回). A second time changes nothing: done is false.
func (s *Service) Withdraw(ctx context.Context, a Amendment) (done bool, err error) {
	if err := checkReason(a.Reason); err != nil {
		return false, err
	}
	err = s.amend(ctx, a, "撤回报送记录", nil, func(m Sent) ([]addition, []credit.Key, error) {
		if done = !m.Withdrawn; !done {
			return nil, nil, nil
		}
		e := ledger.Event{Type: ledger.Withdrawn, Reason: a.Reason, By: a.By, Source: a.Source, On: s.today()}
		f, err := ledger.NewEvent(a.Subject, m.Kind, a.Matter, e, s.now().UnixMilli())
		return []addition{{ledger.Subject{Key: a.Subject}, []ledger.Fact{f}}}, []credit.Key{a.Subject}, err
	})
	return done && err == nil, err
}

// amend reads the source's word, asks what to add, and adds it unless somebody was faster; then it asks
// again. What belongs to it is written in the same transaction by also; nil for nothing.
func (s *Service) amend(ctx context.Context, a Amendment, purpose string, also func(*store.Tx) error, plan func(Sent) ([]addition, []credit.Key, error)) error {
	const tries = 8
	for range tries {
		var last int64
		if err := s.db.QueryRow(ctx, "SELECT COALESCE(MAX(seq), 0) FROM fact WHERE subject = $1", string(a.Subject)).Scan(&last); err != nil {
			return fmt.Errorf("intake: reading the end of a subject's sequence: %w", err)
		}
		m, err := s.SentMatter(ctx, a.Subject, a.Matter, []int64{a.Source})
		if err != nil {
			return err
		}
		facts, touched, err := plan(m)
		if err != nil || len(facts) == 0 {
			return err
		}
		err = s.db.Tx(ctx, func(tx *store.Tx) error {
			var now int64
			if err := tx.QueryRow("SELECT COALESCE(MAX(seq), 0) FROM fact WHERE subject = $1", string(a.Subject)).Scan(&now); err != nil {
				return err
			}
			if now != last {
				return store.ErrConflict
			}
			if err := s.write(tx, facts, touched, a.entry(s.now(), purpose)); err != nil || also == nil {
				return err
			}
			return also(tx)
		})
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return store.ErrConflict
}

// Draft is a row as a source sent it last, for correcting.
type Draft struct {
	Sent
	Headings []string
	Cells    []string // identity numbers in clear: mask them before showing
	Sealed   []bool
}

// Draft returns the row as received behind the latest word of a source. A word without a row, such as
// one reassigned from another subject, is shown by the template with what is known of it.
func (s *Service) Draft(ctx context.Context, key credit.Key, matter credit.MatterID, sources []int64) (d Draft, err error) {
	if d.Sent, err = s.SentMatter(ctx, key, matter, sources); err != nil {
		return d, err
	}
	if d.Headings, d.Cells, err = s.ledger.ReadRaw(ctx, key, d.Seq); err != nil {
		return d, err
	}
	if len(d.Headings) == 0 {
		return d, ErrNoRow
	}
	for len(d.Cells) < len(d.Headings) {
		d.Cells = append(d.Cells, "")
	}
	layout, _, err := normal.Map(d.Headings, d.Kind)
	if err != nil {
		return d, err
	}
	var out normal.Out
	layout.Row(d.Cells, &out)
	d.Sealed = make([]bool, len(d.Cells))
	for _, i := range append(out.SealedColumns, layout.Identities()...) {
		d.Sealed[i] = true
	}
	return d, nil
}

// ErrNoRow says that there is no row as received to correct.
var ErrNoRow = errors.New("这条记录没有原始报送行，不能在此更正；请报送正确的内容")

// Correct replaces what a source said of a matter (更正). cells is the whole row under the headings of
// the draft. Where the correction names another subject or document, the old word is reassigned or
// withdrawn and the new one stands in its place, in one transaction.
func (s *Service) Correct(ctx context.Context, a Amendment, headings, cells []string) ([]normal.Finding, error) {
	if err := checkReason(a.Reason); err != nil {
		return nil, err
	}
	row, raw, findings, err := s.readRow(ctx, a.Source, headings, cells, a)
	if err != nil {
		return findings, err
	}
	ask := func(tx *store.Tx) error { return s.askCorrected(ctx, tx, a.Source, &row) }
	return findings, s.amend(ctx, a, "更正报送记录", ask, func(m Sent) ([]addition, []credit.Key, error) {
		if m.Withdrawn {
			return nil, nil, ErrIsWithdrawn
		}
		return s.correction(a, m, row, raw)
	})
}

// askCorrected asks whose a corrected row is, as of a row of a file.
func (s *Service) askCorrected(ctx context.Context, tx *store.Tx, source int64, c *corrected) error {
	in := ledger.Incoming{Key: c.key, Name: c.record.Name, Kind: c.record.Kind, Matter: c.matter}
	if in.Kind == credit.Registration {
		in.Aliases = ledger.Aliases(&c.record)
	}
	q := asking{s: s, tx: tx, source: source, opened: s.now().UnixMilli()}
	if err := q.all(ctx, []comer{{&in, c.doubtful}}); err != nil {
		return err
	}
	return tx.InsertMissing("desk_item", itemColumns, q.rows)
}

// corrected is the new row, identified.
type corrected struct {
	key      credit.Key
	matter   credit.MatterID
	record   credit.Record
	doubtful bool // the code fails its check
}

// readRow reads a corrected row as a load would.
func (s *Service) readRow(ctx context.Context, source int64, headings, cells []string, a Amendment) (c corrected, raw ledger.Raw, findings []normal.Finding, err error) {
	m, err := s.SentMatter(ctx, a.Subject, a.Matter, []int64{source})
	if err != nil {
		return c, raw, nil, err
	}
	layout, _, err := normal.Map(headings, m.Kind)
	if err != nil {
		return c, raw, nil, err
	}
	layout.Today = s.today()
	j := &loading{s: s, load: Load{Source: source, Kind: m.Kind}, layout: layout, arrived: s.now(), refs: -1, seen: map[string]bool{}}
	if j.layoutID, err = s.ledger.Layout(ctx, headings); err != nil {
		return c, raw, nil, err
	}
	p := j.newPreparer()
	var to prepared
	if err := p.row(ctx, &read.Row{Number: 1, Cells: cells}, &to); err != nil {
		return c, raw, nil, err
	}
	findings = slices.Clone(p.out.Findings)
	if to.blocked() {
		return c, raw, findings, ErrStillWrong
	}
	c = corrected{to.in.Key, to.in.Matter, p.out.Record, to.doubtful}
	return c, ledger.Raw{Layout: j.layoutID, Cells: s.sealCells(cells, p.out.SealedColumns)}, findings, nil
}

// correction is the facts of a correction: same subject and matter, another matter, or another subject.
func (s *Service) correction(a Amendment, m Sent, c corrected, raw ledger.Raw) ([]addition, []credit.Key, error) {
	now := s.now().UnixMilli()
	said := s.ledger.NewAssertion(c.key, c.matter, a.Source, &c.record, &raw, now)
	same := c.key == a.Subject && c.matter == a.Matter
	if same && said.Says(&m.Record) {
		return nil, nil, ErrUnchanged
	}
	on := s.today()
	note, err := ledger.NewEvent(c.key, m.Kind, c.matter, ledger.Event{Type: ledger.Corrected, Reason: a.Reason, By: a.By, Source: a.Source, On: on}, now)
	if err != nil {
		return nil, nil, err
	}
	here := addition{ledger.Subject{Key: c.key, Class: c.record.Class, Name: c.record.Name}, []ledger.Fact{said, note}}
	if same {
		return []addition{here}, []credit.Key{c.key}, nil
	}
	e := ledger.Event{Type: ledger.Withdrawn, Reason: a.Reason, By: a.By, Source: a.Source, On: on}
	if c.key != a.Subject {
		e.Type, e.To = ledger.Reassigned, c.key
	}
	gone, err := ledger.NewEvent(a.Subject, m.Kind, a.Matter, e, now)
	if err != nil {
		return nil, nil, err
	}
	if c.key == a.Subject {
		here.facts = append([]ledger.Fact{gone}, here.facts...)
		return []addition{here}, []credit.Key{c.key}, nil
	}
	there := addition{ledger.Subject{Key: a.Subject}, []ledger.Fact{gone}}
	return []addition{there, here}, []credit.Key{a.Subject, c.key}, nil
}
