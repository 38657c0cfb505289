package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// Bounds of a call to a platform.
const (
	callTime   = 4 * time.Second // less than the outbox gives a whole try
	callTries  = 4               // of which all but the last may break off or answer that the platform is at fault
	callPause  = 40 * time.Millisecond
	mostAnswer = 1 << 20 // bytes that are read
)

// answer is what a platform answered.
type answer struct {
	status int
	kind   string // media type
	body   []byte
}

var (
	errBroken = errors.New("无法连接")
	errFault  = errors.New("对方系统故障")
)

// call asks a platform, and once more after a moment when the connection broke or the platform said that it is at fault: half
// of what fails succeeds at once, and a platform need not rest for it.
func (s *Service) call(ctx context.Context, t *Target, method, address, key string, body []byte) (a answer, err error) {
	for try := range callTries {
		a, err = s.callOnce(ctx, t, method, address, key, body)
		if !errors.Is(err, errBroken) && !errors.Is(err, errFault) || ctx.Err() != nil {
			return a, err
		}
		if try == callTries-1 {
			break
		}
		select {
		case <-ctx.Done():
			return a, err
		case <-time.After(s.c.Pause<<try + rand.N(s.c.Pause)):
		}
	}
	return a, err
}

func (s *Service) callOnce(ctx context.Context, t *Target, method, address, key string, body []byte) (a answer, err error) {
	q, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return a, fmt.Errorf("%w：%s的地址", ErrTarget, t.Name)
	}
	at := strconv.FormatInt(s.c.Now().Unix(), 10)
	q.Header.Set("Accept", "application/json, text/html;q=0.9")
	q.Header.Set(TimeHeader, at)
	q.Header.Set(SignatureHeader, Sign(t.Secret, method, q.URL.EscapedPath(), at, body))
	if key != "" {
		q.Header.Set(KeyHeader, key)
		q.Header.Set("Content-Type", "application/json")
	}
	r, err := s.c.Client.Do(q)
	if err != nil {
		if late := (interface{ Timeout() bool })(nil); errors.As(err, &late) && late.Timeout() {
			return a, errors.New("对方没有及时答复") // it hangs: asking again at once would hang too
		}
		return a, errBroken
	}
	defer r.Body.Close()
	a.status = r.StatusCode
	a.kind, _, _ = mime.ParseMediaType(r.Header.Get("Content-Type"))
	if a.body, err = io.ReadAll(io.LimitReader(r.Body, mostAnswer)); err != nil {
		return a, errBroken
	}
	switch {
	case a.status >= 500 || a.status == http.StatusTooManyRequests:
		return a, fmt.Errorf("%w（状态%d）", errFault, a.status)
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return a, fmt.Errorf("对方不认可签名（状态%d）：请核对密钥", a.status)
	}
	return a, nil
}

// page is what a platform's page says of a matter.
type page struct {
	Matter string `json:"matter"`
	Shown  *bool  `json:"shown"`
	Marked bool   `json:"marked"`
}

var errPage = errors.New("公示页面无法识别")

// look reads the public page of a matter and says whether it agrees.
func (s *Service) look(ctx context.Context, t *Target, x *Shown, p *Push) (event, error) {
	ev := event{what: agrees, version: x.Version}
	address := strings.NewReplacer("{matter}", url.PathEscape(x.Matter), "{code}", url.PathEscape(p.Code), "{doc}", url.PathEscape(p.DocNo)).Replace(t.Page)
	a, err := s.call(ctx, t, http.MethodGet, address, "", nil)
	if err != nil {
		return ev, fmt.Errorf("读取公示页面：%w", err)
	}
	g, err := readPage(&a, x.Matter)
	if err != nil {
		return ev, err
	}
	if why := against(g, x.Ended, t.Manner); why != "" {
		ev.what, ev.text = differs, why
	}
	return ev, nil
}

// against says in what a page disagrees; empty when it agrees.
func against(g page, ended bool, manner Manner) string {
	switch shown := *g.Shown; {
	case ended && shown && manner == Mark && !g.Marked:
		return "公示页面仍显示该事项，没有标注已修复"
	case ended && shown && manner == Hide:
		return "公示页面仍显示该事项"
	case !ended && !shown:
		return "公示页面没有恢复显示该事项"
	case !ended && g.Marked:
		return "公示页面仍标注该事项已修复"
	}
	return ""
}

// readPage reads a page in either form. What does not speak of the matter says nothing of it, least of all that it is not shown.
func readPage(a *answer, matter string) (g page, err error) {
	if a.status != http.StatusOK && a.status != http.StatusNotFound && a.status != http.StatusGone {
		return g, fmt.Errorf("%w（状态%d）", errPage, a.status)
	}
	switch a.kind {
	case "application/json":
		err = json.Unmarshal(a.body, &g)
	case "text/html":
		g, err = readHTML(a.body)
	default:
		err = errPage
	}
	if err != nil || g.Matter != matter || g.Shown == nil {
		return g, fmt.Errorf("%w（状态%d）", errPage, a.status)
	}
	return g, nil
}

// readHTML finds the element of a page that says which matter it is about (data-matter), whether it is shown (data-shown) and
// whether it is marked as repaired (data-marked).
func readHTML(body []byte) (g page, err error) {
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return g, errPage
		case html.StartTagToken, html.SelfClosingTagToken:
			if g = attributes(z); g.Matter != "" && g.Shown != nil {
				return g, nil
			}
		}
	}
}

func attributes(z *html.Tokenizer) (g page) {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch text := string(value); string(key) {
		case "data-matter":
			g.Matter = text
		case "data-shown":
			if text == "yes" || text == "no" {
				shown := text == "yes"
				g.Shown = &shown
			}
		case "data-marked":
			g.Marked = text == "yes"
		}
	}
	return g
}
