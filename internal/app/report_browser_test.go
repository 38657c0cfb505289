package app_test

import (
	"context"
	"net/http/httptest"
	"net/url"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/publicity"
	"xinban/internal/report"
	"xinban/internal/web/webtest"
)

// Every page of the report and of the public records, empty, full and refusing, at both widths: no
// complaint in the console, nothing wider than the screen, no fault of accessibility.
func TestPagesOfTheReportInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser and half a minute")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	key, _ := showcase()
	valid, withdrawn := issued(t, w, key), withdraw(t, w, key)
	general := generalReport(t, w, key)
	entry := publicEntry(t, w)
	q := func(d *report.Issued) string { return "/verify?n=" + d.Content.Number + "&c=" + d.Content.Code }
	for _, who := range []struct {
		login string
		pages [][2]string
	}{
		{"", [][2]string{{"verify", "/verify"}, {"verify-unknown", "/verify?n=1&c=2"}, {"verify-empty", "/verify?n=&c="}, {"verify-valid", q(valid)}, {"verify-withdrawn", q(withdrawn)},
			{"public", "/public"}, {"public-list", "/public?tab=list"}, {"public-none", "/public?q=没有这家"}, {"public-refused", "/public?q=000000199001011234"}, {"public-matter", entry}}},
		{"enterprise", [][2]string{{"reports", "/reports"}, {"report-purpose", "/reports/new"}, {"report-new", "/reports/new?purpose=tender"},
			{"report-new-open", "/reports/new?purpose=tender&edition=general"}, {"report", "/reports/" + withdrawn.Content.Number},
			{"report-counts", "/reports/" + general.Content.Number}, {"notices", "/notices"}, {"access", "/access"}}},
		{"centre", [][2]string{{"subjects", "/subjects"}, {"subjects-found", "/subjects?q=岚港"}, {"subjects-none", "/subjects?q=没有这家"}, {"subject", "/subjects/" + string(key)},
			{"matter", "/matters/" + withdrawn.Content.Records[0].Matter + "?subject=" + url.QueryEscape(string(key)) + "&raw=1"}}},
	} {
		b := webtest.Open(t, server.URL)
		if v := visit(t, w, who.login); v.session != "" {
			b.SignIn(t, v.session)
		}
		for _, p := range who.pages {
			t.Run(p[0], func(t *testing.T) { b.Look(t, "report-"+p[0], p[1]) })
		}
	}
}

// generalReport is in the edition that gives only counts.
func generalReport(t *testing.T, w *app.Web, key credit.Key) *report.Issued {
	t.Helper()
	d, err := w.Report.Issue(context.Background(), report.Request{Key: key, Edition: "general", Purpose: "招投标"}, audit.Actor{ID: "test", Name: "测试", Channel: "command"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// withdraw issues a report and has a fact in it annulled.
func withdraw(t *testing.T, w *app.Web, key credit.Key) *report.Issued {
	t.Helper()
	ctx := context.Background()
	d, err := w.Report.Issue(ctx, report.Request{Key: key, Edition: "administration", Purpose: "行政审批", Paper: true}, audit.Actor{ID: "test", Name: "测试", Channel: "command"})
	if err != nil {
		t.Fatal(err)
	}
	id, err := credit.ParseMatterID(d.Content.Records[0].Matter)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Report.Annul(ctx, w.Intake, report.Amendment{Key: key, Matter: id, Reason: "行政复议决定撤销原处罚决定", Ref: "岚复决〔2026〕3号", Login: "centre", Who: audit.Actor{Name: "岚海省信用中心"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.FollowAll(ctx); err != nil {
		t.Fatal(err)
	}
	return d
}

func publicEntry(t *testing.T, w *app.Web) string {
	t.Helper()
	rows, _, _, err := w.Publicity.List(context.Background(), publicity.Query{Tab: publicity.Penalty, Limit: 1})
	if err != nil || len(rows) == 0 {
		t.Fatalf("nothing is public: %v", err)
	}
	return "/public/penalty/" + rows[0].ID
}
