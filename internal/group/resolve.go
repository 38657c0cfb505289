package group

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/ledger"
)

// Member is a line of the list with what is known of its subject.
type Member struct {
	Given  string     // as listed
	Key    credit.Key // empty when not known
	Name   string     // at present
	Own    bool       // the asker acts for it without a grant
	Note   string     // such as a former name; empty for nothing to say
	State  casework.State
	Reason string // why not, where the state is not Waiting
	Asks   bool   // because the subject has not consented
	spent  bool   // it has, and the uses are spent
}

func (m *Member) called() string { return cmp.Or(m.Name, m.Given) }

// Ready tells whether a report will be made.
func (m *Member) Ready() bool { return m.State == Waiting }

// Resolve finds out about each line. Lines that name the same subject are one.
func (s *Service) Resolve(ctx context.Context, set Settings, lines []string) (all []Member, err error) {
	seen := map[credit.Key]bool{}
	for _, line := range lines {
		m, err := s.resolve(ctx, set, line)
		if err != nil {
			return nil, err
		}
		if m.Key != "" && seen[m.Key] {
			continue
		}
		seen[m.Key] = true
		all = append(all, m)
	}
	return all, nil
}

func (s *Service) resolve(ctx context.Context, set Settings, line string) (m Member, err error) {
	m = Member{Given: line, State: Waiting}
	code, name := parts(line)
	found, err := s.Ledger.Find(ctx, cmp.Or(code, name), 2)
	if err != nil {
		return m, err
	}
	switch {
	case len(found) == 0 && miscopied(name):
		return m.not(Unknown, "没有查到该主体，代码也不符合校验规则，请核对是否抄写正确"), nil
	case len(found) == 0:
		area, err := s.Area()
		return m.notFound(code, area), err
	case len(found) > 1:
		return m.not(Unknown, "这个名称对应不止一个主体，请改用统一社会信用代码"), nil
	}
	return s.about(ctx, set, m, found[0], name)
}

func (m Member) not(state casework.State, reason string) Member {
	m.State, m.Reason = state, reason
	return m
}

// miscopied tells that a text has the form of a code but fails its check.
func miscopied(text string) bool {
	c := credit.NormalCode(text)
	return len(c) == 18 && strings.Trim(c, "0123456789ABCDEFGHJKLMNPQRTUWXY") == "" && credit.CheckUSCC(c).Verdict != credit.Valid
}

// about says what there is to say of a subject that was found: its present name, its place, and consent.
func (s *Service) about(ctx context.Context, set Settings, m Member, found ledger.Subject, name string) (Member, error) {
	me := account.From(ctx)
	m.Key, m.Own = found.Key, me.MayActFor(found.Key)
	st, _, err := s.Ledger.Standing(ctx, found.Key, s.today(), nil)
	if err != nil {
		return m, err
	}
	m.Name = cmp.Or(st.Name, found.Name)
	if !m.Own {
		if err := s.Mandates.MayAct(ctx, me, m.Key, set.act("")); err != nil {
			why, ok := consent.Why(err)
			if !ok {
				return m, err
			}
			if m.Key.Person() { // nothing is said of a person who has not consented
				return Member{Given: m.Given}.notFound("", ""), nil
			}
			m = m.not(Refused, why.Error())
			m.Asks, m.spent = true, errors.Is(why, consent.ErrUsedUp)
		}
	}
	given := credit.NormalName(name)
	switch former := slices.ContainsFunc(st.Names, func(n string) bool { return credit.NormalName(n) == given }); {
	case given == "" || given == credit.NormalName(m.Name) || name == string(m.Key):
	case former:
		m.Note = "“" + name + "”是曾用名，现名为“" + m.Name + "”，报告按现名出具"
	default:
		m.Note = "所列名称“" + name + "”与登记名称不同，报告按“" + m.Name + "”出具"
	}
	platform, err := s.Area()
	if elsewhere(st.Area(), platform) {
		m.Note = joined(m.Note, "登记地在"+province(st.Area())+"，报告只包括"+home(platform)+"归集的信息")
	}
	return m, err
}

// Known lists subjects that the request may be about, without being asked: the asker's own, those that allowed
// it to act, and those to which the ledger's lineage leads from the parent, such as the head of a branch.
func (s *Service) Known(ctx context.Context, parent credit.Key, set Settings) ([]Member, error) {
	me := account.From(ctx)
	keys := append([]credit.Key{parent}, me.Subjects...)
	acts, err := s.Mandates.ActsFor(ctx, me, "")
	if err != nil {
		return nil, err
	}
	keys = append(keys, acts...)
	st, _, err := s.Ledger.Standing(ctx, parent, s.today(), nil)
	if err != nil {
		return nil, err
	}
	for _, e := range st.Links {
		if e.To != "" && !e.To.Person() {
			keys = append(keys, e.To)
		}
	}
	var all []Member
	seen := map[credit.Key]bool{}
	for _, k := range keys[:min(len(keys), Most)] {
		if seen[k] {
			continue
		}
		seen[k] = true
		found, ok, err := s.Ledger.Subject(ctx, k)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		m, err := s.about(ctx, set, Member{Given: string(k), State: Waiting}, found, "")
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
