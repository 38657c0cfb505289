package law

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

// scenarioFile is one file of scenarios, written so that an official can read it.
type scenarioFile struct {
	Title     string     `yaml:"title"`
	Scenarios []scenario `yaml:"scenarios"`
}

type scenario struct {
	Name   string  `yaml:"name"`
	Adopt  []edit  `yaml:"adopt"` // changes of the proposals before the scenario
	Given  given   `yaml:"given"`
	Then   []then  `yaml:"then"`
	Period []ask   `yaml:"period"`
	Region []local `yaml:"region"`
	Assign []owner `yaml:"assign"`
	file   string
}

type edit struct {
	Set     string `yaml:"set"`
	Replace string `yaml:"replace"`
	With    string `yaml:"with"`
}

type given struct {
	Kind         kindAt           `yaml:"kind"`
	Person       bool             `yaml:"person"`
	Penalties    []penaltyAt      `yaml:"penalties"`
	Procedure    string           `yaml:"procedure"`
	Fine         string           `yaml:"fine_yuan"`
	Confiscated  string           `yaml:"confiscated_yuan"`
	Decided      credit.Date      `yaml:"decided"`
	Until        credit.Date      `yaml:"until"`
	Removed      credit.Date      `yaml:"removed"`
	Repaired     credit.Date      `yaml:"repaired"`
	Annulled     credit.Date      `yaml:"annulled"`
	Corrected    credit.Date      `yaml:"corrected"`
	Restriction  credit.Date      `yaml:"restriction_until"`
	Disputed     bool             `yaml:"disputed"`
	Shielded     bool             `yaml:"shielded"`
	Necessary    bool             `yaml:"publication_necessary"`
	List         string           `yaml:"list"`
	Domain       string           `yaml:"domain"`
	Sector       string           `yaml:"sector"`
	ClaimedClass Class            `yaml:"claimed_class"`
	DutiesDone   decision.Outcome `yaml:"duties_done"`
	Barred       credit.Date      `yaml:"barred_until"`
	Ruling       credit.Date      `yaml:"ruling"`
}

// then is what is expected on a day; a field left out is not looked at.
type then struct {
	On        credit.Date       `yaml:"on"`
	Class     *classAt          `yaml:"class"`
	ClassRule string            `yaml:"class_rule"`
	Findings  *[]string         `yaml:"findings"`
	Window    string            `yaml:"window"` // "min 2026-07-10, apply 2026-07-11, max 2027-04-10, hidden 2027-04-11"
	Rule      string            `yaml:"window_rule"`
	CourtOnly *bool             `yaml:"court_only"`
	Public    *decision.Outcome `yaml:"public"`
	Because   string            `yaml:"because"` // rule of the public answer
	Report    map[string]string `yaml:"report"`  // by rule set/edition
	Automatic map[string]string `yaml:"automatic"`
	Cites     string            `yaml:"cites"`  // part of what a user is shown as the source of the class
	Repair    string            `yaml:"repair"` // "yes from 2026-07-11 by national", with what is missing: "no from ... by ...: condition.rule no, ..."
	Ends      *credit.Date      `yaml:"repair_ends"`
	Shield    *decision.Outcome `yaml:"shield"`
	Bar       string            `yaml:"bar"` // after false material that is found on the day
}

type ask struct {
	RuleSet string      `yaml:"ruleset"`
	From    credit.Date `yaml:"from"`
	To      credit.Date `yaml:"to"`
	Today   credit.Date `yaml:"today"`
	Domains []string    `yaml:"domains"`
	Answer  string      `yaml:"answer"` // ok, or the code of the error
	Says    string      `yaml:"says"`   // part of the message
	Default string      `yaml:"default"`
}

type local struct {
	ID        string      `yaml:"id"`
	On        credit.Date `yaml:"on"`
	RuleSet   string      `yaml:"ruleset"`
	Clock     string      `yaml:"clock"`
	Is        string      `yaml:"is"`
	DataStart credit.Date `yaml:"data_start"`
	Name      string      `yaml:"name"`
}

type owner struct {
	Kind     kindAt      `yaml:"kind"`
	Organ    string      `yaml:"organ"` // as typed by the source
	DocNo    string      `yaml:"doc_no"`
	List     string      `yaml:"list"`
	Claimed  string      `yaml:"claimed"`
	Override string      `yaml:"override"`
	Decided  credit.Date `yaml:"decided"`
	Domain   string      `yaml:"domain"`
	How      string      `yaml:"how"`
	Open     []string    `yaml:"open"` // other domains to which it may belong
}

func scenarios(t testing.TB) []scenario {
	t.Helper()
	files, err := filepath.Glob("scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var all []scenario
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var file scenarioFile
		if err := strict(body, &file); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for _, s := range file.Scenarios {
			s.file = strings.TrimSuffix(filepath.Base(f), ".yaml")
			all = append(all, s)
		}
	}
	return all
}

func register(t testing.TB) *Register {
	t.Helper()
	body, err := os.ReadFile("testdata/organs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := ReadRegister(body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runner runs scenarios on a collection of adopted rule sets and notes which rules answered.
type runner struct {
	adopted []Adopted
	book    *Book
	organs  *Register
	used    map[string][]string // scenario names by rule
}

func newRunner(t testing.TB, adopted []Adopted) (*runner, error) {
	b, err := bookOf(adopted)
	return &runner{adopted, b, register(t), map[string][]string{}}, err
}

func (r *runner) use(s *scenario, rule *Rule) {
	if name := s.file + "：" + s.Name; rule != nil && !slices.Contains(r.used[rule.ID], name) {
		r.used[rule.ID] = append(r.used[rule.ID], name)
	}
}

// run returns what did not come out as the scenario says.
func (r *runner) run(s *scenario) []string {
	book := r.book
	if len(s.Adopt) > 0 {
		var err error
		if book, err = r.edited(s.Adopt); err != nil {
			return []string{err.Error()}
		}
	}
	m, err := s.Given.matter()
	if err != nil {
		return []string{err.Error()}
	}
	x := &check{runner: r, s: s, book: book}
	for i := range s.Then {
		x.then(m, &s.Then[i])
	}
	for _, a := range s.Period {
		x.period(a)
	}
	for _, l := range s.Region {
		x.region(l)
	}
	for _, o := range s.Assign {
		x.assign(o)
	}
	if len(s.Then)+len(s.Period)+len(s.Region)+len(s.Assign) == 0 {
		x.want("anything", "nothing", "an expectation")
	}
	return x.wrong
}

func (r *runner) edited(edits []edit) (*Book, error) {
	adopted := slices.Clone(r.adopted)
	for _, e := range edits {
		found := false
		for i := range adopted {
			set, err := ReadSet(adopted[i].Body)
			if err != nil {
				return nil, err
			}
			if set.ID == e.Set && strings.Contains(string(set.Body), e.Replace) {
				adopted[i] = Adopted{Body: []byte(strings.Replace(string(set.Body), e.Replace, e.With, 1)), Author: "甲", Approver: "乙"}
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("rule set %s has no %q to replace", e.Set, e.Replace)
		}
	}
	return bookOf(adopted)
}

// bookOf is NewBook that reads each text once in all tests.
func bookOf(adopted []Adopted) (*Book, error) {
	return newBook(adopted, func(s Set) (part, error) {
		if p, ok := parts.Load(s.Digest); ok {
			return p.(part), nil
		}
		p, err := readPart(s)
		if err == nil {
			parts.Store(s.Digest, p)
		}
		return p, err
	})
}

var parts sync.Map // part by digest

func (g *given) matter() (*Matter, error) {
	m := &Matter{Kind: g.Kind.V, SubjectIsPerson: g.Person, Procedure: procedures[g.Procedure], Decided: g.Decided, Until: g.Until, Removed: g.Removed,
		Repaired: g.Repaired, Annulled: g.Annulled, Corrected: g.Corrected, RestrictionUntil: g.Restriction, Disputed: g.Disputed, Shielded: g.Shielded,
		PublicationNecessary: g.Necessary, List: g.List, Domain: g.Domain, Sector: g.Sector, ClaimedClass: g.ClaimedClass, DutiesDone: g.DutiesDone}
	for _, k := range g.Penalties {
		m.Penalties |= credit.PenaltySet(credit.PenaltyKind(k.V))
	}
	for text, amount := range map[string]*credit.Amount{g.Fine: &m.Fine, g.Confiscated: &m.Confiscated} {
		if text != "" {
			fen, err := credit.ParseYuan(text)
			if err != nil {
				return nil, err
			}
			*amount = credit.Amount{Fen: fen, Known: true}
		}
	}
	return m, nil
}

type check struct {
	*runner
	s     *scenario
	book  *Book
	at    string
	wrong []string
}

func (x *check) want(what, got, want string) {
	if got != want {
		x.wrong = append(x.wrong, fmt.Sprintf("%s%s: got %q, want %q", x.at, what, got, want))
	}
}

func (x *check) then(m *Matter, e *then) {
	x.at = e.On.String() + " "
	c, w := x.book.Assess(m, e.On)
	p := x.book.Public(m, e.On)
	x.use(x.s, c.Rule)
	x.use(x.s, w.Rule)
	x.use(x.s, p.Rule)
	if e.Class != nil {
		x.want("class", c.Class.String(), e.Class.V.String())
	}
	if e.ClassRule != "" {
		x.want("class rule", c.Rule.Name(), e.ClassRule)
	}
	if e.Findings != nil {
		x.want("findings", strings.Join(c.Findings.Codes(), " "), strings.Join(*e.Findings, " "))
	}
	if e.Window != "" {
		x.want("window", window(&w), e.Window)
	}
	if e.Rule != "" {
		x.want("window rule", w.Rule.Name(), e.Rule)
	}
	if e.CourtOnly != nil {
		x.want("court only", fmt.Sprint(w.CourtOnly), fmt.Sprint(*e.CourtOnly))
	}
	if e.Public != nil {
		x.want("public", p.Outcome.String(), e.Public.String())
	}
	if e.Because != "" {
		x.want("public rule", p.Rule.Name(), e.Because)
	}
	if e.Cites != "" {
		x.want("citation", x.book.ExplainClass(m, e.On)[0].Citation(), e.Cites)
	}
	x.repair(m, e)
	for edition, want := range e.Report {
		x.want(edition, x.judge(edition, m, &c, &w, e.On, false), want)
	}
	for edition, want := range e.Automatic {
		x.want(edition+" automatic", x.judge(edition, m, &c, &w, e.On, true), want)
	}
}

func (x *check) repair(m *Matter, e *then) {
	if e.Bar != "" {
		until, shown, rule := x.book.RepairRules(e.On).Bar(e.On)
		x.use(x.s, rule)
		x.want("bar", fmt.Sprintf("barred to %s, shown to %s", until, shown), e.Bar)
	}
	if e.Repair == "" && e.Shield == nil && e.Ends == nil {
		return
	}
	r := x.book.Repair(m, RepairFacts{BarredUntil: x.s.Given.Barred, Ruling: x.s.Given.Ruling}, e.On)
	x.use(x.s, r.RouteRule)
	for _, d := range []decision.Decision{r.Decision, r.Shield} {
		for _, why := range d.Reasons {
			x.use(x.s, &Rule{ID: why.Rule})
		}
	}
	if rules := x.book.RepairRules(e.On); rules != nil {
		x.use(x.s, rules.Commitment)
	}
	if e.Repair != "" {
		x.want("repair", repairText(&r), e.Repair)
	}
	if e.Ends != nil {
		x.want("ends", r.Ends.String(), e.Ends.String())
	}
	if e.Shield != nil {
		x.want("shield", r.Shield.Outcome.String(), e.Shield.String())
	}
}

// repairText is an answer in one line: outcome, first day, entrance, and the rules of what is missing.
func repairText(r *RepairAnswer) string {
	s := r.Decision.Outcome.String()
	if r.From != 0 {
		s += " from " + r.From.String()
	}
	if r.RouteRule != nil {
		s += " by " + r.Route.String()
	}
	sep := ": "
	for _, why := range r.Decision.Blocking() {
		s += sep + why.Rule + " " + why.Outcome.String()
		sep = ", "
	}
	return s
}

func (x *check) judge(path string, m *Matter, c *ClassAnswer, w *Window, on credit.Date, automatic bool) string {
	set, edition, _ := strings.Cut(path, "/")
	rules, err := x.book.ReportRulesByID(set, on)
	if err != nil {
		return err.Error()
	}
	e, err := rules.Edition(edition)
	if err != nil {
		return err.Error()
	}
	j := e.Judge(m, c, w, on)
	x.use(x.s, j.Rule)
	x.use(x.s, rules.record(m))
	x.use(x.s, e.Rule)
	if automatic {
		return j.Adverse.String()
	}
	if !j.Shown {
		return "hidden by " + j.Rule.Name()
	}
	said := "shown in " + j.Detail.String()
	if mark := j.Mark(); mark != "" {
		said += "，" + mark
	}
	if !j.Counts {
		said += "，not counted"
	}
	return said
}

func window(w *Window) string {
	if w.Open {
		s := "open"
		if w.ApplyFrom != 0 {
			s += ", apply " + w.ApplyFrom.String()
		}
		return s
	}
	var parts []string
	for _, p := range []struct {
		name string
		date credit.Date
	}{{"min", w.MinEnd}, {"apply", w.ApplyFrom}, {"max", w.MaxEnd}, {"hidden", w.HiddenFrom}} {
		if p.date != 0 {
			parts = append(parts, p.name+" "+p.date.String())
		}
	}
	if len(parts) == 0 {
		return "unknown"
	}
	return strings.Join(parts, ", ")
}

func (x *check) period(a ask) {
	x.at = fmt.Sprintf("%s to %s ", a.From, a.To)
	rules, err := x.book.ReportRulesByID(a.RuleSet, a.Today)
	if err != nil {
		x.want("rule set", err.Error(), "")
		return
	}
	p := rules.Period()
	x.use(x.s, p.Rule)
	if a.Default != "" {
		from, to := p.Default(a.Today, a.Domains)
		x.want("default", from.String()+" "+to.String(), a.Default)
		if err := p.Check(from, to, a.Today, a.Domains, x.book.Domains(a.Today)); err != nil {
			x.want("default", err.Error(), "a period that is allowed")
		}
	}
	if a.Answer == "" {
		return
	}
	got, says := "ok", ""
	if err := p.Check(a.From, a.To, a.Today, a.Domains, x.book.Domains(a.Today)); err != nil {
		var pe *PeriodError
		if errors.As(err, &pe) {
			got, says = pe.Code, pe.Message
		}
	}
	x.want("answer", got, a.Answer)
	if !strings.Contains(says, a.Says) {
		x.want("message", says, a.Says)
	}
}

func (x *check) region(l local) {
	x.at = l.ID + " " + l.On.String() + " "
	r, err := x.book.Region(l.ID, l.On)
	if err != nil {
		x.want("region", err.Error(), "")
		return
	}
	if l.Name != "" {
		x.want("name", r.Name, l.Name)
	}
	if l.RuleSet != "" {
		rules, err := x.book.ReportRules(r, l.On)
		got := "none"
		if err == nil {
			got = rules.Set.ID
		}
		x.want("rule set", got, l.RuleSet)
		for _, c := range r.reports {
			if c.ruleSet == got {
				x.use(x.s, c.rule)
			}
		}
	}
	if l.DataStart != 0 {
		x.want("data start", r.DataStart.String(), l.DataStart.String())
	}
	if l.Clock != "" {
		c, ok := r.Clock(l.Clock)
		x.use(x.s, c.Rule)
		unit := "days"
		if c.WorkingDays {
			unit = "working days"
		}
		if got := fmt.Sprint(c.Value, " ", unit); ok || l.Is != "" {
			x.want(l.Clock, got, l.Is)
		}
	}
}

func (x *check) assign(o owner) {
	x.at = o.Organ + " " + o.DocNo + " "
	organ, _ := x.organs.Resolve(o.Organ, "", o.Decided)
	d := x.book.AssignDomain(Assignment{Kind: o.Kind.V, Organ: organ, Authority: o.Organ, DocNo: credit.NormalDocNo(o.DocNo), List: o.List, Claimed: o.Claimed, Override: o.Override}, o.Decided)
	x.want("domain", d.ID, o.Domain)
	x.want("open", strings.Join(d.Others, " "), strings.Join(o.Open, " "))
	if o.How != "" {
		x.want("how", d.How, o.How)
	}
	if l, ok := x.book.Lists(o.Decided).Find(o.List); ok {
		x.use(x.s, l.Rule)
	}
	if dom, ok := x.book.Domains(o.Decided).Find(d.ID); ok {
		x.use(x.s, dom.Rule)
	}
}

func TestScenarios(t *testing.T) {
	r, err := newRunner(t, AdoptProposals(20260101, "岚海省社会信用中心"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios(t) {
		t.Run(s.file+"/"+s.Name, func(t *testing.T) {
			for _, w := range r.run(&s) {
				t.Error(w)
			}
		})
	}
}
