package report

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// editionView is what one edition of one rule set makes of a matter.
type editionView struct {
	RuleSet, Edition string
	law.Judgement
	Reasons []decision.Reason
}

type assertionView struct {
	ledger.Assertion
	SourceName string
	Leading    bool
	RawHref    string
}

type eventView struct {
	ledger.Fact
	ToHref, ToCode string
	SourceName     string
}

// When is when the source's word came in.
func (v assertionView) When() string { return instantOf(v.Recorded) }

// When is when the event was recorded.
func (v eventView) When() string { return instantOf(v.Recorded) }

type matterData struct {
	Key        credit.Key
	Lies       credit.Key // under which its facts lie
	Name       string
	Judged     Judged
	DomainName string
	Pairs      [][2]string
	Assertions []assertionView
	Events     []eventView
	Class      []decision.Reason
	Window     []decision.Reason
	Public     []decision.Reason
	Editions   []editionView
	Raw        []rawCell
	RawSeq     int64
	Centre     bool
	Form       page.Form
	Changed    string
	Today      credit.Date
	SubjectURL string
	Sources    []page.Option
}

type rawCell struct{ Heading, Text string }

func (p *pages) showMatter(w http.ResponseWriter, r *http.Request) error {
	f := page.Form{Values: url.Values{"subject": {r.URL.Query().Get("subject")}}}
	return p.matterPage(w, r, http.StatusOK, credit.Key(r.URL.Query().Get("subject")), f)
}

func (p *pages) matterPage(w http.ResponseWriter, r *http.Request, status int, key credit.Key, f page.Form) error {
	ctx := r.Context()
	id, err := credit.ParseMatterID(r.PathValue("matter"))
	if err != nil {
		return notFound("no-matter")
	}
	if err := p.reached(ctx, key); err != nil {
		return err
	}
	today := credit.DateOf(p.c.Now())
	st, _, err := p.ledger.Standing(ctx, key, today, nil)
	if err != nil {
		return err
	}
	m := find(st, id.String())
	if m == nil {
		return notFound("no-matter")
	}
	d := matterData{Key: key, Lies: m.Subject, Name: shownName(key, st.Name), Judged: Assess(p.book(), p.c.Organs, m, today), Today: today,
		Centre: account.From(ctx).Has(account.Centre), Form: f, Changed: r.URL.Query().Get("changed"), SubjectURL: subjectHref(key)}
	if x, ok := p.book().Domains(today).Find(d.Judged.Domain); ok {
		d.DomainName = x.Name
	}
	d.Pairs = shownPairs(m.Record, m.Subject.Person(), append(st.Names, st.Name))
	if err := p.history(ctx, &d, m); err != nil {
		return err
	}
	if err := p.explain(&d, today); err != nil {
		return err
	}
	if err := p.raw(ctx, &d, m, r.URL.Query().Get("raw"), credit.Key(r.URL.Query().Get("under")), append(st.Names, st.Name)); err != nil {
		return err
	}
	if err := p.record(ctx, key, audit.View, "", ""); err != nil {
		return err
	}
	return p.Pages.Render(w, r, status, "matter", d)
}

// history fills who said what, and what happened.
func (p *pages) history(ctx context.Context, d *matterData, m *ledger.Matter) error {
	names, err := p.Desk.SourceNames(ctx)
	if err != nil {
		return err
	}
	for _, a := range m.Assertions {
		d.Assertions = append(d.Assertions, assertionView{a, names[a.Source], a.Seq == m.Seq && a.Subject == m.Subject,
			matterHref(d.Key, m.ID) + "&raw=" + strconv.FormatInt(a.Seq, 10) + "&under=" + url.QueryEscape(string(a.Subject))})
		if !a.Withdrawn && a.Subject == m.Subject { // an amendment is recorded where the matter lies
			d.Sources = append(d.Sources, page.Option{Value: strconv.FormatInt(a.Source, 10), Label: names[a.Source]})
		}
	}
	for _, e := range m.Events {
		v := eventView{Fact: e, SourceName: names[e.Event.Source]}
		if e.Event.To != "" {
			v.ToHref, v.ToCode = subjectHref(e.Event.To), e.Event.To.Code()
		}
		d.Events = append(d.Events, v)
	}
	return nil
}

// explain asks the rules: class, window, publication, and each edition of each rule set.
func (p *pages) explain(d *matterData, today credit.Date) error {
	book, lm := p.book(), &d.Judged.Law
	d.Class, d.Window, d.Public = book.ExplainClass(lm, today), book.ExplainWindow(lm, today), book.ExplainPublic(lm, today)
	for _, id := range book.ReportRuleIDs() {
		rules, err := book.ReportRulesByID(id, today)
		if err != nil {
			return err
		}
		for _, e := range rules.Editions() {
			d.Editions = append(d.Editions, editionView{id, e.Name, e.Judge(lm, &d.Judged.Class, &d.Judged.Window, today), e.Explain(lm, &d.Judged.Class, &d.Judged.Window, today)})
		}
	}
	return nil
}

// raw fills the row as received, with identity numbers and persons' names masked.
func (p *pages) raw(ctx context.Context, d *matterData, m *ledger.Matter, seq string, under credit.Key, names []string) error {
	n, err := strconv.ParseInt(seq, 10, 64)
	under = cmp.Or(under, m.Subject)
	if err != nil || !slices.ContainsFunc(m.Assertions, func(a ledger.Assertion) bool { return a.Seq == n && a.Subject == under }) {
		return nil
	}
	headings, cells, err := p.ledger.ReadRaw(ctx, under, n)
	if err != nil {
		return err
	}
	d.RawSeq = n
	for i, c := range cells {
		heading := strconv.Itoa(i + 1)
		if i < len(headings) {
			heading = headings[i]
		}
		c = problem.Redact(c)
		if m.Subject.Person() {
			c = masked(c, names)
		}
		if c != "" {
			d.Raw = append(d.Raw, rawCell{heading, c})
		}
	}
	return nil
}

// shownPairs are the fields of a record that say something, under their names.
func shownPairs(r *credit.Record, person bool, names []string) (pairs [][2]string) {
	add := func(name, value string) {
		if value == "" {
			return
		}
		value = problem.Redact(value)
		if person {
			value = masked(value, names)
		}
		pairs = append(pairs, [2]string{name, value})
	}
	money := func(a credit.Amount) string {
		if !a.Known {
			return ""
		}
		return a.Fen.Grouped() + "元"
	}
	add("文书名称", r.Title)
	add("类别", r.Category)
	add("许可证书", r.Licence)
	add("许可编号", r.LicenceNo)
	add("名单", r.List)
	if r.Kind == credit.Penalty {
		add("处罚类别", r.Penalties.Chinese())
		add("程序", r.Procedure.Chinese())
	}
	add("违法行为类型", r.Behaviour)
	add("事实或事由", r.Facts)
	add("依据", r.Basis)
	add("内容", r.Content)
	add("罚款金额", money(r.Fine))
	add("没收金额", money(r.Confiscated))
	add("暂扣或吊销证照", r.Seized)
	add("有效期自", r.From.Chinese())
	until := r.Until.Chinese()
	if r.Forever {
		until = "长期"
	}
	add("有效期至", until)
	add("来源所称公示截止期", r.PublicUntil.Chinese())
	add("数据来源单位", r.Provider)
	add("备注", r.Remark)
	for _, x := range r.Extra {
		add(x.Heading, x.Text)
	}
	return pairs
}
