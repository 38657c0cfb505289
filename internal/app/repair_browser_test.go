package app_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/web/webtest"
)

// bodies determine what the subject of the browser test asks to have repaired.
var bodies = []string{"岚港市交通运输局", "岚港市应急管理局", "岚港市生态环境局", "岚港市市场监督管理局", "岚港市消防救援支队"}

// penalise gives a subject so many penalties, of five bodies in turn, whose shortest publicity is over.
func penalise(t *testing.T, w *app.Web, key credit.Key, n int) {
	t.Helper()
	var facts []ledger.Fact
	for i := range n {
		r := credit.Record{Kind: credit.Penalty, Class: credit.Organisation, DocNo: fmt.Sprintf("岚港演示罚〔2025〕%d号", 100+i), Decided: 20251110,
			Authority: bodies[i%len(bodies)], Penalties: credit.PenaltySet(credit.Fine), Fine: credit.Amount{Fen: 1200000, Known: true}, Content: "罚款壹万贰仟元",
			Procedure: credit.ProcedureOrdinary}
		id, _ := credit.IdentifyMatter(&r, r.Authority)
		facts = append(facts, w.Ledger.NewAssertion(key, id, 1, &r, nil, w.Now().UnixMilli()))
	}
	err := w.Ledger.Change(t.Context(), func(tx *store.Tx) error {
		_, err := w.Ledger.Append(tx, ledger.Subject{Key: key}, facts...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// For one matter and for twelve of five bodies a person fills at most four fields and uploads nothing.
func TestARepairIsAskedForInFourFields(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser")
	}
	w := setup(t, 40)
	key, _ := showcase()
	penalise(t, w, key, 13)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	b := webtest.Open(t, server.URL)
	b.SignIn(t, visit(t, w, "enterprise").session)
	raw, err := b.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	p := raw.Timeout(30 * time.Second)
	for _, n := range []int{1, 12} {
		fields, items := askInBrowser(t, p, server.URL, n)
		t.Logf("%d matters: %d fields filled", n, fields)
		if fields > 4 || items != n {
			t.Errorf("%d matters: %d fields filled, %d items opened; at most 4 fields", n, fields, items)
		}
	}
}

// askInBrowser asks for n of the matters that the browser test made and returns how many fields a person filled and how
// many items the application has.
func askInBrowser(t *testing.T, p *rod.Page, base string, n int) (fields, items int) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(p.Navigate(base + "/repairs/new"))
	must(p.WaitLoad())
	if uploads, err := p.Elements(`input[type=file]`); err != nil || len(uploads) > 0 {
		t.Errorf("%d uploads are asked for, %v", len(uploads), err)
	}
	filled := map[string]bool{}
	fill := func(el *rod.Element, do func() error) {
		t.Helper()
		name, err := el.Attribute("name")
		must(err)
		must(do())
		filled[*name] = true
	}
	boxes, err := p.Elements(`.choice:has(input[name=matter])`)
	must(err)
	for _, box := range boxes {
		if text, err := box.Text(); err != nil || n == 0 || !strings.Contains(text, "岚港演示罚") {
			continue
		}
		el, err := box.Element("input")
		must(err)
		fill(el, func() error { return el.Click(proto.InputMouseButtonLeft, 1) })
		n--
	}
	on, err := p.Element(`input[name=on]`)
	must(err)
	fill(on, func() error { return on.InputTime(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) })
	commit, err := p.Element(`input[name=commit]`)
	must(err)
	fill(commit, func() error { return commit.Click(proto.InputMouseButtonLeft, 1) })
	button, err := p.Element(`form[action="/repairs"] button`)
	must(err)
	loaded := p.WaitNavigation(proto.PageLifecycleEventNameLoad)
	must(button.Click(proto.InputMouseButtonLeft, 1))
	loaded()
	links, err := p.Elements(`a[href^="/repairs/items/"]`)
	must(err)
	return len(filled), len(links)
}
