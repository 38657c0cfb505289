package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/follow"
	"xinban/internal/report"
	"xinban/internal/statement"
)

// Days before the demo's date on which it was used.
const (
	useDays    = 60 // since the first report
	askedDays  = 27 // the request that is overdue: ten working days and three more are past
	answerDays = 20 // the request that is answered
	portDays   = 12 // the one of another firm that the port's organ has answered
	openDays   = 3  // the one that waits for it
	followDays = 30 // the firm of the demo account follows its record
)

// SeedUse lets a demo look as if it had been in use for a while: reports of sixty days through several channels, a
// follower with messages, and requests for statements: answered, waiting and overdue. Everything is done as people
// would do it, on the days on which they would have. It does nothing the second time.
func (w *Web) SeedUse(ctx context.Context, p *demo.Province) error {
	mark := filepath.Join(w.Config.Data, "used")
	if _, err := os.Stat(mark); err == nil || w.clock == nil {
		return nil
	}
	today := credit.DateOf(w.Now())
	defer w.clock.from.Store(w.clock.from.Load())
	firms, err := w.Ledger.NamesFrom(ctx, "岚港", "", "", 80)
	if err != nil {
		return err
	}
	u := &use{Web: w, today: today, random: rand.New(rand.NewPCG(2026, 518)), own: map[credit.Key]bool{}}
	for _, x := range p.Accounts() {
		u.own[x.SubjectKey] = true
	}
	for _, f := range firms {
		if !u.own[f.Key] && f.Class == credit.Organisation && f.Key.Scheme() == "" {
			u.firms = append(u.firms, f.Key)
		}
	}
	for day := useDays; day > 0; day-- {
		if err := u.live(ctx, p.ShowcaseSubject().Key, day); err != nil {
			return fmt.Errorf("app: using the demo: %w", err)
		}
	}
	return os.WriteFile(mark, []byte(today.String()+"\n"), 0o640)
}

// use is what people do on the days before the demo's date.
type use struct {
	*Web
	today  credit.Date
	random *rand.Rand
	firms  []credit.Key
	own    map[credit.Key]bool // subjects of the demo's accounts, whose pages stay as a visitor leaves them
}

// live is one day.
func (u *use) live(ctx context.Context, key credit.Key, before int) error {
	day := u.today.AddDays(-before)
	u.clock.from.Store(noon(day))
	work, _ := u.Calendar.IsWorkday(day)
	if err := u.issues(ctx, work, before); err != nil {
		return err
	}
	if before == followDays {
		if err := u.follows(ctx, key); err != nil {
			return err
		}
	}
	return u.statements(ctx, key, before)
}

// share is a choice with how often it is made.
type share struct {
	word string
	n    int
}

var (
	useChannels = []share{{string(audit.Page), 9}, {string(audit.API), 4}, {string(audit.Window), 4}, {string(audit.Kiosk), 3}, {string(audit.Group), 3},
		{string(audit.Embedded), 2}, {string(audit.Authorised), 2}, {string(audit.Organ), 1}}
	useEditions = []share{{"general", 6}, {"administration", 3}, {"listing", 1}}
	usePurposes = []share{{"招投标", 5}, {"贷款", 4}, {"行政审批", 3}, {"上市", 1}, {"资金奖励", 1}, {"", 2}}
)

func (u *use) pick(all []share) string {
	sum := 0
	for _, s := range all {
		sum += s.n
	}
	n := u.random.IntN(sum)
	for _, s := range all {
		if n -= s.n; n < 0 {
			return s.word
		}
	}
	return ""
}

// issues makes the reports of a day: few on days of rest, more as the time goes on.
func (u *use) issues(ctx context.Context, work bool, before int) error {
	n := u.random.IntN(2)
	if work {
		n = 1 + u.random.IntN(3) + (useDays-before)/30
	}
	for range n {
		if len(u.firms) == 0 {
			return nil
		}
		key := u.firms[u.random.IntN(len(u.firms))]
		who := audit.Actor{ID: "demo", Name: "演示用户", Role: string(account.Enterprise), Channel: u.pick(useChannels)}
		_, err := u.Report.Issue(ctx, report.Request{Key: key, Edition: u.pick(useEditions), Purpose: u.pick(usePurposes)}, who)
		var bad *report.RequestError
		if err != nil && !errors.As(err, &bad) {
			return err
		}
	}
	return nil
}

// person is an account of the demo as it stands at a page.
func (u *use) person(ctx context.Context, login string) (account.Principal, error) {
	a, err := u.Accounts.ByLogin(ctx, login)
	return account.Principal{ID: a.ID, Login: a.Login, Name: a.Name, Roles: a.Roles, Organ: a.Organ, OrganOf: a.OrganOf, Subjects: a.Subjects, Channel: account.ChannelPage}, err
}

func (u *use) follows(ctx context.Context, key credit.Key) error {
	me, err := u.person(ctx, "enterprise")
	if err != nil {
		return err
	}
	return u.Following.Subscribe(ctx, follow.Subscription{Subject: key, Account: me.ID, Events: follow.Events(), Days: 30})
}

// statements are the requests of a day. The firm of the demo account has one that is answered and one that is overdue; its
// penalty of the port's organ is left to the visitor. For the port's clerk others have asked.
func (u *use) statements(ctx context.Context, key credit.Key, before int) error {
	me, err := u.person(ctx, "enterprise")
	if err != nil {
		return err
	}
	port, err := u.person(ctx, "clerk-port")
	if err != nil {
		return err
	}
	switch before {
	case askedDays, answerDays:
		_, err = u.asks(ctx, me, key, func(code string) bool { return code != port.Organ }, before == answerDays)
		return err
	case portDays, openDays:
		return u.othersAsk(ctx, port, before == portDays)
	}
	return nil
}

// othersAsk lets another firm ask the port's organ.
func (u *use) othersAsk(ctx context.Context, port account.Principal, answered bool) error {
	for _, key := range u.firms {
		me := account.Principal{ID: "demo", Login: "demo", Name: "演示用户", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{key}}
		if asked, err := u.asks(ctx, me, key, port.ForOrgan, answered); asked || err != nil {
			return err
		}
	}
	return nil
}

// asks asks for a statement on a penalty of an organ, if there is one left, and lets the organ answer it.
func (u *use) asks(ctx context.Context, me account.Principal, key credit.Key, of func(code string) bool, answered bool) (asked bool, err error) {
	own, _, err := u.Report.OwnMatters(ctx, key)
	if err != nil {
		return false, err
	}
	for i := range own {
		m := &own[i]
		o, ok := u.Organs.Responsible(m.Law.Organ, m.Domain, u.today)
		if m.Kind != credit.Penalty || !ok || !of(o.Code) {
			continue
		}
		c, err := u.Statement.Ask(ctx, me, key, m.ID.String(), "拟申请上市，请说明该行为是否属于重大违法。违法行为已经改正，罚款已经缴清。")
		if errors.Is(err, statement.ErrOpen) || errors.Is(err, statement.ErrHas) || errors.Is(err, statement.ErrNoPenalty) {
			continue
		}
		if err != nil || !answered {
			return err == nil, err
		}
		clerk := account.Principal{ID: "demo", Login: "demo", Name: o.Name + "演示经办人", Roles: []account.Role{account.Clerk}, Organ: o.Code, OrganOf: o.Name}
		_, err = u.Statement.Answer(ctx, clerk, &c, lightOfDemo)
		return true, err
	}
	return false, nil
}

var lightOfDemo = statement.Answer{Verdict: statement.NotMajor,
	Reasons: "该违法行为情节轻微，未造成危害后果，当事人主动改正并按期缴纳罚款。\n罚款数额处于法定幅度的较低档次，未适用从重处罚情节。",
	Basis:   "《中华人民共和国行政处罚法》第三十二条、第三十三条"}
