package platform

import (
	"encoding/csv"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"xinban/internal/platform"
)

// mostBody bounds what is read of a request, in bytes.
const mostBody = 1 << 20

// StandIn is the platform.
type StandIn struct {
	Name   string
	Secret string // shared with those who tell it
	ID     string // its ID at the server to which it reports repairs of its own
	Report string // address that takes such reports, empty for none

	shelf     *shelf
	behaviour atomic.Pointer[Behaviour]
	calls     sync.Map // attempts, by key: how often each came
	mux       http.ServeMux
}

// New opens a stand-in that keeps what it shows in a file.
func New(name, secret, path string) (*StandIn, error) {
	s := &StandIn{Name: name, Secret: secret}
	var err error
	if s.shelf, err = openShelf(path); err != nil {
		return nil, err
	}
	s.mux.HandleFunc("POST /effects", s.misbehave(s.effect))
	s.mux.HandleFunc("GET /matters/{id}", s.misbehave(s.matter))
	s.mux.HandleFunc("GET /daily.csv", s.misbehave(s.daily))
	s.mux.HandleFunc("GET /{$}", s.misbehave(s.list))
	s.mux.HandleFunc("POST /repair", s.repair)
	s.mux.HandleFunc("POST /behave", s.behave)
	return s, nil
}

// Close ends the store.
func (s *StandIn) Close() error { return s.shelf.file.Close() }

// ServeHTTP answers as the platform would.
func (s *StandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Matter is what it keeps of a matter.
func (s *StandIn) Matter(id string) (Matter, bool) { return s.shelf.get(id) }

func reply(w http.ResponseWriter, status int, doc any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(doc) // the caller is gone; nothing to do
}

func (s *StandIn) effect(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	want := platform.Sign(s.Secret, r.Method, r.URL.EscapedPath(), r.Header.Get(platform.TimeHeader), body)
	if err != nil || !platform.Signed(want, r.Header.Get(platform.SignatureHeader)) {
		reply(w, http.StatusUnauthorized, platform.Receipt{Reason: "签名不符"})
		return
	}
	var p platform.Push
	if json.Unmarshal(body, &p) != nil || p.ID == "" || p.Version < 1 || p.Key == "" || p.Key != r.Header.Get(platform.KeyHeader) {
		reply(w, http.StatusUnprocessableEntity, platform.Receipt{Key: p.Key, Reason: "缺少事项、版本或者编号"})
		return
	}
	_, again := s.calls.LoadOrStore(p.Key, true)
	if err := s.shelf.take(p); err != nil {
		reply(w, http.StatusInternalServerError, platform.Receipt{Key: p.Key, Reason: "无法保存"})
		return
	}
	if s.now().Mode == Twice && !again {
		panic(http.ErrAbortHandler)
	}
	reply(w, http.StatusOK, platform.Receipt{Key: p.Key, Accepted: true})
}

// shown is a matter as the outside sees it.
type shown struct {
	Platform string `json:"platform"`
	Matter   string `json:"matter"`
	Shown    bool   `json:"shown"`
	Marked   bool   `json:"marked"`
	Name     string `json:"name,omitempty"`
	Code     string `json:"code,omitempty"`
	DocNo    string `json:"doc_no,omitempty"`
	By       string `json:"authority,omitempty"`
}

// view is what the page says of a matter; one of which it never heard is not shown.
func (s *StandIn) view(id string) shown {
	v := shown{Platform: s.Name, Matter: id}
	m, ok := s.shelf.get(id)
	if !ok {
		return v
	}
	ended := m.End != (s.now().Mode == Deny)
	v.Shown, v.Marked = !ended || m.Manner == platform.Mark, ended && m.Manner == platform.Mark
	if v.Shown {
		v.Name, v.Code, v.DocNo, v.By = m.Name, m.Code, m.DocNo, m.Authority
	}
	return v
}

var pages = template.Must(template.New("matter").Parse(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Platform}}（演示）</title></head>
<body><header><p>{{.Platform}}（演示平台，不是真实网站）</p></header><main data-matter="{{.Matter}}" data-shown="{{if .Shown}}yes{{else}}no{{end}}" data-marked="{{if .Marked}}yes{{else}}no{{end}}">
{{if .Shown}}<h1>{{.Name}}</h1><p>{{.Code}}</p><p>{{.DocNo}}　{{.By}}</p>{{if .Marked}}<p>已修复</p>{{end}}{{else}}<h1>没有公示该事项</h1>{{end}}</main></body></html>
{{define "list"}}<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.Name}}（演示）</title></head>
<body><header><p>{{.Name}}（演示平台，不是真实网站）</p></header><main><h1>公示事项</h1><ul>{{range .Rows}}<li><a href="/matters/{{.Matter}}">{{.Name}}　{{.DocNo}}</a>{{if .Marked}}　已修复{{end}}</li>{{else}}<li>没有公示的事项</li>{{end}}</ul></main></body></html>{{end}}`))

func (s *StandIn) matter(w http.ResponseWriter, r *http.Request) {
	v := s.view(r.PathValue("id"))
	w.Header().Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.Header.Get("Accept"), "application/json") && r.URL.Query().Get("form") != "page" {
		reply(w, http.StatusOK, v)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = pages.Execute(w, v) // the caller is gone; nothing to do
}

func (s *StandIn) list(w http.ResponseWriter, _ *http.Request) {
	d := struct {
		Name string
		Rows []shown
	}{Name: s.Name}
	for _, m := range s.shelf.all() {
		if v := s.view(m.ID); v.Shown {
			d.Rows = append(d.Rows, v)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = pages.ExecuteTemplate(w, "list", d) // the caller is gone; nothing to do
}

// daily is the daily file, in the form that [platform.ReadFile] reads.
func (s *StandIn) daily(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	c := csv.NewWriter(w)
	defer c.Flush()
	_ = c.Write([]string{"统一社会信用代码", "决定书文号", "是否公示"}) // an error stays until Flush; the caller is gone
	for _, m := range s.shelf.all() {
		word := "否"
		if s.view(m.ID).Shown {
			word = "是"
		}
		_ = c.Write([]string{m.Code, m.DocNo, word}) // as above
	}
}
