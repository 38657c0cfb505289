package report_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store/storetest"
	"xinban/internal/tally"
)

// counted is one sum: a kind, a facet with its value, a day.
type counted struct {
	kind, facet, value string
	day                credit.Date
}

// Counts kept as things happen are what a recount of the issued documents gives: after 1,000 random issues,
// renewals and withdrawals, over several days and channels, some domains not covered.
func TestCountsEqualARecountOfTheDocuments(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	r := rand.New(rand.NewPCG(2026, 518))
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	var keys []credit.Key
	for i := range 6 {
		keys = append(keys, credit.Key(fmt.Sprintf("91000000MA%08d", 100+i)))
		o.says(keys[i], registered())
	}
	channels, ended := map[string]string{}, map[string]credit.Date{} // by document: how it was asked for, when it was withdrawn
	var standing []standingMatter
	for i := range 1000 {
		key := keys[r.IntN(len(keys))]
		switch n := r.IntN(10); {
		case n < 7:
			channel := string(audit.Channels()[r.IntN(len(audit.Channels()))])
			q := report.Request{Key: key, Edition: pick("general", "administration", "listing"), Purpose: pick("", "上市", "贷款", "自己写的用途"), Shown: channel == string(audit.LiveCode)}
			for _, d := range []string{"ecology", "market", "transport", "tax", "hr"} {
				if r.IntN(2) == 0 {
					q.Domains = append(q.Domains, d)
				}
			}
			who := enterprise
			who.Channel = channel
			doc, err := o.Issue(t.Context(), q, who)
			must(t, err)
			if !doc.Again {
				channels[doc.Content.Number] = channel
			}
		case n == 7:
			rec := penalised(fmt.Sprintf("岚环罚〔2026〕%d号", i), nil)
			o.says(key, rec)
			standing = append(standing, standingMatter{key, matterOf(rec)})
		case n == 8 && len(standing) > 0:
			m := standing[0]
			standing = standing[1:]
			o.happens(m.key, m.id, ledger.Event{Type: ledger.Annulled, Reason: "行政复议决定撤销原处罚决定", On: credit.DateOf(o.clock())})
			o.withdraws(m.key, ended)
		case r.IntN(3) == 0:
			o.pass(time.Duration(1+r.IntN(30)) * time.Hour)
			o.mu.Lock()
			o.feeds[r.IntN(len(o.feeds))].Late = r.IntN(2) == 0 // and what is late gives no answer
			o.mu.Unlock()
		}
	}
	want := o.recount(keys, channels, ended)
	got := o.sums(want)
	if !maps.Equal(want, got) {
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%+v: %d, a recount gives %d", k, got[k], n)
			}
		}
	}
	if len(channels) < 100 || len(ended) < 10 {
		t.Errorf("only %d reports and %d withdrawals", len(channels), len(ended))
	}
}

type standingMatter struct {
	key credit.Key
	id  credit.MatterID
}

// withdraws follows a change and notes which documents it withdrew.
func (o *office) withdraws(key credit.Key, ended map[string]credit.Date) {
	o.t.Helper()
	steps, err := o.Project(o.t.Context(), key, nil)
	must(o.t, err)
	for _, step := range steps {
		must(o.t, o.db.Tx(o.t.Context(), step))
	}
	docs, err := o.Documents(o.t.Context(), key, "", 2000)
	must(o.t, err)
	for _, d := range docs {
		if d.Status == report.Withdrawn && ended[d.Number] == 0 {
			ended[d.Number] = credit.DateOf(o.clock())
		}
	}
}

var purposeIDs = map[string]string{"": "none", "上市": "listing", "贷款": "loan"}

// recount reads every issued document and counts what it says.
func (o *office) recount(keys []credit.Key, channels map[string]string, ended map[string]credit.Date) map[counted]int64 {
	o.t.Helper()
	sums := map[counted]int64{}
	for _, key := range keys {
		docs, err := o.Documents(o.t.Context(), key, "", 2000)
		must(o.t, err)
		for _, d := range docs {
			doc, err := o.Document(o.t.Context(), d.Number)
			must(o.t, err)
			c := &doc.Content
			at, err := time.Parse(time.RFC3339, c.IssuedAt)
			must(o.t, err)
			if c.Purpose == report.ShownPurpose { // no certificate was asked for
				sums[counted{report.CountShown, "", "", credit.DateOf(at)}]++
				sums[counted{report.CountShown, "edition", c.Edition, credit.DateOf(at)}]++
				continue
			}
			facets := map[string]string{"": "", "edition": c.Edition, "channel": channels[c.Number], "purpose": purposeIDs[c.Purpose]}
			if facets["purpose"] == "" {
				facets["purpose"] = "other"
			}
			recountOne(sums, c, facets, credit.DateOf(at), report.CountReport, report.CountCertificate)
			if day := ended[c.Number]; day != 0 {
				delete(facets, "channel")
				recountOne(sums, c, facets, day, report.CountWithdrawn, report.CountWithdrawnCertificate)
			}
		}
	}
	return sums
}

func recountOne(sums map[counted]int64, c *report.Content, facets map[string]string, day credit.Date, reports, certificates string) {
	n := int64(0)
	for _, d := range c.Domains {
		if d.State == report.None || d.State == report.Found {
			n++
			sums[counted{certificates, "domain", d.ID, day}]++
		}
	}
	for facet, value := range facets {
		sums[counted{reports, facet, value, day}]++
		sums[counted{certificates, facet, value, day}] += n
	}
}

// sums are what was counted: all of it, so that what should not be there is found too.
func (o *office) sums(want map[counted]int64) map[counted]int64 {
	o.t.Helper()
	s, err := tally.New(o.t.Context(), o.db)
	must(o.t, err)
	for {
		n, err := s.Roll(o.t.Context())
		must(o.t, err)
		if n == 0 {
			break
		}
	}
	got, asked := map[counted]int64{}, map[string]bool{}
	for k := range want {
		if asked[k.kind+" "+k.facet] {
			continue
		}
		asked[k.kind+" "+k.facet] = true
		all, err := s.Days(o.t.Context(), k.kind, k.facet, 20200101, 20991231)
		must(o.t, err)
		for _, x := range all {
			got[counted{k.kind, k.facet, x.Value, x.Day}] = x.N
		}
	}
	return got
}

// What a person writes as purpose does not stand in the counts.
func TestOwnWordsOfAPurposeAreNotCounted(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered())
	o.issue(report.Request{Purpose: "张某的私事"})
	for k := range o.sums(map[counted]int64{{kind: report.CountReport, facet: "purpose"}: 0}) {
		if strings.Contains(k.value, "张") || k.value != report.PurposeOther {
			t.Errorf("counted under %q", k.value)
		}
	}
}

// A report made to be shown by a live code is counted apart: it replaces no certificate, nor does its withdrawal; and
// nobody else can state its purpose.
func TestShowingACodeReplacesNoCertificate(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	one := penalised("岚环罚〔2026〕1号", nil)
	o.says(firm, registered(), one)
	doc := o.issue(report.Request{Shown: true, Edition: "administration"})
	o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Annulled, Reason: "行政复议决定撤销原处罚决定"})
	ended := map[string]credit.Date{}
	o.withdraws(firm, ended)
	if doc.Content.Purpose != report.ShownPurpose || ended[doc.Content.Number] == 0 {
		t.Fatalf("purpose %s, withdrawn %v", doc.Content.Purpose, ended)
	}
	got := o.sums(map[counted]int64{{kind: report.CountReport}: 0, {kind: report.CountCertificate}: 0, {kind: report.CountShown}: 0,
		{kind: report.CountWithdrawn}: 0, {kind: report.CountWithdrawnCertificate}: 0})
	if want := map[counted]int64{{kind: report.CountShown, day: today}: 1}; !maps.Equal(got, want) {
		t.Errorf("counted: %v", got)
	}
	if _, err := o.ask(report.Request{Purpose: " 亮码 "}); err == nil || !strings.Contains(err.Error(), "实际用途") {
		t.Errorf("somebody states the purpose: %v", err)
	}
}
