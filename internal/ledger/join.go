package ledger

import (
	"cmp"
	"slices"

	"xinban/internal/credit"
)

// joining is a standing to which the matters of other keys of the same subject are joined.
type joining struct {
	*Standing
	index  map[credit.MatterID]int // of Matters; made when a second key comes
	joined map[int]bool            // matters that lie under several keys
}

func join(s *Standing) *joining { return &joining{Standing: s} }

// include joins the matters of another key. A matter under both is one: what was said of it and what
// happened to it under either counts.
func (j *joining) include(p *Standing) {
	if j.index == nil {
		j.index, j.joined = make(map[credit.MatterID]int, len(j.Matters)+len(p.Matters)), map[int]bool{}
		for i := range j.Matters {
			j.index[j.Matters[i].ID] = i
		}
	}
	for i := range p.Matters {
		m := &p.Matters[i]
		if m.Kind == credit.Registration {
			continue
		}
		at, ok := j.index[m.ID]
		if !ok {
			j.index[m.ID] = len(j.Matters)
			j.Matters = append(j.Matters, *m)
			continue
		}
		x := &j.Matters[at]
		x.Assertions, x.Events = append(x.Assertions, m.Assertions...), append(x.Events, m.Events...)
		x.Disputed = x.Disputed || m.Disputed
		j.joined[at] = true
	}
	for _, n := range append(p.Names, p.Name) {
		if n != "" && n != j.Name {
			j.other(n)
		}
	}
}

// settle decides the state of the matters that lie under several of the keys folded.
func (j *joining) settle(on credit.Date) {
	for at := range j.joined {
		j.Matters[at].resettle(on)
	}
}

// resettle decides the state anew from the words and events of all keys; which words were taken back
// was decided under each. A dispute open under one key is open. A matter reassigned from one key of the
// subject to another is still the subject's.
func (m *Matter) resettle(on credit.Date) {
	disputed := m.Disputed
	m.Annulled, m.Repaired, m.Removed, m.Differ = 0, 0, 0, false
	slices.SortStableFunc(m.Events, func(a, b Fact) int {
		return cmp.Or(cmp.Compare(a.Effective, b.Effective), cmp.Compare(a.Recorded, b.Recorded))
	})
	m.Subject = m.Assertions[m.lead()].Subject
	m.claims(on)
	for i := range m.Events {
		f := &m.Events[i]
		if f.Event.Type == Reassigned && m.under(f.Event.To) || m.returned(f) {
			continue
		}
		m.apply(f.Event)
	}
	m.Disputed = disputed
}

// under tells whether a source says the matter of a key.
func (m *Matter) under(key credit.Key) bool {
	return slices.ContainsFunc(m.Assertions, func(a Assertion) bool { return a.Subject == key })
}
