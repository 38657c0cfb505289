package ledger

import (
	"cmp"
	"slices"

	"xinban/internal/credit"
)

// Standing is what is known of a subject on a day: its matters with their state, its names, its links.
type Standing struct {
	Key     credit.Key
	Name    string
	Class   credit.SubjectClass
	Seq     int64    // the last fact folded
	Matters []Matter // in the order first asserted
	Names   []string // other names the sources used, in the order seen: 曾用名 and spellings
	Links   []Event  // links in force
}

// Matter is one real decision with all that was said of it and happened to it.
type Matter struct {
	ID         credit.MatterID
	Subject    credit.Key // the key under which its facts lie
	Kind       credit.Kind
	Record     *credit.Record // the leading assertion: the first source's latest word
	Seq        int64          // of the leading assertion
	Assertions []Assertion    // the latest of each source
	Events     []Fact
	Withdrawn  bool        // every source has taken it back
	Annulled   credit.Date // 撤销
	Repaired   credit.Date // 修复
	Removed    credit.Date // 移出
	Disputed   bool        // 异议处理中: unknown to automatic decisions
	Differ     bool        // the sources disagree on what matters
}

// Assertion is the latest word of one source on a matter.
type Assertion struct {
	Fact
	Versions  int // how many times the source changed its word, from 1
	Withdrawn bool
	// Pending is what files said since a person corrected the word or took it back: kept, and without
	// effect until it is adopted.
	Pending     []Fact
	held, taken bool // corrected or taken back; taken back
}

// Fold computes the standing of key from its facts, as known at seq known (0: everything) and in
// force on day on.
func Fold(key credit.Key, facts []Fact, known int64, on credit.Date) *Standing {
	s := &Standing{Key: key}
	index := make(map[credit.MatterID]int, len(facts))
	var events []*Fact
	ahead := false // some decision was taken after the day
	for i := range facts {
		f := &facts[i]
		if known != 0 && f.Seq > known {
			break
		}
		s.Seq = f.Seq
		at, ok := index[f.Matter]
		if f.Op == OpEvent {
			events = append(events, f)
			if ok {
				s.Matters[at].hold(f)
			}
			continue
		}
		if !ok {
			at = len(s.Matters)
			index[f.Matter] = at
			s.Matters = append(s.Matters, Matter{ID: f.Matter, Subject: key, Kind: f.Kind})
		}
		s.Matters[at].assert(f)
		if f.Effective > on {
			ahead = true
		} else {
			s.name(&f.Record)
		}
	}
	slices.SortStableFunc(events, func(a, b *Fact) int {
		return cmp.Or(cmp.Compare(a.Effective, b.Effective), cmp.Compare(a.Seq, b.Seq))
	})
	for _, f := range events {
		if f.Effective > on {
			continue
		}
		if at, ok := index[f.Matter]; ok {
			s.Matters[at].Events = append(s.Matters[at].Events, *f)
		} else {
			s.link(f.Event)
		}
	}
	if ahead {
		for i := range s.Matters {
			m := &s.Matters[i]
			m.Assertions = slices.DeleteFunc(m.Assertions, func(a Assertion) bool { return a.Effective > on })
		}
		s.Matters = slices.DeleteFunc(s.Matters, func(m Matter) bool { return len(m.Assertions) == 0 })
	}
	for i := range s.Matters {
		s.Matters[i].settle(on)
	}
	return s
}

// name keeps the names used; a registration has the last word.
func (s *Standing) name(r *credit.Record) {
	if s.Class == credit.ClassUnknown {
		s.Class = r.Class
	}
	switch {
	case r.Name == "" || r.Name == s.Name:
	case s.Name == "":
		s.Name = r.Name
	case r.Kind == credit.Registration:
		s.other(s.Name)
		s.Name = r.Name
		s.Names = slices.DeleteFunc(s.Names, func(n string) bool { return n == s.Name }) // renamed back
	default:
		s.other(r.Name)
	}
}

func (s *Standing) other(name string) {
	if !slices.Contains(s.Names, name) {
		s.Names = append(s.Names, name)
	}
}

func (s *Standing) link(e *Event) {
	switch e.Type {
	case Linked:
		s.Links = append(s.Links, *e)
	case LinkUndone:
		s.Links = slices.DeleteFunc(s.Links, func(l Event) bool { return l.To == e.To && l.Link == e.Link })
	}
}

func (m *Matter) assert(f *Fact) {
	for i := range m.Assertions {
		if a := &m.Assertions[i]; a.Source == f.Source {
			a.say(f)
			return
		}
	}
	m.Assertions = append(m.Assertions, Assertion{Fact: *f, Versions: 1})
}

// say takes up a newer word. What a file says does not undo by itself what a person decided of the
// word; a file that says the same as the correction agrees with it.
func (a *Assertion) say(f *Fact) {
	a.Versions++
	if f.Load > 0 && a.held && (a.taken || !f.Says(&a.Record)) {
		a.Pending = append(a.Pending, *f)
		return
	}
	a.Fact = *f
	if f.Load == 0 {
		a.Pending, a.held, a.taken = nil, false, false
	}
}

// hold notes what a person decided of the words of a source, 0 for all, whatever the day it takes effect.
func (m *Matter) hold(f *Fact) {
	for i := range m.Assertions {
		a := &m.Assertions[i]
		if f.Event.Source != 0 && a.Source != f.Event.Source {
			continue
		}
		switch f.Event.Type {
		case Corrected:
			a.held = true
		case Withdrawn:
			a.held, a.taken = true, true
		case Adopted:
			a.adopt(f.Event.Seq)
		}
	}
}

// adopt lets a waiting word stand; what was said before it is past, what was said after it still waits.
func (a *Assertion) adopt(seq int64) {
	at := slices.IndexFunc(a.Pending, func(p Fact) bool { return p.Seq == seq })
	if at < 0 {
		return
	}
	a.Fact, a.Pending, a.taken = a.Pending[at], a.Pending[at+1:], false
	a.held = len(a.Pending) > 0
}

// settle decides the leading assertion and the state. What an event says stands above what sources claim.
func (m *Matter) settle(on credit.Date) {
	for _, f := range m.Events {
		if f.Event.Type == Withdrawn {
			for i := range m.Assertions {
				if a := &m.Assertions[i]; a.Source == f.Event.Source && a.Seq < f.Seq {
					a.Withdrawn = true
				}
			}
		}
	}
	m.lead()
	m.claims(on)
	for i := range m.Events {
		if !m.returned(&m.Events[i]) {
			m.apply(m.Events[i].Event)
		}
	}
}

// Reassigned tells whether the matter is another subject's now.
func (m *Matter) Reassigned() bool {
	for i := range m.Events {
		if m.Events[i].Event.Type == Reassigned && !m.returned(&m.Events[i]) {
			return true
		}
	}
	return false
}

// returned tells that a person said the matter of the subject again since it was reassigned: it was
// reassigned to and fro.
func (m *Matter) returned(f *Fact) bool {
	return f.Event.Type == Reassigned && slices.ContainsFunc(m.Assertions, func(a Assertion) bool {
		return a.Subject == f.Subject && a.Load == 0 && a.Seq > f.Seq
	})
}

// lead finds the leading assertion: the first that was not taken back.
func (m *Matter) lead() int {
	lead := slices.IndexFunc(m.Assertions, func(a Assertion) bool { return !a.Withdrawn })
	m.Withdrawn = lead < 0
	lead = max(lead, 0)
	m.Record, m.Seq = &m.Assertions[lead].Record, m.Assertions[lead].Seq
	return lead
}

// claims takes up what sources state of later days, as far as those have come. What undoes a matter
// counts from one source only; another that states it is marked as differing, and the matter stands. A
// dispute that any source states is open: it undoes nothing.
func (m *Matter) claims(on credit.Date) {
	r := m.speaker()
	m.Repaired, m.Removed, m.Annulled = come(r.Repaired, on), come(r.Removed, on), annulment(r, on)
	for i := range m.Assertions {
		a := &m.Assertions[i]
		if a.Withdrawn {
			continue
		}
		m.Disputed = m.Disputed || a.Record.Claim == credit.ClaimDisputed
		m.Differ = m.Differ || differ(m.Record, &a.Record, on)
	}
}

// speaker is whose word counts on the end of a matter: the leading source, unless that passes on what
// another organ decided and the organ itself sends the matter too.
func (m *Matter) speaker() *credit.Record {
	if origin(m.Record) != foreign {
		return m.Record
	}
	for i := range m.Assertions {
		if a := &m.Assertions[i]; !a.Withdrawn && origin(&a.Record) == own {
			return &a.Record
		}
	}
	return m.Record
}

// Who sends a row, by what the row says of its source (数据来源单位) and of the deciding organ.
const (
	unsaid = iota
	own
	foreign
)

func origin(r *credit.Record) int {
	switch {
	case r.ProviderCode != "" && r.AuthorityCode != "":
		return originBy(r.ProviderCode == r.AuthorityCode)
	case r.Provider != "" && r.Authority != "":
		return originBy(r.Provider == r.Authority)
	}
	return unsaid
}

func originBy(same bool) int {
	if same {
		return own
	}
	return foreign
}

// annulment is the day from which a source says that the decision is annulled, 0 for none by day on.
func annulment(r *credit.Record, on credit.Date) credit.Date {
	if r.Claim == credit.ClaimAnnulled {
		return come(cmp.Or(r.Annulled, r.Decided), on)
	}
	return come(r.Annulled, on)
}

func (m *Matter) apply(e *Event) {
	switch e.Type {
	case Annulled, Reassigned:
		m.Annulled = e.On
	case Repaired:
		m.Repaired = e.On
	case RepairRevoked:
		m.Repaired, m.Removed = 0, 0 // also of an entry that the repair took off its list
	case Removed:
		m.Removed = e.On
	case Disputed:
		m.Disputed = true
	case DisputeClosed:
		m.Disputed = false
	}
}

// come is the day when it has come, else none.
func come(day, on credit.Date) credit.Date {
	if day > on {
		return 0
	}
	return day
}

// differ tells whether two sources disagree on something that changes what a matter means, or on whether
// it has ended by day on.
func differ(a, b *credit.Record, on credit.Date) bool {
	return come(a.Repaired, on) != come(b.Repaired, on) || come(a.Removed, on) != come(b.Removed, on) ||
		(annulment(a, on) == 0) != (annulment(b, on) == 0) ||
		a.Decided != b.Decided || a.Penalties != b.Penalties ||
		a.Fine.Known && b.Fine.Known && a.Fine.Fen != b.Fine.Fen ||
		a.Procedure != b.Procedure && a.Procedure != 0 && b.Procedure != 0
}
