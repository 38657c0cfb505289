package ledger

import (
	"context"

	"xinban/internal/credit"
)

// Area is the administrative code (行政区划代码) of the place to which the subject belongs, empty when it is not
// known: the 地方编码 of its newest registration, else the code of the registering organ that its unified code
// holds as characters 3 to 8 (GB 32100-2015), else the 地方编码 of the newest registration under another of its
// keys, such as a legacy number.
func (s *Standing) Area() string {
	if area := s.registered(func(m *Matter) bool { return m.Subject == s.Key }); area != "" {
		return area
	}
	if area := codeArea(s.Key); area != "" {
		return area
	}
	return s.registered(func(m *Matter) bool { return m.Subject.Scheme() != "" })
}

// registered is the area that the newest of the registrations in force states, of those that are meant.
func (s *Standing) registered(meant func(*Matter) bool) (area string) {
	var newest credit.Date
	for i := range s.Matters {
		m := &s.Matters[i]
		if m.Kind == credit.Registration && m.Record.Region != "" && m.Record.Decided >= newest && !m.Withdrawn && m.Annulled == 0 && meant(m) {
			newest, area = m.Record.Decided, m.Record.Region
		}
	}
	return area
}

// noArea stands in codes that were given before the place was known.
const noArea = "000000"

// codeArea is the area in a unified code; of a code that fails its check no character is certain.
func codeArea(key credit.Key) string {
	if key.Person() || credit.CheckUSCC(string(key)).Verdict != credit.Valid || key[2:8] == noArea {
		return ""
	}
	return string(key[2:8])
}

// Area is the area of a subject on a day. It reads the subject's facts, so it is asked for one subject or a page
// of them.
func (l *Ledger) Area(ctx context.Context, key credit.Key, on credit.Date) (string, error) {
	s, _, err := l.Standing(ctx, key, on, nil)
	if err != nil {
		return "", err
	}
	return s.Area(), nil
}
