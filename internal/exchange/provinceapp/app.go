// Package provinceapp is an app of the province that stands in (演示应用): its user has signed in there, and opens the report
// in a frame by a ticket that the app's backend asks for with its secret.
package provinceapp

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"xinban/internal/credit"
)

// App is the stand-in.
type App struct {
	Server string // address of the platform, such as http://127.0.0.1:8080
	Secret string // of the app there
	Code   string // the firm that the app's user acts for
}

var pages = template.Must(template.New("").Parse(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>掌上岚海（演示应用）</title><style>body{margin:0;font:18px/1.6 sans-serif;color:#123;background:#eef3f6}header{background:#7a3b12;color:#fff;padding:.6rem 1rem}
main{padding:1rem;max-width:44rem;margin:auto}iframe{display:block;width:100%;height:70vh;border:2px solid #7a3b12;border-radius:12px;background:#fff}
a{display:inline-block;padding:.6rem 1.4rem;background:#7a3b12;color:#fff;border-radius:8px;text-decoration:none}</style></head>
<body><header>掌上岚海（演示应用，不是本平台的页面）</header><main>{{if .Start}}<iframe src="{{.Start}}" title="信用报告"></iframe><p><a href="/">返回应用首页</a></p>
{{else if .Fault}}<p role="alert">{{.Fault}}</p><p><a href="/">返回</a></p>{{else}}<p>演示数据。应用已确认您代表的企业：{{.Code}}</p><p><a href="/open">打开信用报告</a></p>{{end}}</main></body></html>`))

type shown struct{ Start, Fault, Code string }

// ServeHTTP shows the app's home page, and the report in a frame at /open.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d := shown{Code: a.Code}
	if r.URL.Path == "/open" {
		start, err := a.Ticket(r.Context())
		if err != nil {
			d.Fault = "信用报告暂时打不开，请稍后再试"
		} else {
			d.Start = a.Server + start
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = pages.Execute(w, d) // the client is gone; nothing to do
}

// askTime is how long the platform may take for a ticket.
const askTime = 5 * time.Second

// Ticket asks for a ticket, as the app's backend does, and returns the path to open with it.
func (a *App) Ticket(ctx context.Context) (start string, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	body, err := json.Marshal(map[string]string{"code": credit.NormalCode(a.Code)})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.Server+"/api/v1/embed/tickets", bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("provinceapp: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", rand.Text())
	r.Header.Set("Xinban-App", a.Secret)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", fmt.Errorf("provinceapp: asking for a ticket: %w", err)
	}
	defer answer.Body.Close()
	var got struct {
		Start string `json:"start"`
	}
	if answer.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("provinceapp: asking for a ticket: status %d", answer.StatusCode)
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return "", fmt.Errorf("provinceapp: reading the ticket: %w", err)
	}
	return got.Start, nil
}
