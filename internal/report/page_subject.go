package report

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/page"
)

// matterRows is how many matters a page of a subject lists.
const matterRows = 50

// matterLine is a matter in the list of a subject.
type matterLine struct {
	Judged
	Href       string
	DomainName string
	Public     law.PublicAnswer
	Sources    int
}

// ClassText is the class in words; a kind that the rules do not classify has none.
func (l matterLine) ClassText() string {
	if l.Class.Class == law.ClassUnknown && !l.Kind.Adverse() {
		return "—"
	}
	return l.Class.Class.Chinese()
}

// IsPublic tells that the matter may stand on the public pages today.
func (l matterLine) IsPublic() bool { return !l.Withdrawn && l.Public.Outcome == decision.Yes }

// Plain tells that there is nothing to say of the matter's state.
func (l matterLine) Plain() bool {
	return !l.Withdrawn && l.Annulled == 0 && l.Repaired == 0 && l.Removed == 0 && !l.Disputed && !l.Differ
}

type subjectData struct {
	Key       credit.Key
	Person    bool
	Code      string
	Check     string // what is wrong with the code, empty for nothing
	Name      string
	Names     []string
	Class     credit.SubjectClass
	Versions  []ledger.KeySeq
	Links     []linkView
	Questions []Question
	Docs      []lineView
	Kinds     []kindCount
	Kind      string
	Total     int
	Matters   []matterLine
	Next      string
	Today     credit.Date
	Centre    bool
	Form      page.Form
	Changed   string
}

type kindCount struct {
	Kind    credit.Kind
	Count   int
	Href    string
	Current bool
}

type linkView struct {
	ledger.Event
	Href, Name, Code string
}

func (p *pages) showSubject(w http.ResponseWriter, r *http.Request) error {
	key := credit.Key(r.PathValue("key"))
	return p.subjectPage(w, r, http.StatusOK, key, page.Form{Values: url.Values{}})
}

func (p *pages) subjectPage(w http.ResponseWriter, r *http.Request, status int, key credit.Key, f page.Form) error {
	ctx, v := r.Context(), r.URL.Query()
	s, ok, err := p.ledger.Subject(ctx, key)
	if err != nil {
		return err
	}
	if !ok {
		return notFound("no-subject-on-record")
	}
	if err := p.reached(ctx, key); err != nil {
		return err
	}
	d := subjectData{Key: key, Person: key.Person(), Code: key.Code(), Name: shownName(key, s.Name), Class: s.Class, Kind: v.Get("kind"), Today: credit.DateOf(p.c.Now()),
		Centre: account.From(ctx).Has(account.Centre), Form: f, Changed: v.Get("changed")}
	if d.Code != "" && key.Scheme() == "" {
		if c := credit.CheckUSCC(d.Code); c.Verdict != credit.Valid {
			d.Check = c.Reason
		}
	}
	st, versions, err := p.ledger.Standing(ctx, key, d.Today, nil)
	if err != nil {
		return err
	}
	d.Versions, d.Name = versions, shownName(key, cmp.Or(st.Name, s.Name))
	for _, n := range st.Names {
		d.Names = append(d.Names, shownName(key, n))
	}
	if err := p.about(ctx, &d, st); err != nil {
		return err
	}
	p.listMatters(&d, st, v.Get("after"))
	if err := p.record(ctx, key, audit.View, "", ""); err != nil {
		return err
	}
	return p.Pages.Render(w, r, status, "subject", d)
}

// about fills what stands around the matters.
func (p *pages) about(ctx context.Context, d *subjectData, st *ledger.Standing) (err error) {
	for _, e := range st.Links {
		l := linkView{Event: e, Href: subjectHref(e.To), Code: e.To.Code()}
		if e.To != "" {
			s, _, err := p.ledger.Subject(ctx, e.To)
			if err != nil {
				return err
			}
			l.Name = shownName(e.To, s.Name)
		}
		d.Links = append(d.Links, l)
	}
	if d.Questions, err = p.Desk.Questions(ctx, d.Key); err != nil {
		return err
	}
	d.Docs, _, err = p.lines(ctx, d.Key, "", 10)
	return err
}

// listMatters fills the list, newest first, from after the given place.
func (p *pages) listMatters(d *subjectData, st *ledger.Standing, after string) {
	counts := map[credit.Kind]int{}
	var all []*ledger.Matter
	for i := range st.Matters {
		m := &st.Matters[i]
		counts[m.Kind]++
		if d.Kind == "" || m.Kind.String() == d.Kind {
			all = append(all, m)
		}
	}
	d.Total = len(st.Matters)
	for _, k := range credit.Kinds() {
		if counts[k] > 0 {
			d.Kinds = append(d.Kinds, kindCount{k, counts[k], subjectHref(d.Key) + "?kind=" + k.String(), k.String() == d.Kind})
		}
	}
	slices.SortFunc(all, newer)
	if after != "" {
		all = slices.DeleteFunc(all, func(m *ledger.Matter) bool { return place(m) >= after })
	}
	if len(all) > matterRows {
		v := url.Values{"after": {place(all[matterRows-1])}}
		if d.Kind != "" {
			v.Set("kind", d.Kind)
		}
		d.Next, all = subjectHref(d.Key)+"?"+v.Encode(), all[:matterRows]
	}
	book := p.book()
	domains := book.Domains(d.Today)
	for _, m := range all {
		l := matterLine{Judged: Assess(book, p.c.Organs, m, d.Today), Href: matterHref(d.Key, m.ID), Sources: len(m.Assertions)}
		l.Public = law.Public(&l.Law, &l.Window, d.Today)
		if x, ok := domains.Find(l.Judged.Domain); ok {
			l.DomainName = x.Name
		}
		d.Matters = append(d.Matters, l)
	}
}

// newer orders as place does, without making text of twenty thousand matters.
func newer(a, b *ledger.Matter) int {
	return cmp.Or(cmp.Compare(b.Record.Decided, a.Record.Decided), bytes.Compare(b.ID[:], a.ID[:]))
}

// place is where a matter stands in the list: by day, then by identifier.
func place(m *ledger.Matter) string { return m.Record.Decided.String() + "." + m.ID.String() }

func matterHref(key credit.Key, id credit.MatterID) string {
	return "/matters/" + id.String() + "?" + url.Values{"subject": {string(key)}}.Encode()
}

// instantOf shows an instant that is kept in milliseconds.
func instantOf(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(credit.Shanghai).Format("2006-01-02 15:04")
}

// When is when a question was opened.
func (q Question) When() string { return instantOf(q.Opened) }

// masked hides every name of a person in a text that a source sent.
func masked(text string, names []string) string {
	for _, n := range names {
		if n != "" {
			text = strings.ReplaceAll(text, n, credit.MaskName(n))
		}
	}
	return text
}
