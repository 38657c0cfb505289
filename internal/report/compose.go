package report

import (
	"cmp"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/problem"
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
	// statements are those that stand; only of the listing edition.
	statements []Attached
}

// composed is what is made of inputs.
type composed struct {
	content *Content
	hidden  []Hidden    // what the rules hid, for operators
	shown   []Record    // the records of content with what its edition leaves out, for operators
	turns   credit.Date // first day on which the rules will say something else of the same facts; 0 for none
}

// compose makes the Content but for what names the document: number, code, time, issuer.
func compose(in *inputs) (*composed, error) {
	rules, err := in.book.ReportRulesByID(in.settings.RuleSet, in.on)
	if err != nil {
		return nil, err
	}
	ed, err := rules.Edition(in.settings.Edition)
	if err != nil {
		return nil, err
	}
	out := &composed{shown: []Record{}}
	c := &Content{Version: ContentVersion, Subject: in.standing.Key, Name: in.standing.Name, FormerName: in.standing.Names,
		Edition: ed.ID, RuleSet: in.settings.RuleSet, Purpose: in.settings.Purpose, From: in.settings.From, To: in.settings.To,
		Unanswered: []string{}, Conclusion: ConcludesNone}
	out.content = c
	counts, open := map[string]int{}, map[string]bool{}
	for _, j := range Judge(in.book, in.organs, in.standing, ed, in.settings.From, in.settings.To, in.on) {
		if j.InPeriod && j.Judgement.Counts {
			for _, d := range j.Others {
				open[d] = true
			}
		}
		asked := j.Domain == law.DomainUnknown || slices.Contains(in.settings.Domains, j.Domain)
		if j.InPeriod && asked {
			out.turns = sooner(out.turns, j.turns(ed, in.on))
		}
		switch {
		case j.InPeriod && asked && j.Judgement.Shown:
			out.shown = append(out.shown, record(&j))
			if j.Record.Fine.Known {
				c.FinesFen += j.Record.Fine.Fen
			}
			if j.Judgement.Counts {
				counts[j.Domain]++
				c.Conclusion = ConcludesFound
			}
		case j.Kind.Adverse(): // only of these is it told inside the system which rule hid them
			out.hidden = append(out.hidden, hide(&j, asked))
		}
	}
	slices.SortStableFunc(out.shown, func(a, b Record) int {
		return cmp.Or(cmp.Compare(b.DecidedOn, a.DecidedOn), cmp.Compare(a.DocNo, b.DocNo), cmp.Compare(a.Matter, b.Matter))
	})
	for i := range out.shown {
		out.shown[i].Statement = statementOf(in.statements, out.shown[i].Matter)
	}
	c.Records = out.shown
	if ed.Detail == law.DetailCount {
		c.Records = bare(out.shown)
	}
	in.answer(c, counts, open)
	return out, nil
}

// turns is the first day after on on which the edition judges the matter otherwise by the passing of time:
// publicity has ended, or a removal, repair or annulment that is known already takes effect. 0 for none.
func (j *Judged) turns(ed *law.Edition, on credit.Date) (first credit.Date) {
	for _, day := range [...]credit.Date{j.Window.HiddenFrom, j.Removed, j.Repaired, j.Annulled} {
		if day <= on {
			continue
		}
		then := ed.Judge(&j.Law, &j.Class, &j.Window, day)
		if then.Shown != j.Judgement.Shown || then.Counts != j.Judgement.Counts || then.Shown && then.Mark() != j.Judgement.Mark() {
			first = sooner(first, day)
		}
	}
	return first
}

// sooner is the earlier of two days of which 0 is none.
func sooner(a, b credit.Date) credit.Date {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// answer fills the table of domains and names those that cannot be spoken for. open are the domains to
// which a matter that counts in another may belong.
func (in *inputs) answer(c *Content, counts map[string]int, open map[string]bool) {
	all := in.book.Domains(in.on)
	for _, id := range in.settings.Domains {
		d, _ := all.Find(id)
		f, has := feedOf(in.feeds, id)
		a := DomainAnswer{ID: id, Name: d.Name, Organ: d.Organ, Records: counts[id], DataAsOf: f.AsOf}
		if f.Rows > 0 {
			a.Feeds = &f.Timeliness
		}
		if in.settings.From < f.Since {
			a.DataFrom = f.Since
		}
		a.UnderCheck = open[id] || slices.ContainsFunc(in.checks, func(c string) bool { return c == id || c == "" || c == law.DomainUnknown })
		switch {
		case a.Records > 0:
			a.State = Found
		case !has || a.DataFrom != 0:
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

// bare is what an edition that gives only counts signs of its records: nothing by which a decision could be
// told, nor their order. What the paper leaves out, its data leave out too.
func bare(shown []Record) []Record {
	all := make([]Record, len(shown))
	for i, r := range shown {
		all[i] = Record{Kind: r.Kind, Domain: r.Domain, Matter: r.Matter, Counts: r.Counts}
	}
	slices.SortFunc(all, func(a, b Record) int { return cmp.Compare(a.Matter, b.Matter) })
	return all
}

func record(j *Judged) Record {
	r := j.Record
	rec := Record{Kind: j.Kind.String(), DocNo: r.DocNo, Title: problem.Redact(cmp.Or(r.Title, r.List)), Authority: j.Organ, Domain: j.Domain, DecidedOn: r.Decided,
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

// summary and fullDetail mask identity numbers, of whatever form: sources write them into facts.
func summary(r *credit.Record) string {
	return problem.Redact(strings.TrimSpace(strings.Join(nonEmpty(r.Penalties.Chinese(), r.Behaviour, r.List), "；")))
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
	return problem.Redact(strings.Join(nonEmpty(
		line("种类", r.Penalties.Chinese()), line("程序", procedure(r)), line("名单", r.List),
		line("违法行为类型", r.Behaviour), line("事实", r.Facts), line("依据", r.Basis), line("内容", r.Content),
		line("暂扣或吊销证照", r.Seized), line("移出日期", r.Removed.Chinese()), line("备注", r.Remark)), "\n"))
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
