package hall

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"xinban/internal/consent"
	"xinban/internal/problem"
	"xinban/internal/store"
)

func TestAVisitFromTheSubjectToTheReport(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx, v := t.Context(), l.known()
		paper := &Paper{"application/pdf", []byte("%PDF-1.4 签名：演示甲子")}
		must(t, l.sign(ctx, v, consent.OnPaper, paper, nil))
		v = l.again(v)
		if v.State != Signed || v.Proof != paper.Digest() {
			t.Fatalf("%+v", v)
		}
		_, err := l.issue(ctx, clerk, v)
		must(t, err)
		v = l.again(v)
		grants, err := l.Consent.Given(ctx, firm)
		must(t, err)
		if v.State != Issued || v.Document == "" || len(grants) != 1 {
			t.Fatalf("%+v, %d grants", v, len(grants))
		}
		g := grants[0]
		if g.Used != 1 || g.Uses != 1 || g.Until != l.today() || g.Signature.Method != consent.OnPaper || g.Signature.Proof != paper.Digest() ||
			g.Signature.Text != g.Text(firmName)+"签署人：法定代表人（负责人）演＊＊＊。" || strings.Contains(g.Signature.Name, "甲子") {
			t.Errorf("%+v", g)
		}
		if got, err := l.paper(ctx, v); err != nil || !bytes.Equal(got.Body, paper.Body) {
			t.Errorf("the paper is %+v, %v", got, err)
		}
		must(t, l.finish(ctx, v))
		if got := l.channels(); got != "search window" {
			t.Errorf("the access log has %q", got) // issue is recorded by who issues
		}
		list, next, err := l.ofDay(ctx, l.today(), clerk.ID, "")
		if err != nil || len(list) != 1 || next != "" || list[0].Person != walkIn || list[0].State != Closed || list[0].Ended == 0 {
			t.Errorf("%+v, %q, %v", list, next, err)
		}
	})
}

// What lies in the tables tells neither who stood there nor what was signed.
func TestWhoStoodThereIsKeptEncrypted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		v := l.known()
		must(t, l.sign(t.Context(), v, consent.OnPaper, &Paper{"application/pdf", []byte("%PDF-1.4 演示甲子 E00000000")}, nil))
		for _, query := range []string{"SELECT person FROM hall_visit", "SELECT body FROM hall_paper"} {
			var raw []byte
			must(t, l.db.QueryRow(t.Context(), query).Scan(&raw))
			for _, s := range []string{"甲子", "E00000000", "passport", "%PDF"} {
				if bytes.Contains(raw, []byte(s)) || len(raw) < 20 {
					t.Errorf("%s shows %q", query, s)
				}
			}
		}
	})
}

func TestAStepIsDoneOnceAndInOrder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		refused := func(what string, err error) {
			t.Helper()
			var p *problem.Error
			if !errors.As(err, &p) || p.Status != 409 {
				t.Errorf("%s: %v", what, err)
			}
		}
		v, err := l.begin(ctx, clerk, AtWindow, firm, Person{}, nil)
		must(t, err)
		early := *v
		early.Purpose = tender.ID
		refused("signed before the person is known", l.sign(ctx, &early, consent.OnPaper, nil, nil))
		_, err = l.issue(ctx, clerk, &early)
		refused("issued without a consent", err)
		v = l.known()
		twin := l.again(v)
		must(t, l.sign(ctx, v, consent.OnPad, nil, nil))
		refused("signed twice", l.sign(ctx, twin, consent.OnPad, nil, nil))
		v = l.again(v)
		twin = l.again(v)
		_, err = l.issue(ctx, clerk, v)
		must(t, err)
		if _, err = l.issue(ctx, clerk, twin); err == nil || l.made != 1 {
			t.Errorf("issued twice: %v, %d made", err, l.made)
		}
	})
}

// Who goes before the report is issued leaves no consent behind.
func TestAConsentThatWasNotUsedEndsWithTheVisit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx, v := t.Context(), l.known()
		must(t, l.sign(ctx, v, consent.OnPad, nil, nil))
		l.fail = errors.New("no paper today")
		v = l.again(v)
		if _, err := l.issue(ctx, clerk, v); !errors.Is(err, l.fail) {
			t.Fatal(err)
		}
		must(t, l.finish(ctx, l.again(v)))
		grants, err := l.Consent.Given(ctx, firm)
		must(t, err)
		if len(grants) != 1 || grants[0].Withdrawn == 0 || grants[0].Used != 0 {
			t.Errorf("%+v", grants)
		}
	})
}

func TestAConsentWithdrawnBeforeTheIssueStopsIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx, v := t.Context(), l.known()
		must(t, l.sign(ctx, v, consent.OnPad, nil, nil))
		must(t, l.db.Tx(ctx, func(tx *store.Tx) error { return l.Consent.Withdraw(tx, firm, v.Grant) }))
		_, err := l.issue(ctx, clerk, l.again(v))
		var p *problem.Error
		if !errors.As(err, &p) || p.Type != "consent" || l.made != 0 {
			t.Errorf("%v, %d made", err, l.made)
		}
	})
}

func TestTheClerkSeesOwnServicesOfTodayOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		v := l.known()
		if got, err := l.mine(t.Context(), clerk.ID, v.ID); err != nil || got == nil {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := l.mine(t.Context(), "clerk-2", v.ID); err != nil || got != nil {
			t.Errorf("another clerk gets %v, %v", got, err)
		}
		l.at.Add(24 * 3600_000)
		if got, err := l.mine(t.Context(), clerk.ID, v.ID); err != nil || got != nil {
			t.Errorf("tomorrow: %v, %v", got, err)
		}
		if got, err := l.byID(t.Context(), v.ID); err != nil || got == nil {
			t.Errorf("the auditor: %v, %v", got, err)
		}
	})
}

func TestPersonsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change     func(*Person)
		authorised bool
		field      string
	}{
		"as it should be":               {},
		"no name":                       {change: func(p *Person) { p.Name = " " }, field: "name"},
		"a number for a name":           {change: func(p *Person) { p.Name = ownID }, field: "name"},
		"an unknown document":           {change: func(p *Person) { p.Document = "licence" }, field: "document"},
		"a slip in the identity number": {change: func(p *Person) { p.Document, p.Number = "resident", ownID }, field: "number"},
		"no number":                     {change: func(p *Person) { p.Number = "" }, field: "number"},
		"an agent without authority":    {change: func(p *Person) { p.Capacity = Agent }, field: "authorised"},
		"an agent with authority":       {change: func(p *Person) { p.Capacity = Agent }, authorised: true},
		"a firm itself":                 {change: func(p *Person) { p.Capacity = Self }, field: "capacity"},
		"not checked":                   {change: func(p *Person) { p.Checked = "" }, field: "checked"},
	} {
		p := walkIn
		if c.change != nil {
			c.change(&p)
		}
		err := p.check(firm, c.authorised)
		var e *problem.Error
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.field != "" && (!errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != c.field):
			t.Errorf("%s: %v, want a fault at %s", name, err, c.field)
		}
	}
}

func drawing(ink int) string {
	m := image.NewNRGBA(image.Rect(0, 0, 300, 120))
	for i := range ink {
		m.Set(i%300, i/300, color.NRGBA{A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestDrawings(t *testing.T) {
	t.Parallel()
	if p, err := readDrawing(drawing(500)); err != nil || p.Media != "image/png" || len(p.Digest()) != 64 {
		t.Errorf("a signature: %v", err)
	}
	for name, text := range map[string]string{"nothing": "", "blank": drawing(0), "a dot": drawing(50), "no picture": "data:image/png;base64,AAAA",
		"another type": strings.Replace(drawing(500), "png", "svg+xml", 1), "too long": "data:image/png;base64," + strings.Repeat("A", maxDrawing+4)} {
		if _, err := readDrawing(text); err == nil {
			t.Errorf("%s is taken for a signature", name)
		}
	}
}

// A person that asks for itself shows the identity card under whose number it was found, and nobody else's.
func TestThePersonItselfShowsItsOwnNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		const own, other = "00000019900101123X", "000000197803051234"
		ctx := t.Context()
		key, err := l.Ledger.PersonKey(ctx, own)
		must(t, err)
		_, err = l.Ledger.PersonKey(ctx, other)
		must(t, err)
		v, err := l.begin(ctx, clerk, AtWindow, key, Person{}, nil)
		must(t, err)
		self := Person{Name: "演示甲子", Document: "resident", Number: other, Capacity: Self, Checked: "eye"}
		var e *problem.Error
		if err := l.identify(ctx, v, self, tender.ID); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != "number" {
			t.Errorf("another's card: %v", err)
		}
		self.Number = own
		must(t, l.identify(ctx, l.again(v), self, tender.ID))
	})
}
