package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-rod/rod/lib/input"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/web"
	"xinban/internal/web/webtest"
)

// gallery is a page with every component, for looking at.
const gallery = `{{define "title"}}组件{{end}}{{define "main"}}
{{template "crumbs" (crumbs "home.title" "/" "role.centre" "/x" "account.title" "")}}
<div class="page-head"><h1>岚港远洋货代有限公司</h1><p class="lead">统一社会信用代码 <span class="mono">91000000MA00000001</span></p></div>
{{template "steps" (step 2 "选择用途" "核对主体" "生成报告" "下载")}}
{{template "errors" .Data.Form}}
<div class="stats">{{template "stat" (stat "登记记录" "1,204" "较昨日 +18")}}{{template "stat" (stat "迟报数据源" 3 "")}}{{template "stat" (stat "罚款合计" (money .Data.Fine) "")}}{{template "stat" (stat "合格率" (percent 0.973) "近 30 天")}}</div>
{{template "alert" (alert "good" "报告已生成" "用时 0.031 秒，可下载或扫码核验。")}}
{{template "alert" (alert "notice" "两个领域数据未更新" "不作结论，不计入替代证明的份数。")}}
{{template "alert" (alert "bad" "文件已退回" "第 3 行缺少处罚决定日期。")}}
{{template "alert" (alert "info" "这里说明怎样读这份报告" "")}}
<div class="columns"><div>
<section class="card"><h2>行政处罚</h2>
<table class="table cards"><thead><tr><th>文书号</th><th>决定机关</th><th>决定日期</th><th>状态</th><th class="number">罚款</th></tr></thead><tbody>
<tr><td data-label="文书号">岚交罚〔2026〕12号</td><td data-label="决定机关">岚港市交通运输局</td><td data-label="决定日期" class="nowrap">{{date .Data.Date}}</td><td data-label="状态">{{template "badge" (badge "notice" "公示中")}}</td><td data-label="罚款" class="number">{{money .Data.Fine}}</td></tr>
<tr><td data-label="文书号">岚交罚〔2025〕7号</td><td data-label="决定机关">岚港市交通运输局</td><td data-label="决定日期" class="nowrap">{{date .Data.Date}}</td><td data-label="状态">{{template "badge" (badge "good" "已修复")}} {{template "badge" (badge "neutral" "已撤下")}} {{template "badge" (badge "bad" "严重")}} {{template "badge" (badge "info" "一般")}}</td><td data-label="罚款" class="number">{{money .Data.Fine}}</td></tr>
</tbody></table>{{template "next" (next "/gallery?after=x")}}</section>
<section class="card"><h2>每月归集</h2><figure data-chart="bar"><table class="table"><thead><tr><th>月份</th><th>许可</th><th>处罚</th></tr></thead><tbody>
<tr><td>3 月</td><td>1,820</td><td>233</td></tr><tr><td>4 月</td><td>2,110</td><td>187</td></tr><tr><td>5 月</td><td>1,402</td><td>121</td></tr></tbody></table></figure></section>
</div><div>
<form method="post" action="/preference" class="card form" novalidate>{{idempotency}}<h2>开具信用报告</h2>
{{template "field" (.Data.Form.Input "code" "account.subjects" | hint "account.password.hint" | required)}}
{{template "field" (.Data.Form.Input "purpose" "account.token.name" | kind "radio" | required | options .Data.Options)}}
{{template "field" (.Data.Form.Input "from" "account.session.created" | kind "date")}}
{{template "field" (.Data.Form.Input "note" "account.name" | kind "textarea")}}
{{template "field" (.Data.Form.Input "edition" "account.role" | kind "select" | options .Data.Options | required)}}
<p class="btn-list"><button class="btn btn-primary">{{icon "report"}}生成报告</button><a class="btn" href="/">取消</a></p></form>
<section class="card">{{template "progress" (progress "正在读取 处罚.xlsx" 42 100)}}{{template "confirm" (confirm "/preference" "撤回这条记录" "撤回后不可恢复，确定吗？" "return" "/")}}</section>
<section class="card">{{template "empty" (empty "没有待办" "数据按时到达，没有需要处理的事项。")}}</section>
</div></div>{{end}}`

type galleryData struct {
	Form    page.Form
	Fine    credit.Fen
	Date    credit.Date
	Options []page.Option
}

// Each of the server's own pages and a page of all components, at both widths: no complaint in the
// console, nothing wider than the screen, no fault of accessibility.
func TestPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	b := setup(t, func(d *web.Deps) {
		pages := d.Pages
		d.Surfaces = append(d.Surfaces, account.Surface{
			Templates: fstest.MapFS{"gallery.page.html": {Data: []byte(gallery)}},
			Nav: []account.Link{{Href: "/gallery", Title: "login.demo.title", Icon: "report", Allow: account.Anyone()},
				{Href: "/q", Title: "account.tokens.title", Icon: "quality", Allow: account.Anyone()}, {Href: "/f", Title: "problem.what-next", Icon: "feed", Allow: account.Anyone()}},
			Tiles:  galleryTiles(),
			Routes: []account.Route{{Method: "GET", Pattern: "/gallery", Allow: account.Anyone(), Handle: showGallery(pages)}},
		})
	})
	s := httptest.NewServer(b.Handler())
	t.Cleanup(s.Close)
	br := webtest.Open(t, s.URL)
	br.Look(t, "home", "/")
	br.Look(t, "login", "/login")
	br.Look(t, "not-found", "/nothing-here")
	br.Look(t, "gallery", "/gallery")
	session, err := b.accounts.Open(context.Background(), b.logins[account.Clerk], "Mozilla/5.0 (X11; Linux x86_64) Chromium")
	must(t, err)
	br.SignIn(t, session)
	br.Look(t, "account", "/account")
	br.Look(t, "totp", "/account/totp")
	br.Look(t, "problem", "/problems/forbidden")
	br.Set(t, "large", "1")
	br.Look(t, "large", "/gallery")
	br.Set(t, "large", "0")
	br.Set(t, "contrast", "1")
	br.Look(t, "contrast", "/gallery")
	br.Set(t, "contrast", "0")
	br.Set(t, "lang", "en")
	br.Look(t, "english", "/account")
}

func galleryTiles() []account.Tile {
	tile := func(title, text, icon, figure string) account.Tile {
		t := account.Tile{Link: account.Link{Href: "/gallery", Title: title, Text: text, Icon: icon, Allow: account.Anyone()}}
		if figure != "" {
			t.Figure = func(context.Context, account.Principal) (string, error) { return figure, nil }
		}
		return t
	}
	return []account.Tile{tile("login.title", "login.lead", "report", ""), tile("account.title", "account.totp.lead", "subject", "12 件待办"),
		tile("account.tokens.title", "account.tokens.lead", "quality", "")}
}

func showGallery(pages *page.Renderer) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		d := galleryData{Fine: 123456789, Date: 20260518, Options: []page.Option{{Value: "bid", Label: "招投标", Note: "开具一般版"},
			{Value: "list", Label: "企业上市", Note: "开具上市版，五年"}, {Value: "loan", Label: "贷款"}}}
		d.Form.Values = map[string][]string{"purpose": {"list"}}
		d.Form.Fail("code", "form.required")
		return pages.Render(w, r, http.StatusOK, "gallery", d)
	}
}

// A person signs in with the keyboard, changes the role with a click, and is asked again after signing out.
func TestSigningInInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	t.Parallel()
	b := setup(t)
	s := httptest.NewServer(b.Handler())
	t.Cleanup(s.Close)
	br := webtest.Open(t, s.URL)
	p := br.MustPage(s.URL + "/account").Timeout(time.Minute).MustWaitLoad()
	p.MustElement("#f-login").MustInput("jingban")
	p.MustElement("#f-password").MustInput(password)
	wait := p.MustWaitNavigation()
	p.Keyboard.MustType(input.Enter)
	wait()
	if got := p.MustWaitLoad().MustElement("h1").MustText(); got != "账号与安全" { // and not the home page
		t.Errorf("after signing in: %q", got)
	}
	p.MustElement(".role-menu summary").MustClick()
	wait = p.MustWaitNavigation()
	p.MustElement(`.role-menu button[value="zhongxin"]`).MustClick()
	wait()
	if got := p.MustWaitLoad().MustElement(".site-user").MustText(); !strings.Contains(got, "岚海省信用中心") {
		t.Errorf("after changing the role: %q", got)
	}
	wait = p.MustWaitNavigation()
	p.MustElement(`.preference button[name="large"]`).MustClick()
	wait()
	if got := *p.MustWaitLoad().MustElement("html").MustAttribute("class"); !strings.Contains(got, "large") {
		t.Errorf("after asking for large type: class %q", got)
	}
}
