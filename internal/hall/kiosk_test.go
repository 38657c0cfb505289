package hall

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/consent"
)

func (l *lobby) running() *running {
	l.t.Helper()
	r, err := l.atMachine(l.t.Context(), machine.ID)
	must(l.t, err)
	return r
}

func TestAKioskFromTheCardToThePaper(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		must(t, l.readCard(ctx, machine))
		r := l.running()
		if r == nil || r.Subject != firm || r.State != Open {
			t.Fatalf("%+v", r)
		}
		must(t, l.choosePurpose(ctx, machine.ID, r, tender.ID))
		must(t, l.agree(ctx, machine, l.running()))
		if r = l.running(); r.State != Issued || !r.Printed || l.printed != 1 {
			t.Fatalf("%+v, %d printed", r, l.printed)
		}
		grants, err := l.Consent.Given(ctx, firm)
		if err != nil || len(grants) != 1 || grants[0].Used != 1 || grants[0].Signature.Method != consent.ByTouch {
			t.Errorf("%+v, %v", grants, err)
		}
		if got := l.channels(); got != "search kiosk" {
			t.Errorf("the access log has %q", got)
		}
		must(t, l.forget(ctx, machine.ID, r.Visit))
		if l.running() != nil {
			t.Error("it still runs after the end")
		}
	})
}

// It forgets half a minute after the last touch, at every step, whether or not anybody asks.
func TestAKioskForgets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		for name, steps := range map[string][]func(*running) error{
			"after the card":    {},
			"after the purpose": {func(r *running) error { return l.choosePurpose(ctx, machine.ID, r, tender.ID) }},
			"after the report": {func(r *running) error { return l.choosePurpose(ctx, machine.ID, r, tender.ID) },
				func(r *running) error { return l.agree(ctx, machine, r) }},
			"after more time": {func(r *running) error { return l.extend(ctx, machine.ID, r) }},
		} {
			for _, asked := range []bool{true, false} {
				must(t, l.readCard(ctx, machine))
				id := l.running().ID
				for _, step := range steps {
					l.pass(20 * time.Second)
					must(t, step(l.running()))
				}
				l.pass(Forget - time.Millisecond)
				if l.running() == nil {
					t.Errorf("%s: forgotten too early", name)
				}
				l.pass(time.Millisecond)
				if !asked {
					must(t, l.ForgetAll(ctx))
				}
				if r := l.running(); r != nil {
					t.Errorf("%s: %s still runs", name, r.ID)
				}
				if v, err := l.byID(ctx, id); err != nil || v.State != Closed || v.Ended == 0 {
					t.Errorf("%s: the visit is %+v, %v", name, v, err)
				}
			}
		}
	})
}

func TestTheNextCardTakesThePlaceOfTheLast(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		must(t, l.readCard(t.Context(), machine))
		first := l.running()
		must(t, l.readCard(t.Context(), machine))
		if second := l.running(); second.ID == first.ID {
			t.Error("the first visit goes on under another's card")
		}
		if v, err := l.byID(t.Context(), first.ID); err != nil || v.State != Closed {
			t.Errorf("the first visit is left %s, %v", v.State, err)
		}
	})
}

func TestCardsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		for name, c := range map[string]struct {
			card Card
			err  error
			want error
		}{
			"no card":                 {err: ErrNoCard, want: ErrNoCard},
			"a reader that is away":   {err: ErrReader, want: ErrReader},
			"a code with a slip":      {card: Card{Number: "91000000MA0000018H", Licence: true}, want: ErrBadCard},
			"a firm not on record":    {card: Card{Number: "91000000MA0000001R", Licence: true}, want: errUnknownHolder},
			"a number with a slip":    {card: Card{Number: ownID}, want: ErrBadCard},
			"a person not on record":  {card: Card{Number: "00000019900101123X"}, want: errUnknownHolder},
			"a code as a person's":    {card: Card{Number: string(firm)}, want: ErrBadCard},
			"a licence with a number": {card: Card{Number: ownID, Licence: true}, want: ErrBadCard},
		} {
			l.card, l.cardErr = c.card, c.err
			if err := l.readCard(t.Context(), machine); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
			if l.running() != nil {
				t.Errorf("%s: a visit runs", name)
			}
		}
	})
}

// Out of paper, the report is issued and shown; nobody is told that it was printed.
func TestAPrinterThatFails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		l.jam = errors.New("jam")
		must(t, l.readCard(ctx, machine))
		must(t, l.choosePurpose(ctx, machine.ID, l.running(), tender.ID))
		must(t, l.agree(ctx, machine, l.running()))
		if r := l.running(); r.State != Issued || r.Printed {
			t.Errorf("%+v", r)
		}
	})
}

// When issuing fails after the consent, agreeing again issues with the same consent.
func TestAgreeingAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		must(t, l.readCard(ctx, machine))
		must(t, l.choosePurpose(ctx, machine.ID, l.running(), tender.ID))
		l.fail = errors.New("busy")
		if err := l.agree(ctx, machine, l.running()); !errors.Is(err, l.fail) {
			t.Fatal(err)
		}
		l.fail = nil
		must(t, l.agree(ctx, machine, l.running()))
		grants, err := l.Consent.Given(ctx, firm)
		if err != nil || len(grants) != 1 || grants[0].Used != 1 {
			t.Errorf("%+v, %v", grants, err)
		}
	})
}

// A screen clears itself a second before the visit ends, and ends it; a visit that was touched since goes on.
func TestAScreenThatClearsItselfEndsTheVisit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		p := &pages{l.Service, nil}
		clear := func() {
			t.Helper()
			r := httptest.NewRequest(http.MethodGet, "/kiosk?idle=1", nil)
			w := httptest.NewRecorder()
			must(t, p.showKiosk(w, r.WithContext(account.With(r.Context(), machine))))
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/kiosk" || w.Header().Get("Clear-Site-Data") == "" {
				t.Errorf("it answers %d, %v", w.Code, w.Header())
			}
		}
		if got := left(Forget); got != 29 {
			t.Errorf("a screen clears after %d seconds", got)
		}
		must(t, l.readCard(t.Context(), machine))
		l.pass(15 * time.Second)
		clear()
		if l.running() == nil {
			t.Fatal("a visit in its middle was ended")
		}
		l.pass(14 * time.Second)
		v := l.running().Visit
		clear()
		if l.running() != nil || l.again(v).State != Closed {
			t.Error("the visit goes on under the start page")
		}
	})
}
