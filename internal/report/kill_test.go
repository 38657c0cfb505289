package report_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const childEnv = "XINBAN_TEST_ISSUE"

type childWork struct {
	Dir, Store string
	Round      int
}

func subjectAt(i int) credit.Key { return credit.Key(fmt.Sprintf("91000000MA%07dX", i)) }

// TestIssueInAChild is the process that is killed; on its own it does nothing.
func TestIssueInAChild(t *testing.T) {
	text := os.Getenv(childEnv)
	if text == "" {
		t.Skip("only as a child of TestKilledIssue")
	}
	var w childWork
	must(t, json.Unmarshal([]byte(text), &w))
	db, err := store.Open(t.Context(), w.Store)
	must(t, err)
	o := open(t, db, w.Dir)
	for i := range 10_000 { // until killed
		key := subjectAt(w.Round*10_000 + i)
		o.says(key, penalised("岚环罚〔2026〕1号", nil))
		doc := o.issue(report.Request{Key: key, Paper: true})
		fmt.Println("issued", doc.Content.Number, key)
	}
}

// A process killed while it issues leaves a document whole or not at all; what a caller was given is there.
func TestKilledIssue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := childWork{Dir: t.TempDir(), Store: filepath.Join(t.TempDir(), "issue.db")}
		if db.Engine() == store.PostgreSQL {
			w.Store = storetest.Schema(t, os.Getenv("XINBAN_TEST_POSTGRES"))
		}
		given := map[string]credit.Key{}
		for w.Round = range 6 {
			w.killed(t, 40*time.Millisecond*time.Duration(1+w.Round), given)
		}
		again, err := store.Open(t.Context(), w.Store)
		must(t, err)
		t.Cleanup(func() { again.Close() })
		o := open(t, again, w.Dir)
		if len(given) < 6 {
			t.Fatalf("only %d documents were given out", len(given))
		}
		n := o.count("document")
		if r, c := o.count("document_request"), o.count("document_number"); r != n || c != n || n < int64(len(given)) {
			t.Errorf("%d documents, %d requests, %d numbers, %d given out", n, r, c, len(given))
		}
		_, err = o.CheckDocuments(t.Context(), func(number, what string) { t.Errorf("%s: %s", number, what) })
		must(t, err)
		for number, key := range given {
			doc, err := o.Document(t.Context(), number)
			must(t, err)
			if v := o.verify(doc.Paper); v.Status != report.Valid || !v.Unaltered {
				t.Errorf("%s: %+v", number, v)
			}
			entries, _, err := audit.BySubject(t.Context(), o.db, key, audit.Cursor{}, 5)
			must(t, err)
			if !slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Document == number }) {
				t.Errorf("%s was given out and the access log does not say so", number)
			}
		}
	})
}

// killed runs a child, kills it a while after its first document, and notes what it gave out.
func (w childWork) killed(t *testing.T, after time.Duration, given map[string]credit.Key) {
	t.Helper()
	text, err := json.Marshal(w)
	must(t, err)
	runKilled(t, "TestIssueInAChild", childEnv+"="+string(text), after, func(line string) bool {
		var number, key string
		n, _ := fmt.Sscanf(line, "issued %s %s", &number, &key)
		if n == 2 {
			given[number] = credit.Key(key)
		}
		return n == 2
	})
}

// runKilled runs a test in a child process and kills it a while after the first line that is work done.
func runKilled(t *testing.T, test, env string, after time.Duration, work func(line string) bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); {
		if !work(lines.Text()) {
			t.Log(lines.Text())
		} else if first {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
			first = false
		}
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() > 0 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}
