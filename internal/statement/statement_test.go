package statement

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

const (
	today  = credit.Date(20260518)
	firm   = credit.Key("91000000MA0000018A")
	matter = "00000000000000000000000000000001"
	market = "11000100MB90000008"
	merged = "11000100MB90000016"
)

const register = `set: organ
id: lanhai
title: 岚海省机关目录（演示）
effective_from: 2020-01-01
source: 演示数据
sureness: assumed
organs:
  - {id: old, code: "11000100MB90000008", name: 岚港市城管局, region: "000100", domains: [market], succession: [{on: 2026-06-01, to: new, how: merger}]}
  - {id: new, code: "11000100MB90000016", name: 岚港市综合执法局, region: "000100", domains: [market]}
`

// office is a service with a clock that tests move and one penalty.
type office struct {
	*Service
	t       *testing.T
	db      *store.DB
	box     *outbox.Outbox
	sent    []outbox.Message
	told    []string // by account and number
	changed []string // numbers of statements that ended

	mu  sync.Mutex
	now time.Time
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) on(day credit.Date) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = day.Time().Add(9 * time.Hour)
}

func (o *office) Penalty(_ context.Context, subject credit.Key, id string) (Penalty, error) {
	if subject != firm || id != matter && !strings.HasPrefix(id, "walk") {
		return Penalty{}, ErrNoPenalty
	}
	return Penalty{ID: id, Subject: "岚港演示远航有限公司", DocNo: "岚市监罚〔2026〕1号", Authority: "岚港市城管局", Organ: "old", Domain: "market", DomainName: "市场监管",
		Decided: 20260410, Content: "罚款"}, nil
}

func (o *office) StatementAnswered(_ *store.Tx, _ credit.Key, asker, number, _ string) error {
	o.told = append(o.told, asker+" "+number)
	return nil
}

func (o *office) StatementLate(_ *store.Tx, _ credit.Key, asker, _ string) error {
	o.told = append(o.told, asker+" late")
	return nil
}

var fonts = sync.OnceValues(font.Load)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, db: db, now: today.Time().Add(9 * time.Hour)}
	must(t, audit.Migrate(t.Context(), db))
	cases, err := casework.New(t.Context(), db, o.clock, Machine())
	must(t, err)
	o.box, err = outbox.New(t.Context(), db, o.clock, map[string]outbox.Sender{"desk": func(_ context.Context, m outbox.Message) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.sent = append(o.sent, m)
		return nil
	}})
	must(t, err)
	books, err := adopted.Open(t.Context(), db, today, o.now.UnixMilli())
	must(t, err)
	organs, err := law.ReadRegister([]byte(register))
	must(t, err)
	keys, err := seal.LoadOrCreate(t.TempDir(), "岚海省公共信用中心", o.now)
	must(t, err)
	f, err := fonts()
	must(t, err)
	o.Service, err = New(t.Context(), Config{DB: db, Cases: cases, Outbox: o.box, Matters: o, Teller: o, Organs: organs, Books: books.Book, Calendar: workday.Default(),
		Keys: keys, Fonts: f, Writer: pdf.NewWriter(f), Now: o.clock, Issuer: "岚海省公共信用中心", Verify: "http://127.0.0.1/verify", Demo: true,
		Changed: func(_ context.Context, _ *store.Tx, _ credit.Key, number string) error {
			o.changed = append(o.changed, number)
			return nil
		}})
	must(t, err)
	return o
}

var asker = account.Principal{ID: "1", Login: "firm", Name: "企业", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{firm}}

func clerk(code string) account.Principal {
	return account.Principal{ID: "2", Login: "clerk", Name: "经办人", Roles: []account.Role{account.Clerk}, Organ: code}
}

func (o *office) ask() casework.Case {
	o.t.Helper()
	c, err := o.Ask(o.t.Context(), asker, firm, matter, "拟上市")
	must(o.t, err)
	return c
}

var light = Answer{Verdict: NotMajor, Reasons: "情节轻微，已改正", Basis: "《行政处罚法》第三十二条"}

func (o *office) answer() *Signed {
	o.t.Helper()
	c := o.ask()
	number, err := o.Answer(o.t.Context(), clerk(market), &c, light)
	must(o.t, err)
	d, err := o.load(o.t.Context(), firm, number)
	must(o.t, err)
	return d
}

func TestOneRequestAtATimeAndNoneWhileAStatementStands(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		c := o.ask()
		if _, err := o.Ask(t.Context(), asker, firm, matter, ""); !errors.Is(err, ErrOpen) {
			t.Errorf("asked twice: %v", err)
		}
		if _, err := o.Ask(t.Context(), asker, firm, "none", ""); !errors.Is(err, ErrNoPenalty) {
			t.Errorf("no penalty: %v", err)
		}
		must(t, o.Withdraw(t.Context(), asker, &c))
		if err := o.Withdraw(t.Context(), asker, &c); !errors.Is(err, casework.ErrMove) {
			t.Errorf("withdrawn twice: %v", err)
		}
		d := o.answer()
		if _, err := o.Ask(t.Context(), asker, firm, matter, ""); !errors.Is(err, ErrHas) {
			t.Errorf("asked while a statement stands: %v", err)
		}
		c, err := o.c.Cases.Find(t.Context(), d.Content.Request)
		must(t, err)
		must(t, o.Retract(t.Context(), clerk(market), &c, d.Content.Number, "依据有误"))
		o.ask()
	})
}

// The organ that decided answers until its duties move; from then on its successor does, and nobody else ever.
func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	c := o.ask()
	other := clerk(merged)
	other.Roles = []account.Role{account.Centre}
	for _, x := range []struct {
		on  credit.Date
		who account.Principal
		may bool
	}{
		{today, clerk(market), true}, {today, clerk(merged), false}, {today, asker, false}, {today, account.Principal{}, false},
		{20260601, clerk(market), false}, {20260601, clerk(merged), true}, {20260601, other, false},
	} {
		o.on(x.on)
		if got := o.may(x.who, &c) == nil; got != x.may {
			t.Errorf("on %s %s of %s: %v, want %v", x.on, x.who.Login, x.who.Organ, got, x.may)
		}
		if !x.who.Has(account.Clerk) {
			continue
		}
		cases, _, err := o.Desk(t.Context(), x.who, nil, 10)
		if must(t, err); len(cases) == 1 != x.may {
			t.Errorf("on %s the desk of %s holds %d", x.on, x.who.Organ, len(cases))
		}
	}
	o.on(20260601)
	if _, err := o.Answer(t.Context(), clerk(market), &c, light); !errors.Is(err, ErrNotYours) {
		t.Errorf("the organ of before answers: %v", err)
	}
	number, err := o.Answer(t.Context(), clerk(merged), &c, light)
	must(t, err)
	d, err := o.load(t.Context(), firm, number)
	if must(t, err); d.Content.Organ != "岚港市综合执法局" || d.Content.Authority != "岚港市城管局" {
		t.Errorf("%s answers for %s", d.Content.Organ, d.Content.Authority)
	}
}

func TestADeskIsPaged(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	for _, id := range []string{"walk1", "walk2", "walk3"} {
		_, err := o.Ask(t.Context(), asker, firm, id, "")
		must(t, err)
	}
	first, next, err := o.Desk(t.Context(), clerk(market), nil, 2)
	must(t, err)
	rest, end, err := o.Desk(t.Context(), clerk(market), next, 2)
	if must(t, err); len(first) != 2 || len(rest) != 1 || end != nil {
		t.Errorf("%d and %d requests, then %v", len(first), len(rest), end)
	}
}

// Ten working days from 2026-05-18 end on 2026-06-01; a day past the last published year is provisional and fires nothing.
func TestTheLimitIsAssumedAndNeverFiresOnAProvisionalDay(t *testing.T) {
	t.Parallel()
	cal := workday.Default()
	l := limitOf(&law.Region{}, DefaultDays)
	if l.sureness.Citable() || !l.working {
		t.Error("the default limit passes for law")
	}
	due := l.due(cal, today)
	if due.Date != 20260601 || due.Provisional {
		t.Errorf("due %+v", due)
	}
	if r := reminders(cal, due); r[beforeName] != 20260529 || r[afterName] != 20260602 {
		t.Errorf("reminders %v", r)
	}
	late := l.due(cal, 20261225)
	if !late.Provisional || len(reminders(cal, late)) != 0 {
		t.Errorf("%+v with reminders %v", late, reminders(cal, late))
	}
	if overdue(casework.Deadline{Due: 20260601, Provisional: true}, 20260701) {
		t.Error("overdue by a provisional day")
	}
}

// The desk is reminded on the working day before and after the last day, once each, and not of what was answered.
func TestDesksAreRemindedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		c := o.ask()
		for _, x := range []struct {
			on   credit.Date
			want int
		}{{today, 1}, {20260528, 1}, {20260529, 2}, {20260529, 2}, {20260601, 2}, {20260602, 3}, {20260603, 3}, {20260604, 4}, {20260605, 4}} {
			o.on(x.on)
			_, err := o.Remind(t.Context())
			must(t, err)
			_, err = o.box.Send(t.Context())
			if must(t, err); len(o.sent) != x.want {
				t.Fatalf("on %s: %d messages, want %d", x.on, len(o.sent), x.want)
			}
		}
		for i, want := range []string{"organ:" + market, "organ:" + market, "organ:" + merged, "centre"} {
			if o.sent[i].Target != "desk:"+want {
				t.Errorf("message %d went to %s, want %s", i, o.sent[i].Target, want)
			}
		}
		if !slices.Equal(o.told, []string{"1 late"}) {
			t.Errorf("who asked was told %v", o.told)
		}
		for _, m := range o.sent {
			if strings.Contains(m.Body, "岚港") || strings.Contains(m.Body, string(firm)) {
				t.Errorf("the message tells %s", m.Body)
			}
		}
		line, err := (&pages{Service: o.Service}).lines(t.Context(), []casework.Case{c})
		if must(t, err); !line[0].Overdue {
			t.Error("not shown as overdue")
		}
		_, err = o.Answer(t.Context(), clerk(merged), &c, light)
		must(t, err)
		if due, err := o.due(t.Context(), &c); err != nil || due.Due != 0 {
			t.Errorf("an answered request is due on %s, %v", due.Due, err)
		}
	})
}

func TestAReminderThatWasMissedIsNotGivenLate(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.ask()
	o.on(20260603)
	_, err := o.Remind(t.Context())
	must(t, err)
	_, err = o.box.Send(t.Context())
	must(t, err)
	var kinds []string
	for _, m := range o.sent {
		kinds = append(kinds, strings.Split(m.Topic, ":")[0])
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{afterName, askedName}) {
		t.Errorf("messages %v", kinds)
	}
}

func TestAStatementIsVerified(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		d := o.answer()
		c := d.Content
		v, err := o.LookUp(t.Context(), strings.ToLower(c.Number), c.Code)
		if must(t, err); !v.Unaltered || !v.Trusted || v.Status != Valid || v.Content.Verdict != NotMajor {
			t.Errorf("%+v", v)
		}
		if _, err := o.LookUp(t.Context(), c.Number, "44444444"); !errors.Is(err, ErrNoStatement) {
			t.Errorf("a wrong code: %v", err)
		}
		forged := bytes.Replace(d.Envelope, []byte("not_major"), []byte("major"), 1)
		changed := bytes.Replace(d.Paper, []byte("%%EOF"), []byte("%%EOF\n%x"), 1)
		for name, x := range map[string]struct {
			file      []byte
			none      bool
			unaltered bool
			status    Status
		}{
			"the signed data": {d.Envelope, false, true, Valid}, "the paper": {d.Paper, false, true, Valid},
			"another verdict": {forged, false, false, Unknown}, "a changed paper": {append(changed, ' '), false, false, Unknown},
			"nothing of ours": {[]byte("hello"), true, false, Unknown},
		} {
			v, err := o.VerifyFile(t.Context(), x.file)
			must(t, err)
			if (v == nil) != x.none || v != nil && (v.Unaltered != x.unaltered || v.Status != x.status || (v.Content != nil) != (x.status == Valid)) {
				t.Errorf("%s: %+v", name, v)
			}
		}
	})
}

// What the organ replaces or withdraws stays, with the reason; a statement that has ended cannot end again.
func TestStatementsAreReplacedAndWithdrawnWithAReason(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		old := o.answer()
		c, err := o.c.Cases.Find(t.Context(), old.Content.Request)
		must(t, err)
		next := light
		next.Verdict, next.Why = Major, "查明新的事实"
		if _, err := o.Replace(t.Context(), clerk(merged), &c, old.Content.Number, next); !errors.Is(err, ErrNotYours) {
			t.Errorf("another organ replaces it: %v", err)
		}
		number, err := o.Replace(t.Context(), clerk(market), &c, old.Content.Number, next)
		must(t, err)
		if err := o.Retract(t.Context(), clerk(market), &c, old.Content.Number, "x"); !errors.Is(err, ErrChanged) {
			t.Errorf("a replaced one is withdrawn: %v", err)
		}
		v, err := o.LookUp(t.Context(), old.Content.Number, old.Content.Code)
		if must(t, err); v.Status != Replaced || !strings.Contains(v.Reasons[0], number) || !strings.Contains(v.Reasons[0], "查明新的事实") {
			t.Errorf("the old one: %+v", v)
		}
		if all, err := o.Standing(t.Context(), firm); err != nil || len(all) != 1 || all[0].Content.Replaces != old.Content.Number {
			t.Errorf("%d stand, %v", len(all), err)
		}
		must(t, o.Retract(t.Context(), clerk(market), &c, number, "依据有误"))
		if stands, why, err := o.Stands(t.Context(), firm, number); err != nil || stands || !strings.Contains(why, "依据有误") {
			t.Errorf("%v %s %v", stands, why, err)
		}
		if len(o.told) != 3 || o.told[0] != "1 "+old.Content.Number {
			t.Errorf("who asked was told %v", o.told)
		}
		if !slices.Equal(o.changed, []string{old.Content.Number, number}) {
			t.Errorf("that reports have changed was told of %v", o.changed)
		}
	})
}

// A short finding has one page; a long one as many as it takes, in the paragraphs in which it was written. The seal is
// the platform's, not the organ's.
func TestThePaperHoldsTheWholeFinding(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	c := Content{Kind: contentKind, Number: newNumber(o.clock()), Code: random(8), Subject: firm, Name: strings.Repeat("岚", 40), DocNo: "岚市监罚〔2026〕1号", Authority: strings.Repeat("局", 30),
		Organ: strings.Repeat("局", 30), Verdict: Undecided, Reasons: strings.Repeat("理", maxReasons), Basis: strings.Repeat("据", maxBasis), Why: strings.Repeat("因", maxWhy),
		Replaces: newNumber(o.clock()), Issuer: o.c.Issuer, SignedAt: o.clock().Format(time.RFC3339), Demo: true}
	pages := func() int { return len(o.sheet(&c, seal.Digest{}).Layout(o.c.Fonts).Pages) }
	if n := pages(); n < 2 {
		t.Errorf("%d pages", n)
	}
	c.Reasons, c.Basis, c.Why = "第一段\n\n第二段", "依据", "因"
	if n := pages(); n != 1 {
		t.Errorf("%d pages", n)
	}
	blocks, paragraphs := o.sheet(&c, seal.Digest{}).Blocks, ""
	for _, b := range blocks {
		if p, ok := b.(sheet.Paragraph); ok {
			paragraphs += p.Text[0].Text + "|"
		}
	}
	if !strings.HasPrefix(paragraphs, "第一段|第二段|依据|") {
		t.Errorf("paragraphs %s", paragraphs)
	}
	if off := blocks[len(blocks)-1].(sheet.SignOff); off.Seal.Ring != o.c.Issuer || strings.Contains(off.Issuer, "局") {
		t.Errorf("sealed as %s by %s", off.Seal.Ring, off.Issuer)
	}
}

// However a request is moved, the row of open requests, the deadlines and the papers agree with its state, and the
// access log has an entry for each move that was made.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		id := "walk" + newNumber(o.clock())
		c, err := o.Ask(t.Context(), asker, firm, id, "")
		if err != nil {
			r.Fatal(err)
		}
		for range rapid.IntRange(0, 4).Draw(r, "steps") {
			was := c.State
			move := rapid.SampledFrom([]string{"answer", "refuse", "withdraw", "stranger"}).Draw(r, "move")
			switch move {
			case "answer":
				_, err = o.Answer(t.Context(), clerk(market), &c, light)
			case "refuse":
				err = o.Refuse(t.Context(), clerk(market), &c, "不掌握")
			case "withdraw":
				err = o.Withdraw(t.Context(), asker, &c)
			case "stranger":
				if err = o.Withdraw(t.Context(), clerk(market), &c); err == nil {
					r.Fatal("a stranger withdraws it")
				}
				continue
			}
			if (err == nil) != (was == Asked) {
				r.Fatalf("%s from %s: %v", move, was, err)
			}
		}
		got, err := o.c.Cases.Get(t.Context(), firm, c.ID)
		if err != nil || got.State != c.State {
			r.Fatalf("stored %s, want %s; %v", got.State, c.State, err)
		}
		var open int
		if err := o.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM statement_open WHERE subject = $1 AND matter = $2", string(firm), id).Scan(&open); err != nil || (open == 1) != (c.State == Asked) {
			r.Fatalf("%d open in state %s; %v", open, c.State, err)
		}
		var closed int64
		if err := o.db.QueryRow(t.Context(), "SELECT closed FROM statement_row WHERE subject = $1 AND id = $2", string(firm), c.ID).Scan(&closed); err != nil || closed != c.Closed {
			r.Fatalf("listed as ended at %d, not %d; %v", closed, c.Closed, err)
		}
		papers, err := o.ofCase(t.Context(), &c)
		if err != nil || (len(papers) == 1) != (c.State == Answered) {
			r.Fatalf("%d papers in state %s; %v", len(papers), c.State, err)
		}
		if due, err := o.due(t.Context(), &c); err != nil || (due.Due != 0) != (c.State == Asked) {
			r.Fatalf("due %s in state %s; %v", due.Due, c.State, err)
		}
	})
}

func TestTheContentIsWhatIsSigned(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	d := o.answer()
	var c Content
	must(t, json.Unmarshal(d.Payload, &c))
	if c != d.Content || c.SignedBy != "clerk" || c.OrganCode != market || !c.Demo {
		t.Errorf("%+v", c)
	}
}
