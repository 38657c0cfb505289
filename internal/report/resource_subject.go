package report

import (
	"cmp"
	"context"
	"slices"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

type subjectInput struct {
	Key   credit.Key `path:"key" maxLength:"80" example:"91000000MA00000001"`
	Kind  string     `query:"kind" maxLength:"40" doc:"only matters of this kind" example:"penalty"`
	After string     `query:"after" maxLength:"60" doc:"next of the page before"`
	Limit int        `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type subjectOutput struct {
	Body struct {
		Key     credit.Key      `json:"key" example:"91000000MA00000001"`
		Name    string          `json:"name" doc:"masked for a natural person" example:"岚港远洋货代有限公司"`
		Former  []string        `json:"former_names"`
		Known   []ledger.KeySeq `json:"known" doc:"how far the facts of each key were folded"`
		On      credit.Date     `json:"on" format:"date"`
		Matters []matterDoc     `json:"matters" doc:"newest first"`
		Next    string          `json:"next,omitempty"`
	}
}

type matterDoc struct {
	ID         string      `json:"id" example:"0f3a9c51d2e84b7796a1c0d4e5f60718"`
	Kind       string      `json:"kind" example:"penalty"`
	DocNo      string      `json:"doc_no" example:"岚交罚〔2026〕1号"`
	Authority  string      `json:"authority" example:"岚港市交通运输局"`
	Domain     string      `json:"domain" example:"transport"`
	Decided    credit.Date `json:"decided_on" format:"date"`
	Class      string      `json:"class" enum:"unknown,minor,general,serious"`
	Public     string      `json:"public" enum:"yes,no,unknown" doc:"whether it may be published today"`
	PublicRule string      `json:"public_rule,omitempty"`
	ApplyFrom  credit.Date `json:"apply_from,omitzero" format:"date" doc:"first day on which repair may be asked for"`
	HiddenFrom credit.Date `json:"hidden_from,omitzero" format:"date" doc:"first day on which publicity has ended by itself"`
	Repaired   credit.Date `json:"repaired_on,omitzero" format:"date"`
	Removed    credit.Date `json:"removed_on,omitzero" format:"date"`
	Annulled   credit.Date `json:"annulled_on,omitzero" format:"date"`
	Withdrawn  bool        `json:"withdrawn"`
	Disputed   bool        `json:"disputed"`
	Assertions int         `json:"assertions"`
}

func (p *pages) apiSubject(ctx context.Context, in *subjectInput) (*subjectOutput, error) {
	s, ok, err := p.ledger.Subject(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notFound("no-subject-on-record")
	}
	if err := p.reached(ctx, in.Key); err != nil {
		return nil, err
	}
	today := credit.DateOf(p.c.Now())
	st, versions, err := p.ledger.Standing(ctx, in.Key, today, nil)
	if err != nil {
		return nil, err
	}
	if err := p.record(ctx, in.Key, audit.View, "", ""); err != nil {
		return nil, err
	}
	out := &subjectOutput{}
	b := &out.Body
	b.Key, b.Name, b.Known, b.On, b.Former, b.Matters = in.Key, shownName(in.Key, cmp.Or(st.Name, s.Name)), versions, today, []string{}, []matterDoc{}
	for _, n := range st.Names {
		b.Former = append(b.Former, shownName(in.Key, n))
	}
	book := p.book()
	for _, m := range p.matters(st, in) {
		if len(b.Matters) == in.Limit {
			b.Next = b.Matters[in.Limit-1].Decided.String() + "." + b.Matters[in.Limit-1].ID
			break
		}
		j := Assess(book, p.c.Organs, m, today)
		a := law.Public(&j.Law, &j.Window, today)
		b.Matters = append(b.Matters, matterDoc{j.ID.String(), j.Kind.String(), j.Record.DocNo, j.Organ, j.Domain, j.Record.Decided, j.Class.Class.String(),
			a.Outcome.String(), a.Rule.Name(), j.Window.ApplyFrom, j.Window.HiddenFrom, j.Repaired, j.Removed, j.Annulled, j.Withdrawn, j.Disputed, len(j.Assertions)})
	}
	return out, nil
}

// matters are those of a subject that are asked for, newest first.
func (p *pages) matters(st *ledger.Standing, in *subjectInput) (all []*ledger.Matter) {
	for i := range st.Matters {
		m := &st.Matters[i]
		if (in.Kind == "" || m.Kind.String() == in.Kind) && (in.After == "" || place(m) < in.After) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, newer)
	return all
}
