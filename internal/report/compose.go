package report

import (
	"cmp"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// inputs is everything that Content is a function of.
type inputs struct {
	settings settings
	standing *ledger.Standing
	versions []ledger.KeySeq
	feeds    []DomainFeed
	checks   []string
	book     *law.Book
	organs   *law.Register
	on       credit.Date // day of issue
}

// compose makes the Content but for what names the document: number, code, time, issuer. hidden is
// what the rules hid, for operators.
func compose(in *inputs) (c *Content, hidden []Hidden, err error) {
	rules, err := in.book.ReportRulesByID(in.settings.RuleSet, in.on)
	if err != nil {
		return nil, nil, err
	}
	ed, err := rules.Edition(in.settings.Edition)
	if err != nil {
		return nil, nil, err
	}
	c = &Content{Version: ContentVersion, Subject: in.standing.Key, Name: in.standing.Name, FormerName: in.standing.Names,
		Edition: ed.ID, RuleSet: in.settings.RuleSet, Purpose: in.settings.Purpose, From: in.settings.From, To: in.settings.To,
		Records: []Record{}, Unanswered: []string{}, Conclusion: ConcludesNone}
	counts := map[string]int{}
	for _, j := range Judge(in.book, in.organs, in.standing, ed, in.settings.From, in.settings.To, in.on) {
		asked := j.Domain == law.DomainUnknown || slices.Contains(in.settings.Domains, j.Domain)
		switch {
		case j.InPeriod && asked && j.Judgement.Shown:
			c.Records = append(c.Records, record(&j))
			if j.Judgement.Counts {
				counts[j.Domain]++
				c.Conclusion = ConcludesFound
			}
		case j.Kind.Adverse(): // only of these is it told inside the system which rule hid them
			hidden = append(hidden, hide(&j, asked))
		}
	}
	slices.SortStableFunc(c.Records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(b.DecidedOn, a.DecidedOn), cmp.Compare(a.DocNo, b.DocNo), cmp.Compare(a.Matter, b.Matter))
	})
	for i := range c.Records {
		if f := c.Records[i].Fine; f != nil {
			c.FinesFen += *f
		}
	}
	in.answer(c, counts)
	return c, hidden, nil
}

// answer fills the table of domains and names those that cannot be spoken for.
func (in *inputs) answer(c *Content, counts map[string]int) {
	all := in.book.Domains(in.on)
	for _, id := range in.settings.Domains {
		d, _ := all.Find(id)
		f, has := feedOf(in.feeds, id)
		a := DomainAnswer{ID: id, Name: d.Name, Organ: d.Organ, Records: counts[id], DataAsOf: f.AsOf}
		a.UnderCheck = slices.ContainsFunc(in.checks, func(c string) bool { return c == id || c == "" || c == law.DomainUnknown })
		switch {
		case a.Records > 0:
			a.State = Found
		case !has:
			a.State = NoData
		case f.Late || a.UnderCheck:
			a.State = Late
		default:
			a.State = None
		}
		if a.State == Late || a.State == NoData {
			c.Unanswered = append(c.Unanswered, d.Name)
		}
		c.Domains = append(c.Domains, a)
	}
	if n := counts[law.DomainUnknown]; n > 0 {
		c.Domains = append(c.Domains, DomainAnswer{ID: law.DomainUnknown, Name: "领域待核", Organ: "", State: Found, Records: n})
	}
	if len(c.Unanswered) > 0 && c.Conclusion == ConcludesNone {
		c.Conclusion = Incomplete
	}
}

func record(j *Judged) Record {
	r := j.Record
	rec := Record{Kind: j.Kind.String(), DocNo: r.DocNo, Title: cmp.Or(r.Title, r.List), Authority: j.Organ, Domain: j.Domain, DecidedOn: r.Decided,
		Class: j.Class.Class.String(), State: j.Judgement.Mark(), Matter: j.ID.String(), Counts: j.Judgement.Counts}
	if r.Fine.Known {
		f := r.Fine.Fen
		rec.Fine = &f
	}
	switch j.Judgement.Detail {
	case law.DetailFull:
		rec.Detail = fullDetail(r)
	case law.DetailSummary:
		rec.Detail = summary(r)
	}
	return rec
}

func summary(r *credit.Record) string {
	return strings.TrimSpace(strings.Join(nonEmpty(r.Penalties.Chinese(), r.Behaviour, r.List), "；"))
}

var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

// fullDetail is what the sheet says of a matter, a line each.
func fullDetail(r *credit.Record) string {
	line := func(name, value string) string {
		if value == "" {
			return ""
		}
		return name + "：" + oneLine.Replace(value) // lines tell the fields apart
	}
	return strings.Join(nonEmpty(
		line("种类", r.Penalties.Chinese()), line("程序", procedure(r)), line("名单", r.List),
		line("违法行为类型", r.Behaviour), line("事实", r.Facts), line("依据", r.Basis), line("内容", r.Content),
		line("暂扣或吊销证照", r.Seized), line("移出日期", r.Removed.Chinese()), line("备注", r.Remark)), "\n")
}

func procedure(r *credit.Record) string {
	if r.Kind != credit.Penalty {
		return ""
	}
	return r.Procedure.Chinese()
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func hide(j *Judged, asked bool) Hidden {
	h := Hidden{Kind: j.Kind.String(), DocNo: j.Record.DocNo, DecidedOn: j.Record.Decided, Matter: j.ID.String()}
	switch {
	case j.Withdrawn:
		h.Rule, h.Reason = "source.withdrawn", "来源已撤回"
	case !asked:
		h.Rule, h.Reason = "request.domains", "不在所选领域内"
	case !j.InPeriod:
		h.Rule, h.Reason = "request.period", "不在所选时段内"
	case j.Judgement.Rule != nil:
		h.Rule, h.Reason = j.Judgement.Rule.ID, j.Judgement.Rule.Text
	}
	return h
}
