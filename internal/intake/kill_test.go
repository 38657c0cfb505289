package intake_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// childEnv names the work of a child process: folder, store and file, a line each in a file.
const childEnv = "XINBAN_TEST_LOAD"

type childWork struct{ Dir, Store, File string }

// TestLoadInAChild is the process that is killed; on its own it does nothing.
func TestLoadInAChild(t *testing.T) {
	text := os.Getenv(childEnv)
	if text == "" {
		t.Skip("only as a child of TestKilledLoads")
	}
	var w childWork
	must(t, json.Unmarshal([]byte(text), &w))
	db, err := store.Open(t.Context(), w.Store)
	must(t, err)
	h := shortRuns(t, reopen(t, db, w.Dir))
	fmt.Println("loading")
	h.load("eco", w.File)
	must(t, db.Close())
}

// A load that is killed again and again, anywhere, and sent again until it ends gives the verdicts, the
// facts, the quarantine and the questions of a load that nobody disturbed.
func TestKilledLoads(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for name, c := range map[string]struct {
		env         string
		rows, kills int
	}{"sqlite": {"", 20_000, 20}, "postgres": {"XINBAN_TEST_POSTGRES", 12_000, 10}} {
		t.Run(name, func(t *testing.T) {
			at := func() string { return filepath.Join(t.TempDir(), "xinban.db") }
			if c.env != "" {
				base := os.Getenv(c.env)
				if base == "" {
					t.Skipf("%s is not set", c.env)
				}
				at = func() string { return storetest.Schema(t, base) }
			}
			before, file := twoFiles(t, c.rows)
			calm, stormy := childWork{t.TempDir(), at(), file}, childWork{t.TempDir(), at(), file}
			for _, w := range []childWork{calm, stormy} { // what the source had sent earlier
				first := w
				first.File = before
				if killed, _ := first.run(t, 0); killed {
					t.Fatal("nobody kills this one")
				}
			}
			_, took := calm.run(t, 0)
			kills, ended := 0, false
			r := rand.New(rand.NewPCG(1, uint64(c.rows)))
			for !ended && kills < 2*c.kills {
				within := took / 4
				if kills >= c.kills { // and towards the end of the load
					within = took
				}
				killed, _ := stormy.run(t, 1+time.Duration(r.Int64N(int64(within))))
				if killed {
					kills++
				}
				ended = !killed || stormy.done(t) // a kill may come when all is written
			}
			if kills < c.kills {
				t.Errorf("only %d kills hit the load", kills)
			}
			t.Logf("%d kills within loads of %v", kills, took)
			if !ended {
				stormy.run(t, 0)
			}
			same(t, calm.outcome(t), stormy.outcome(t))
		})
	}
}

// done tells whether the second load, the one that is killed, has ended.
func (w childWork) done(t *testing.T) bool {
	t.Helper()
	db, err := store.Open(t.Context(), w.Store)
	must(t, err)
	defer db.Close()
	return len(texts(t, db, "SELECT state FROM intake_load WHERE state = 'done'")) == 2
}

// run loads the file in a child and kills it a while after the load has begun; 0 lets it end.
func (w childWork) run(t *testing.T, after time.Duration) (killed bool, took time.Duration) {
	t.Helper()
	text, err := json.Marshal(w)
	must(t, err)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLoadInAChild$")
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	lines := bufio.NewScanner(out)
	last := ""
	for lines.Scan() {
		if last = lines.Text(); last == "loading" {
			break
		}
	}
	began := time.Now()
	if after > 0 {
		time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	}
	said := ""
	for lines.Scan() {
		said += lines.Text() + "\n"
	}
	err = cmd.Wait()
	if err != nil && after == 0 {
		t.Fatalf("the child failed: %v\n%s%s", err, last, said)
	}
	if err != nil && cmd.ProcessState.ExitCode() > 0 {
		t.Fatalf("the child failed before it was killed: %v\n%s", err, said)
	}
	return err != nil, time.Since(began)
}

// twoFiles writes what a source sent earlier and what it sends now: new rows, rows sent again, changed
// rows, rows that contradict others of the file near and far, bad rows, rows under doubtful codes.
func twoFiles(t *testing.T, n int) (before, now string) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, uint64(n)))
	make := func(i int, fine string, bad bool) row {
		p := penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i), row{"统一社会信用代码": code(fmt.Sprintf("91000000MA%06d", i%997)),
			"行政相对人名称": fmt.Sprintf("岚港演示%d有限公司", i%997), "罚款金额（万元）": fine, "处罚内容": "罚款人民币" + fine + "万元"})
		if bad {
			p["处罚决定日期"] = "2022-09-31"
		}
		if i%211 == 0 { // the same name under a code that fails its check
			c := p["统一社会信用代码"]
			p["统一社会信用代码"] = c[:17] + string("0123456789"[(i+int(c[17]))%10])
		}
		return p
	}
	var old, all []row
	for i := range n / 3 {
		old = append(old, make(i, "2", false))
	}
	for range n {
		i := r.IntN(n)
		all = append(all, make(i, []string{"2", "2", "2", "2", "3"}[r.IntN(5)], r.IntN(20) == 0))
	}
	return file(t, credit.Penalty, old...), file(t, credit.Penalty, all...)
}

// outcome is all that a store says of its loads.
type outcome struct {
	Loads     []intake.Load
	Verdicts  []string
	Facts     []ledger.Fact
	Held      []string
	Questions []string
	Rows      int64 // that the feed counted
}

func (w childWork) outcome(t *testing.T) (o outcome) {
	t.Helper()
	db, err := store.Open(t.Context(), w.Store)
	must(t, err)
	defer db.Close()
	h := shortRuns(t, reopen(t, db, w.Dir))
	o.Loads, err = h.Loads(t.Context(), 0, 0, 10)
	must(t, err)
	for _, l := range o.Loads {
		b, err := os.ReadFile(h.VerdictFile(l.ID))
		must(t, err)
		o.Verdicts = append(o.Verdicts, string(b))
		h.tallied(intake.Result{Load: l})
	}
	for _, k := range texts(t, db, "SELECT DISTINCT subject FROM fact ORDER BY subject") {
		facts, err := h.ledger.Read(t.Context(), credit.Key(k))
		must(t, err)
		o.Facts = append(o.Facts, facts...)
	}
	o.Held = texts(t, db, "SELECT CAST(load AS TEXT) || ' ' || CAST(row AS TEXT) || ' ' || findings || state FROM quarantine ORDER BY load, row")
	o.Questions = texts(t, db, "SELECT subject || ' ' || id || ' ' || type || ' ' || other || detail FROM desk_item ORDER BY subject, id")
	o.Rows = h.feedRows("eco")
	return o
}

func texts(t *testing.T, db *store.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(context.Background(), query)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		all = append(all, s)
	}
	must(t, rows.Err())
	return all
}

func same(t *testing.T, calm, stormy outcome) {
	t.Helper()
	if !reflect.DeepEqual(calm.Loads, stormy.Loads) {
		t.Errorf("loads:\n%+v\n%+v", calm.Loads, stormy.Loads)
	}
	if c := calm.Loads[0]; c.Accepted == 0 || c.Unchanged == 0 || c.Amended == 0 || c.Quarantined == 0 {
		t.Errorf("a load that tries too little: %+v", c)
	}
	if calm.Rows != stormy.Rows {
		t.Errorf("the feed counted %d rows, and %d", calm.Rows, stormy.Rows)
	}
	if len(calm.Facts) != len(stormy.Facts) {
		t.Fatalf("%d facts, and %d", len(calm.Facts), len(stormy.Facts))
	}
	for i := range calm.Facts {
		if !reflect.DeepEqual(calm.Facts[i], stormy.Facts[i]) {
			t.Fatalf("a fact differs:\n%+v\n%+v", calm.Facts[i], stormy.Facts[i])
		}
	}
	for what, pair := range map[string][2][]string{"verdict files": {calm.Verdicts, stormy.Verdicts}, "rows held": {calm.Held, stormy.Held}, "questions": {calm.Questions, stormy.Questions}} {
		if len(pair[0]) == 0 || len(pair[0]) != len(pair[1]) {
			t.Errorf("%s: %d, and %d", what, len(pair[0]), len(pair[1]))
			continue
		}
		for i := range pair[0] {
			if pair[0][i] != pair[1][i] {
				t.Errorf("%s differ at %d:\n%.600s\n%.600s", what, i, pair[0][i], pair[1][i])
				break
			}
		}
	}
}
