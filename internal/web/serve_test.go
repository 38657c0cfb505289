package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"xinban/internal/web"
)

// serve starts the server and returns its address, how to stop it, and its end.
func serve(t *testing.T, b *bundle) (addr string, stop func(), ended chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	listening := make(chan net.Addr, 1)
	ended = make(chan error, 1)
	go func() { ended <- b.Serve(ctx, "127.0.0.1:0", func(a net.Addr) { listening <- a }) }()
	select {
	case a := <-listening:
		return a.String(), cancel, ended
	case err := <-ended:
		cancel()
		t.Fatal(err)
	}
	return "", nil, nil
}

// When told to stop, the server finishes what runs and takes nothing new.
func TestServerDrains(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addr, stop, ended := serve(t, b)
	answer := make(chan string, 1)
	go func() {
		req, _ := http.NewRequest("POST", "http://"+addr+"/probe/count?hold=1", nil)
		req.Header.Set("Idempotency-Key", "key-of-drain")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		answer <- fmt.Sprint(resp.StatusCode, " ", string(text))
	}()
	<-b.held
	stop()
	for { // until the port is closed; the running request keeps the server alive
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			break
		}
		c.Close()
	}
	if w := b.ask("GET", "/readyz", ""); w.Code != 503 || !strings.Contains(w.Body.String(), "draining") {
		t.Errorf("/readyz while draining: %d %s", w.Code, w.Body)
	}
	close(b.hold)
	if got := <-answer; got != "201 counted 1 for " {
		t.Errorf("the running request: %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("serving ended with %v", err)
	}
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) {
		d.Ready = func(context.Context) error { return fmt.Errorf("secret: the store is away") }
	})
	if w := b.ask("GET", "/readyz", ""); w.Code != 503 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("status %d, %s", w.Code, w.Body)
	}
	if w := b.ask("GET", "/healthz", ""); w.Code != 200 {
		t.Errorf("/healthz: status %d", w.Code)
	}
}

// A header that trickles in is given up after five seconds; a header that is too large at once.
func TestTricklingAndHugeHeaders(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time-out of five seconds")
	}
	t.Parallel()
	b := setup(t)
	addr, stop, ended := serve(t, b)
	defer func() { stop(); <-ended }()
	c, err := net.Dial("tcp", addr)
	must(t, err)
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	must(t, c.SetReadDeadline(time.Now().Add(20*time.Second)))
	began := time.Now()
	_, err = io.ReadAll(c)
	if err != nil || time.Since(began) > 15*time.Second {
		t.Errorf("a trickling header is held for %v: %v", time.Since(began), err)
	}
	huge, err := net.Dial("tcp", addr)
	must(t, err)
	defer huge.Close()
	fmt.Fprintf(huge, "GET / HTTP/1.1\r\nHost: x\r\nX-Huge: %s\r\n\r\n", strings.Repeat("x", 64<<10))
	resp, err := http.ReadResponse(bufio.NewReader(huge), nil)
	if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a huge header: %v, %v", resp, err)
	}
}

// A body cut off in the middle does nothing.
func TestCutUploadDoesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	addr, stop, ended := serve(t, b)
	c, err := net.Dial("tcp", addr)
	must(t, err)
	fmt.Fprint(c, "POST /probe/upload HTTP/1.1\r\nHost: x\r\nIdempotency-Key: key-of-cut\r\nContent-Length: 100\r\n\r\nhalf")
	must(t, c.(*net.TCPConn).CloseWrite())
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err == nil && resp.StatusCode != http.StatusRequestTimeout {
		t.Errorf("status %d", resp.StatusCode)
	}
	c.Close()
	stop()
	must(t, <-ended)
	if b.counted.Load() != 0 {
		t.Error("a cut upload was done")
	}
}
