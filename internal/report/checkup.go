package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// Checkup is what a subject learns before it has a report issued (出具前体检): what each edition would say, what
// in its matters deserves a look, and from when each edition would be clean by itself. Of the matters it
// names only those that the subject sees elsewhere too: shown by an edition, or public.
type Checkup struct {
	On       credit.Date
	Editions []EditionCheck
	Matters  []MatterCheck
}

// EditionCheck is what one edition would say, and until when it would speak of a record.
type EditionCheck struct {
	ID, Name string
	Content  *Content // without number, code and time: nothing is issued
	Found    int      // domains that find a record
	Late     int      // domains that do not answer because their data are late or rows are under check
	NoData   int      // domains that do not answer because they have no data
	Counted  int      // records that count
	// CleanFrom is the first day on which the edition would count no record, over the longest period that then
	// ends, if nothing is done and nothing new comes; 0 for none within [checkupMonths].
	CleanFrom credit.Date
}

// CleanNow tells that no record counts on the day of the check-up.
func (e *EditionCheck) CleanNow(on credit.Date) bool { return e.CleanFrom == on }

// checkupMonths is how far ahead a clean day is looked for.
const checkupMonths = 60

// endingDays is from how many days before its end publicity is called near its end.
const endingDays = 90

// MatterCheck is a matter with what deserves a look.
type MatterCheck struct {
	Judged
	DomainName string
	In         []string // names of the editions that show it
	Points     []Point
}

// PointKind is why a point is made.
type PointKind string

// The kinds of points.
const (
	PointAttribution PointKind = "attribution" // 可能挂错主体、机关或领域
	PointDisputable  PointKind = "disputable"  // 可以提出异议
	PointRepairable  PointKind = "repairable"  // 可申请信用修复
	PointLater       PointKind = "later"       // 以后可申请信用修复
	PointEnding      PointKind = "ending"      // 公示即将期满
)

// Point is one thing that deserves a look, with the rule on which it rests.
type Point struct {
	Kind PointKind
	Text string
	From credit.Date // from when, 0 for always
	Rule *law.Rule   // nil where facts speak for themselves
}

// Basis is the rule's text with its source as it may be shown: as a basis only when it is law.
func (p Point) Basis() string {
	if p.Rule == nil {
		return ""
	}
	return p.Rule.Text + "（" + p.Rule.Sureness.Chinese() + "：" + p.Rule.Source + "）"
}

// Cited tells that the rule may be cited as law.
func (p Point) Cited() bool { return p.Rule != nil && p.Rule.Sureness == decision.Law }

// look is what a check-up is a function of.
type look struct {
	book     *law.Book
	organs   *law.Register
	standing *ledger.Standing
	region   string
	on       credit.Date
	byDay    map[credit.Date]*dayRules
}

// dayRules are the rules of the report that a request without a rule set falls under on a day, with the first day
// of the longest period that ends then.
type dayRules struct {
	*law.ReportRules
	from credit.Date
}

func (l *look) rules(on credit.Date) (*dayRules, error) {
	if r := l.byDay[on]; r != nil {
		return r, nil
	}
	region, err := l.book.Region(l.region, on)
	if err != nil {
		return nil, err
	}
	rules, err := l.book.ReportRules(region, on)
	if err != nil {
		return nil, err
	}
	r := &dayRules{ReportRules: rules}
	r.from, _ = rules.Period().WithStart(region.DataStart).Default(on, l.book.Domains(on).IDs())
	if l.byDay == nil {
		l.byDay = map[credit.Date]*dayRules{}
	}
	l.byDay[on] = r
	return r, nil
}

// counts tells whether an edition counts a matter on a day, over the longest period that ends then.
func (l *look) counts(m *ledger.Matter, edition string, on credit.Date) (bool, error) {
	rules, err := l.rules(on)
	if err != nil {
		return false, err
	}
	ed, err := rules.Edition(edition)
	if err != nil {
		return false, nil // the rules of that day have no such edition
	}
	j := Assess(l.book, l.organs, m, on)
	return !m.Withdrawn && law.Covers(&j.Law, &j.Window, rules.from, on) && ed.Judge(&j.Law, &j.Class, &j.Window, on).Counts, nil
}

// turnings are the days up to last on which a judgement of the matter can change by the passing of time, in
// order: its own dates, the day on which it leaves the period, and the days on which rules take effect.
func (l *look) turnings(m *ledger.Matter, last credit.Date) ([]credit.Date, error) {
	var days []credit.Date
	bases := []credit.Date{l.on}
	for _, s := range l.book.Sets() {
		bases = append(bases, s.EffectiveFrom)
	}
	for _, r := range l.book.Rules() { // a region changes its rule set on a row's own day
		bases = append(bases, r.From)
	}
	slices.Sort(bases)
	for _, on := range slices.Compact(bases) {
		if on < l.on || on > last {
			continue
		}
		j := Assess(l.book, l.organs, m, on)
		days = append(days, on, j.Window.HiddenFrom, m.Removed, m.Repaired, m.Annulled, m.Record.Decided)
		rules, err := l.rules(on)
		if err != nil {
			return nil, err
		}
		end := cmp.Or(j.Window.HiddenFrom, m.Record.Decided)
		for _, d := range []credit.Date{m.Record.Decided, m.Removed, end} {
			if d == 0 {
				continue
			}
			out := d.AddMonths(rules.Period().MaxMonths)
			for i := -4; i <= 4; i++ { // ends of months of unequal length
				days = append(days, out.AddDays(i))
			}
		}
	}
	days = slices.DeleteFunc(days, func(d credit.Date) bool { return d < l.on || d > last })
	slices.Sort(days)
	return slices.Compact(days), nil
}

// cleanFrom is the first day within five years on which an edition counts none of the matters; 0 for none.
// The day moves on to where the first matter that still counts no longer does, until all agree.
func (l *look) cleanFrom(edition string, matters []*ledger.Matter) (credit.Date, error) {
	day, last := l.on, l.on.AddMonths(checkupMonths)
	for moved := true; moved; {
		moved = false
		for _, m := range matters {
			free, err := l.freeFrom(m, edition, day, last)
			if err != nil || free == 0 {
				return 0, err
			}
			if free > day {
				day, moved = free, true
			}
		}
	}
	return day, nil
}

// freeFrom is the first day from day on which the edition does not count the matter; 0 for none up to last.
func (l *look) freeFrom(m *ledger.Matter, edition string, day, last credit.Date) (credit.Date, error) {
	if yes, err := l.counts(m, edition, day); err != nil || !yes {
		return day, err
	}
	turnings, err := l.turnings(m, last)
	if err != nil {
		return 0, err
	}
	for _, d := range turnings {
		if d <= day {
			continue
		}
		if yes, err := l.counts(m, edition, d); err != nil || !yes {
			return d, err
		}
	}
	return 0, nil
}

// matters checks those matters that the subject may see, the newest first.
func (l *look) matters() (all []MatterCheck, err error) {
	for i := range l.standing.Matters {
		c, ok, err := l.see(&l.standing.Matters[i])
		if err != nil {
			return nil, err
		}
		if ok {
			c.Points = l.points(&c)
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b MatterCheck) int { return newer(a.Matter, b.Matter) })
	return all, nil
}

// see tells whether the subject may see a matter: an edition shows it over the longest period, or it is public.
func (l *look) see(m *ledger.Matter) (c MatterCheck, ok bool, err error) {
	if m.Withdrawn || !m.Kind.Adverse() {
		return c, false, nil
	}
	rules, err := l.rules(l.on)
	if err != nil {
		return c, false, err
	}
	c = MatterCheck{Judged: Assess(l.book, l.organs, m, l.on)}
	c.InPeriod = law.Covers(&c.Law, &c.Window, rules.from, l.on)
	for _, ed := range rules.Editions() {
		if j := ed.Judge(&c.Law, &c.Class, &c.Window, l.on); j.Shown && c.InPeriod {
			c.In = append(c.In, ed.Name)
			c.Judgement = j
		}
	}
	if d, ok := l.book.Domains(l.on).Find(c.Domain); ok {
		c.DomainName = d.Name
	}
	return c, len(c.In) > 0 || law.Public(&c.Law, &c.Window, l.on).Outcome == decision.Yes, nil
}

// OwnMatters are the matters that a subject may see of itself today, the newest first, with its present name.
func (s *Service) OwnMatters(ctx context.Context, key credit.Key) (all []MatterCheck, name string, err error) {
	today := credit.DateOf(s.c.Now())
	st, _, err := s.ledger.Standing(ctx, key, today, nil)
	if err != nil {
		return nil, "", err
	}
	l := &look{book: s.book(), organs: s.c.Organs, standing: st, region: s.c.Region, on: today}
	all, err = l.matters()
	return all, st.Name, err
}

// points are what deserves a look in a matter.
func (l *look) points(c *MatterCheck) (all []Point) {
	if c.Annulled != 0 && c.Annulled <= l.on {
		return nil
	}
	all = append(all, l.attribution(c)...)
	all = append(all, disputable(c, l.on)...)
	return append(all, l.ends(c)...)
}

// attribution is what suggests that a matter stands with the wrong subject, organ or domain.
func (l *look) attribution(c *MatterCheck) (all []Point) {
	add := func(format string, args ...any) {
		all = append(all, Point{Kind: PointAttribution, Text: fmt.Sprintf(format, args...)})
	}
	if n := c.Record.Name; n != "" && !c.Matter.Subject.Person() && !l.bore(n) {
		add("信息所载名称“%s”与现名称不同，如果不是曾用名称，请核对是否为本主体", n)
	}
	if c.Law.Organ == "" {
		add("认定机关“%s”不在机关目录中，所属领域可能不准", c.Record.Authority)
	}
	switch {
	case c.Domain == law.DomainUnknown:
		add("未能确定所属领域，报告单独列为“领域待核”")
	case len(c.Others) > 0:
		add("可能属于其他领域，相关领域在核实前不作结论")
	}
	return all
}

// bore tells whether a name is the present one or one under which a source registers the subject. Other names
// that sources used are no proof: a row that was put to the wrong subject brings its name along.
func (l *look) bore(name string) bool {
	name = credit.NormalName(name)
	if credit.NormalName(l.standing.Name) == name {
		return true
	}
	return slices.ContainsFunc(l.standing.Matters, func(m ledger.Matter) bool {
		return m.Kind == credit.Registration && slices.ContainsFunc(m.Assertions, func(a ledger.Assertion) bool {
			return credit.NormalName(a.Record.Name) == name
		})
	})
}

// disputable is what may be objected to: sources that differ, a class or a window that cannot be told, and
// dates and amounts that are doubtful. A kind that the rules never class, as criminal judgments, lacks none.
func disputable(c *MatterCheck, on credit.Date) (all []Point) {
	add := func(rule *law.Rule, text string) {
		all = append(all, Point{Kind: PointDisputable, Text: text, Rule: rule})
	}
	if c.Disputed {
		add(nil, "异议正在处理")
	}
	if c.Differ {
		add(nil, "不同来源的说法不一致，可以申请核实")
	}
	if c.Kind == credit.Penalty && c.Class.Class == law.ClassUnknown {
		add(c.Class.Rule, "无法确定失信信息类别，公示期无法计算")
	}
	if text := (c.Class.Findings &^ (law.DomainMissing | law.AssumedThreshold)).Chinese(); text != "" {
		add(c.Class.Rule, text)
	}
	if c.Class.Findings.Has(law.AssumedThreshold) {
		add(c.Class.Rule, "类别按金额确定，而金额界限尚无主管部门标准")
	}
	if c.Record.Decided > on {
		add(nil, "决定日期晚于今天")
	}
	if c.Record.Until != 0 && c.Record.Until < c.Record.Decided {
		add(nil, "有效期至早于决定日期")
	}
	return all
}

// ends is how a matter can end: by repair or early removal that may be asked for, or soon by itself.
func (l *look) ends(c *MatterCheck) (all []Point) {
	w := &c.Window
	if w.Over(l.on) || c.Repaired != 0 && c.Repaired <= l.on || c.Removed != 0 && c.Removed <= l.on {
		return nil
	}
	if w.Publishable == decision.Yes && w.ApplyFrom != 0 {
		what := "申请信用修复"
		if c.Kind.Listing() {
			what = "申请提前移出名单"
		}
		switch {
		case w.CourtOnly:
		case l.on >= w.ApplyFrom:
			all = append(all, Point{Kind: PointRepairable, Text: "最短公示期已满，可" + what, From: w.ApplyFrom, Rule: w.Rule})
		default:
			all = append(all, Point{Kind: PointLater, Text: w.ApplyFrom.Chinese() + "起可" + what, From: w.ApplyFrom, Rule: w.Rule})
		}
	}
	if w.Publishable == decision.Yes && w.HiddenFrom != 0 && w.HiddenFrom <= l.on.AddDays(endingDays) {
		all = append(all, Point{Kind: PointEnding, Text: "公示将在" + w.HiddenFrom.AddDays(-1).Chinese() + "届满后自动停止", From: w.HiddenFrom, Rule: w.Rule})
	}
	return all
}

// Checkup checks a subject before a report is issued. Nothing is issued and nothing is logged: the caller logs.
func (s *Service) Checkup(ctx context.Context, key credit.Key) (*Checkup, error) {
	today := credit.DateOf(s.c.Now())
	in, err := s.gather(ctx, Request{Key: key, Edition: "general"}, today)
	if err != nil {
		return nil, err
	}
	l := &look{book: in.book, organs: in.organs, standing: in.standing, region: s.c.Region, on: today}
	rules, err := l.rules(today)
	if err != nil {
		return nil, err
	}
	c := &Checkup{On: today}
	for _, ed := range rules.Editions() {
		e, err := l.edition(in, ed)
		if err != nil {
			return nil, err
		}
		c.Editions = append(c.Editions, e)
	}
	c.Matters, err = l.matters()
	return c, err
}

// edition is what one edition would say today.
func (l *look) edition(in *inputs, ed *law.Edition) (EditionCheck, error) {
	e := EditionCheck{ID: ed.ID, Name: ed.Name}
	in.settings.Edition = ed.ID
	made, err := compose(in)
	if err != nil {
		return e, err
	}
	e.Content = made.content
	for _, d := range e.Content.Domains {
		e.Counted += d.Records
		switch d.State {
		case Found:
			e.Found++
		case Late:
			e.Late++
		case NoData:
			e.NoData++
		}
	}
	var adverse []*ledger.Matter
	for i := range l.standing.Matters {
		if m := &l.standing.Matters[i]; m.Kind.Adverse() {
			adverse = append(adverse, m)
		}
	}
	e.CleanFrom, err = l.cleanFrom(ed.ID, adverse)
	return e, err
}

// PublicUntil is the first day on which publicity of the matter will have ended by itself; 0 for no such day or
// for one that is not public.
func (c *MatterCheck) PublicUntil() credit.Date {
	if c.Window.Publishable != decision.Yes {
		return 0
	}
	return c.Window.HiddenFrom
}

// RepairFrom is the first day on which repair or early removal of the matter may be asked for; 0 for none.
func (c *MatterCheck) RepairFrom() credit.Date {
	for _, p := range c.Points {
		if p.Kind == PointRepairable || p.Kind == PointLater {
			return p.From
		}
	}
	return 0
}

// Standings are how the newest documents of a subject stand today, up to limit of them.
func (s *Service) Standings(ctx context.Context, key credit.Key, limit int) (map[string]Status, error) {
	lines, err := s.Documents(ctx, key, "", limit)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Status, len(lines))
	for _, l := range lines {
		if all[l.Number], _, err = s.status(ctx, key, l.Number); err != nil {
			return nil, err
		}
	}
	return all, nil
}
