// Package page is the shell of every page and the components that pages are made of (页面外壳与组件):
// server-rendered html/template, Chinese first, usable by keyboard, screen reader and on a phone, with
// large type and high contrast, and without scripts. htmx and charts only add to it.
//
// A capability embeds its templates and names the folder in its account.Surface:
//
//	//go:embed templates
//	var templates embed.FS
//
// A file NAME.page.html is a page; it defines "title" and "main". A file NAME.part.html defines parts
// that all pages may use; prefix their names with the capability's. The dot holds .View, what the shell
// knows of the request, and .Data, what the handler gave:
//
//	{{define "title"}}{{t "report.new.title"}}{{end}}
//	{{define "main"}}
//	{{template "crumbs" (crumbs "home.title" "/" "report.new.title" "")}}
//	<h1>{{t "report.new.title"}}</h1>
//	{{template "errors" .Data.Form}}
//	<form method="post" action="/report" class="card form">
//	  {{idempotency}}
//	  {{template "field" (.Data.Form.Input "code" "report.code" | hint "report.code.hint" | required)}}
//	  <button class="btn btn-primary">{{t "report.new.issue"}}</button>
//	</form>
//	{{end}}
//
// and the handler answers with [Renderer.Render]. A page is rendered whole before a byte is sent. The
// renderer refuses, when the program starts, templates that the content security policy would break
// (inline scripts, style attributes, on… handlers) and post forms without {{idempotency}}.
//
// Functions: t KEY ARGS…, date, instant, money, number, percent, asset, icon NAME, idempotency, crumbs,
// badge, stat, progress, step, alert, empty, next, confirm, choice, dict, and the modifiers of a field:
// hint, required, kind, options, autocomplete, rows, length. Components are the templates of
// templates/component.part.html, each with a comment that shows its use.
//
// A table with class "cards" becomes a list of cards on a phone; give each td its data-label. Any other
// wide table goes into <div class="scroll" tabindex="0" role="region" aria-label="…">. A table inside
// <figure data-chart="bar|line|pie"> is also drawn as a chart.
//
// Style sheets and scripts are embedded and served under names with their digest, see [Assets]. Those
// of others (Tabler, htmx, ECharts) lie in static/vendor, put there by scripts/vendor.sh.
package page
