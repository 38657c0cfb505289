package web_test

import (
	"fmt"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

var keys atomic.Int64

func escape(s string) string { return url.QueryEscape(s) }

func TestPostNeedsAKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, key := range []string{"", "short", strings.Repeat("k", 201), "with space", "umläut-key"} {
		w := b.ask("POST", "/api/v1/probe", `{"name":"ab"}`, js, b.as(t, account.Centre), header("Idempotency-Key", key))
		if w.Code != 400 || !strings.Contains(w.Body.String(), "/problems/idempotency-missing") {
			t.Errorf("key %.20q: status %d", key, w.Code)
		}
		if w := b.ask("POST", "/probe/count", "who=a&_idempotency="+escape(key), form); w.Code != 400 {
			t.Errorf("a form with key %.20q: status %d", key, w.Code)
		}
	}
	if b.counted.Load() != 0 {
		t.Error("something was done without a key")
	}
}

func TestSameKeyGivesTheSameAnswerOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { sameAnswerOnce(t, setupOn(t, db)) })
}

func sameAnswerOnce(t *testing.T, b *bundle) {
	t.Helper()
	clerk := b.as(t, account.Clerk)
	body := "who=clerk&_idempotency=key-12345678"
	first := b.ask("POST", "/probe/count", body, form, clerk)
	again := b.ask("POST", "/probe/count", body, form, b.as(t, account.Clerk)) // another session, the same person
	if first.Code != 201 || again.Code != 201 || again.Body.String() != first.Body.String() || again.Header().Get("Location") != "/counted/1" {
		t.Errorf("first %d %q, again %d %q", first.Code, first.Body, again.Code, again.Body)
	}
	if again.Header().Get("Idempotency-Replayed") != "true" || again.Header().Get("Set-Cookie") != "" {
		t.Errorf("again: header %v", again.Header())
	}
	if b.counted.Load() != 1 {
		t.Errorf("done %d times", b.counted.Load())
	}
	if w := b.ask("POST", "/probe/count", body+"&more=1", form, clerk); w.Code != 422 || !strings.Contains(w.Body.String(), "幂等键已用于另一请求") {
		t.Errorf("other content: status %d", w.Code)
	}
	if w := b.ask("POST", "/probe/count?x=1", body, form, clerk); w.Code != 422 {
		t.Errorf("another address: status %d", w.Code)
	}
	if w := b.ask("POST", "/probe/count", body, form, b.as(t, account.Centre)); w.Code != 201 || b.counted.Load() != 2 {
		t.Errorf("another person with the same key: status %d", w.Code)
	}
	b.clock.pass(25 * time.Hour)
	if w := b.ask("POST", "/probe/count", body, form, b.as(t, account.Clerk)); w.Code != 201 || b.counted.Load() != 3 {
		t.Errorf("a day later: status %d, %d times", w.Code, b.counted.Load())
	}
}

func TestKeyIsFreeAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := header("Idempotency-Key", "key-of-a-failure")
	if w := b.ask("POST", "/probe/count?fail=1", "", key); w.Code != 500 {
		t.Fatalf("status %d", w.Code)
	}
	if w := b.ask("POST", "/probe/count", "", key); w.Code != 201 {
		t.Errorf("afterwards: status %d", w.Code)
	}
}

// Twenty at once with one key: one is done, the others are told to wait or get its answer.
func TestTwentyAtOnceWithOneKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) { twentyAtOnce(t, setupOn(t, db)) })
}

func twentyAtOnce(t *testing.T, b *bundle) {
	t.Helper()
	codes := make([]int, 20)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() {
			codes[i] = b.ask("POST", "/probe/count", "same", header("Idempotency-Key", "key-of-twenty"), header("Content-Type", "text/plain")).Code
		})
	}
	wg.Wait()
	for _, c := range codes {
		if c != 201 && c != 409 {
			t.Errorf("status %d", c)
		}
	}
	if n := b.counted.Load(); n != 1 {
		t.Errorf("done %d times", n)
	}
}

func TestWhileTheFirstRunsTheSecondWaits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := header("Idempotency-Key", "key-that-waits")
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- b.ask("POST", "/probe/count?hold=1", "", key) }()
	<-b.held
	w := b.ask("POST", "/probe/count?hold=1", "", key)
	if w.Code != 409 || w.Header().Get("Retry-After") == "" {
		t.Errorf("meanwhile: status %d, header %v", w.Code, w.Header())
	}
	// five minutes later the first counts as killed; the second takes over
	b.clock.pass(6 * time.Minute)
	second := make(chan *httptest.ResponseRecorder)
	go func() { second <- b.ask("POST", "/probe/count?hold=1", "", key) }()
	<-b.held
	close(b.hold)
	if a, z := <-first, <-second; a.Code != 201 || z.Code != 201 {
		t.Errorf("status %d and %d", a.Code, z.Code)
	}
}

func TestAnswerTooLargeToKeep(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := header("Idempotency-Key", "key-of-much")
	if w := b.ask("POST", "/probe/large", "", key); w.Code != 200 || w.Body.Len() != 3<<20 {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
	if w := b.ask("POST", "/probe/large", "", key); w.Code != 409 || !strings.Contains(w.Body.String(), "已经办完") {
		t.Errorf("again: status %d", w.Code)
	}
	if b.counted.Load() != 1 {
		t.Errorf("done %d times", b.counted.Load())
	}
}

// A browser sends a file with another boundary each time; the content decides.
func TestUploadIsRecognisedByItsContent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		boundary, file string
		want           int
		done           int64
	}{{"aaaa", "row 1", 200, 1}, {"bbbb", "row 1", 200, 1}, {"cccc", "row 2", 422, 1}} {
		var text strings.Builder
		m := multipart.NewWriter(&text)
		must(t, m.SetBoundary(c.boundary))
		must(t, m.WriteField("_idempotency", "key-of-upload"))
		f, err := m.CreateFormFile("file", "处罚.csv")
		must(t, err)
		_, err = fmt.Fprint(f, c.file)
		must(t, err)
		must(t, m.Close())
		w := b.ask("POST", "/probe/upload", text.String(), header("Content-Type", m.FormDataContentType()))
		if w.Code != c.want || b.counted.Load() != c.done {
			t.Errorf("boundary %s: status %d, done %d times", c.boundary, w.Code, b.counted.Load())
		}
	}
	if w := b.ask("POST", "/probe/upload", "not multipart", header("Content-Type", "multipart/form-data; boundary=x"), header("Idempotency-Key", "damaged-key")); w.Code != 400 {
		t.Errorf("a damaged upload: status %d", w.Code)
	}
}

func TestTheTableTellsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ask("POST", "/probe/count", "who=somebody-secret&_idempotency=key-12345678", form)
	var id, response string
	must(t, b.db.QueryRow(t.Context(), `SELECT id, response FROM idempotency`).Scan(&id, &response))
	if strings.Contains(id+response, "secret") || strings.Contains(id+response, "key-1234") || strings.Contains(response, "counted") {
		t.Errorf("row %q %q", id, response)
	}
	b.clock.pass(25 * time.Hour)
	must(t, b.Sweep(t.Context()))
	var n int
	must(t, b.db.QueryRow(t.Context(), `SELECT count(*) FROM idempotency`).Scan(&n))
	if n != 0 {
		t.Errorf("%d rows are left after a day", n)
	}
}

// Every form that a page shows carries a key of its own.
func TestFormsCarryAKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/", "/login", "/account", "/account/totp"} {
		body := b.ask("GET", path, "", b.as(t, account.Clerk)).Body.String()
		forms, fields := strings.Count(body, `method="post"`), strings.Count(body, `name="_idempotency"`)
		if forms == 0 || forms != fields {
			t.Errorf("%s: %d forms, %d keys", path, forms, fields)
		}
	}
	first, second := b.ask("GET", "/login", "").Body.String(), b.ask("GET", "/login", "").Body.String()
	if first == second {
		t.Error("two forms have one key")
	}
}
