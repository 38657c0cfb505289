package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/platform"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

const standinSecret = "0123456789abcdef"

// startPlatform runs a platform as a process of its own and returns its address.
func startPlatform(t *testing.T, file, addr string) (c *exec.Cmd, address string) {
	t.Helper()
	c = exec.Command("xinban", "--json", "standin", "platform", "--file", file, "--secret", standinSecret, "--addr", addr)
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() }) // it may have been killed
	line, err := bufio.NewReader(out).ReadString('\n')
	var said struct{ Push string }
	if err != nil || json.Unmarshal([]byte(line), &said) != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return c, strings.TrimSuffix(said.Push, "/effects")
}

// A platform that is killed keeps what it showed; what it missed is told when it runs again.
func TestAPlatformIsKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	file, db, now := filepath.Join(t.TempDir(), "shown"), storetest.SQLite(t), time.Date(2026, 5, 18, 2, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	var s *platform.Service
	box, err := outbox.New(t.Context(), db, clock, map[string]outbox.Sender{platform.Scheme: func(ctx context.Context, m outbox.Message) error { return s.Send(ctx, m) }})
	if err == nil {
		s, err = platform.New(t.Context(), platform.Config{DB: db, Outbox: box, Calendar: workday.Default(), Now: clock, Key: []byte(standinSecret)})
	}
	if err != nil {
		t.Fatal(err)
	}
	process, address := startPlatform(t, file, "127.0.0.1:0")
	err = s.SetTarget(t.Context(), platform.Target{ID: "p", Name: "演示", Kind: platform.Official, Push: address + "/effects", Page: address + "/matters/{matter}", Secret: standinSecret, Manner: platform.Hide})
	if err != nil {
		t.Fatal(err)
	}
	told := func(id byte, version int64, end bool) platform.State {
		e := platform.Effect{Subject: "91000000MA0000018A", Matter: credit.MatterID{15: id}, Version: version, End: end, DocNo: "演示1号"}
		if err := db.Tx(t.Context(), func(tx *store.Tx) error { return s.Tell(tx, e) }); err != nil {
			t.Fatal(err)
		}
		if _, err := box.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
		x, err := s.Of(t.Context(), e.Subject, e.Matter.String(), "p")
		if err != nil {
			t.Fatal(err)
		}
		return x.State
	}
	if a, b := told(1, 1, false), told(2, 1, false); a != platform.Confirmed || b != platform.Confirmed {
		t.Fatalf("%s, %s", a, b)
	}
	_ = process.Process.Kill() // as a power cut would
	_ = process.Wait()
	if state := told(1, 2, true); state != platform.Pending {
		t.Errorf("a dead platform is %s", state)
	}
	startPlatform(t, file, strings.TrimPrefix(address, "http://"))
	now = now.Add(2 * time.Hour)
	if _, err := box.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Check(t.Context()); err != nil || n != 1 {
		t.Errorf("%d pages read again: %v", n, err)
	}
	for id, ended := range map[byte]bool{1: true, 2: false} {
		x, err := s.Of(t.Context(), "91000000MA0000018A", credit.MatterID{15: id}.String(), "p")
		if err != nil || x.State != platform.Confirmed || x.Ended != ended {
			t.Errorf("%d: %+v, %v", id, x, err)
		}
	}
}
