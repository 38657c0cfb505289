package follow

import (
	"context"
	"errors"
	"testing"
	"time"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// teller is a provider that tells how far a text is.
type teller struct {
	*provider
	state Delivery
	fault error
}

func (p *teller) Delivery(context.Context, string) (Delivery, error) { return p.state, p.fault }

// receipts asks for receipts after some time.
func (o *office) receipts(after time.Duration) {
	o.t.Helper()
	o.now = o.now.Add(after)
	_, err := o.AskReceipts(o.t.Context())
	must(o.t, err)
}

func (o *office) kept() (n int) {
	o.t.Helper()
	must(o.t, o.db.QueryRow(o.t.Context(), "SELECT COUNT(*) FROM follow_sent").Scan(&n))
	return n
}

// A text that the first provider took and could not deliver goes to the second; when that cannot either, the page says
// that the address is not reached, until another is entered. A provider that does not answer is asked again.
func TestATextThatDoesNotArriveIsSentOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		a, b := &teller{provider: o.a, state: OnTheWay}, &teller{provider: o.b, state: Arrived}
		o.c.Gateway.Providers = []Provider{a, b}
		o.confirmed()
		o.follow()
		o.matters = []Matter{{ID: "one"}}
		o.changed()
		o.send()
		if len(o.a.got) != 1 || o.kept() != 1 {
			t.Fatalf("%d sent, %d without a receipt", len(o.a.got), o.kept())
		}
		o.receipts(2 * time.Minute)
		a.fault = errors.New("不通")
		o.receipts(10 * time.Minute)
		if len(o.b.got) != 0 || o.kept() != 1 {
			t.Errorf("%d sent on while it is on its way", len(o.b.got))
		}
		a.state, a.fault = Failed, nil
		o.receipts(time.Hour)
		if len(o.b.got) != 1 || o.b.got[0] != o.a.got[0] {
			t.Fatalf("sent on: %v", o.b.got)
		}
		b.state = Failed
		o.receipts(time.Hour)
		if yes, err := o.unreached(t.Context(), "1"); err != nil || !yes {
			t.Errorf("not said: %v, %v", yes, err)
		}
		must(t, o.Enter(t.Context(), "1", "13912345678"))
		if yes, err := o.unreached(t.Context(), "1"); err != nil || yes {
			t.Errorf("said of another address: %v, %v", yes, err)
		}
	})
}

// What has arrived, and what nobody ever tells, is forgotten.
func TestReceiptsAreForgotten(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	a := &teller{provider: o.a, state: OnTheWay}
	o.c.Gateway.Providers = []Provider{a}
	o.confirmed()
	o.follow()
	o.matters = []Matter{{ID: "one"}}
	o.changed()
	o.send()
	o.receipts(giveUp + time.Hour)
	if o.kept() != 0 {
		t.Error("asked for ever")
	}
	o.matters = append(o.matters, Matter{ID: "two"})
	o.changed()
	o.send()
	a.state = Arrived
	o.receipts(time.Hour)
	if o.kept() != 0 {
		t.Error("kept after it arrived")
	}
}
