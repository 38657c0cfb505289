package app_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/livecode"
	"xinban/internal/receive"
	"xinban/internal/report"
)

// papers500 is an upload of as many PDF papers as the desk takes at once.
func papers500(b *testing.B, w *app.Web) (body []byte, boundary string) {
	b.Helper()
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	n := 0
	for _, key := range firms(b, w, 560) {
		if n == receive.MaxPapers {
			break
		}
		d, err := w.Report.Issue(b.Context(), report.Request{Key: key, Edition: "general", Purpose: loan, Paper: true}, issuing)
		if err != nil {
			continue
		}
		part, err := form.CreateFormFile("file", fmt.Sprintf("%d.pdf", n))
		if err == nil {
			_, err = part.Write(d.Paper)
		}
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	if err := form.Close(); err != nil || n != receive.MaxPapers {
		b.Fatalf("%d papers, %v", n, err)
	}
	return out.Bytes(), form.Boundary()
}

// The desk checks 500 PDF papers and keeps the table; at most 5 s on two cores is the aim.
func BenchmarkReceive500(b *testing.B) {
	w := setup(b, 600)
	body, boundary := papers500(b, w)
	files, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(1 << 30)
	if err != nil {
		b.Fatal(err)
	}
	who := &receive.Receiver{ID: consent.AccountGrantee("bench"), Name: "bench", Access: audit.Actor{ID: "bench", Name: "bench"}}
	for b.Loop() {
		table, err := w.Receive.Check(b.Context(), who, files.File["file"], receive.Need{Years: 3, Days: 30}, false)
		if err != nil || table.Papers != receive.MaxPapers || table.Problems != 0 {
			b.Fatalf("%+v %v", table, err)
		}
	}
	b.ReportMetric(receive.MaxPapers/(b.Elapsed().Seconds()/float64(b.N)), "papers/s")
}

// The same over a connection, from the first byte of the upload to the last of the table: what a bank's program waits for.
func BenchmarkReceive500ByHTTP(b *testing.B) {
	w := setup(b, 600)
	body, boundary := papers500(b, w)
	session, err := w.Accounts.Open(b.Context(), "receiver", "bench")
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	for b.Loop() {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/api/v1/receipts?years=3&days=30", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Idempotency-Key", rand.Text())
		r.AddCookie(&http.Cookie{Name: "xinban", Value: session})
		answer, err := server.Client().Do(r)
		if err != nil {
			b.Fatal(err)
		}
		var table apiTable
		err = json.NewDecoder(answer.Body).Decode(&table)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusCreated || table.Papers != receive.MaxPapers || table.Problems != 0 {
			b.Fatalf("status %d, %d papers, %d problems, %v", answer.StatusCode, table.Papers, table.Problems, err)
		}
	}
	b.ReportMetric(float64(len(body))/1e6, "MB/upload")
	b.ReportMetric(receive.MaxPapers/(b.Elapsed().Seconds()/float64(b.N)), "papers/s")
}

// Scans of live codes from many phones at once, each with its entry in the access log; 1,000 a second is the aim.
func BenchmarkLiveCodeScan(b *testing.B) {
	w := setup(b, 200)
	key, _ := showcase()
	codes := liveCodes(b, w, key)
	var next atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := w.Livecode.Scan(b.Context(), codes[(next.Add(1)-1)/livecode.Most], audit.Actor{Name: "社会公众"}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)*float64(time.Second)/float64(b.Elapsed()), "scans/s")
}

// liveCodes are as many codes as a benchmark scans.
func liveCodes(b *testing.B, w *app.Web, key credit.Key) (codes []string) {
	b.Helper()
	for range b.N/livecode.Most + 1 {
		_, code, err := w.Livecode.Begin(b.Context(), key, livecode.Choice{Edition: "general", Fields: livecode.Counts, Uses: livecode.Most}, issuing)
		if err != nil {
			b.Fatal(err)
		}
		codes = append(codes, code.Text)
	}
	return codes
}

// The same through the whole server, as a phone scans: routing, session, the page that answers.
func BenchmarkLiveCodeScanOverHTTP(b *testing.B) {
	w := setup(b, 200)
	key, _ := showcase()
	codes := liveCodes(b, w, key)
	handler := w.Server.Handler()
	var next atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1) - 1
			r := httptest.NewRequest(http.MethodGet, "/c/"+codes[n/livecode.Most], nil)
			r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1234", n>>16&255, n>>8&255, n&255)
			rec := httptest.NewRecorder()
			handler.ServeHTTP(rec, r)
			if rec.Code != http.StatusOK {
				b.Errorf("status %d: %.200s", rec.Code, rec.Body)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)*float64(time.Second)/float64(b.Elapsed()), "scans/s")
}
