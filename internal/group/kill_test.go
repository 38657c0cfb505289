package group_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/group"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// childEnv holds the store at which a child process works.
const childEnv = "XINBAN_TEST_GROUP"

// TestWorkInAChild is the process that is killed; on its own it does nothing.
func TestWorkInAChild(t *testing.T) {
	at := os.Getenv(childEnv)
	if at == "" {
		t.Skip("only as a child of TestKilledWork")
	}
	db, err := store.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	d := connect(t, db)
	d.kept = func(tx *store.Tx, key credit.Key, number string) error {
		time.Sleep(time.Millisecond) // a paper takes a while
		_, err := tx.Exec("INSERT INTO test_paper (subject, number) VALUES ($1, $2)", string(key), number)
		return err
	}
	fmt.Println("working")
	d.work()
	d.must(db.Close())
}

// The work for a group is killed again and again, anywhere, and taken up by the next process: every member ends exactly once, no
// paper is made twice, and each consent of one use is used once.
func TestKilledWork(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for name, env := range map[string]string{"sqlite": "", "postgres": "XINBAN_TEST_POSTGRES"} {
		t.Run(name, func(t *testing.T) {
			at := filepath.Join(t.TempDir(), "xinban.db")
			if env != "" {
				base := os.Getenv(env)
				if base == "" {
					t.Skipf("%s is not set", env)
				}
				at = storetest.Schema(t, base)
			}
			killedWork(t, at)
		})
	}
}

func killedWork(t *testing.T, at string) {
	const members, wanted = 300, 8
	id := prepare(t, at, members)
	kills, ended := 0, false
	r := rand.New(rand.NewPCG(1, 2))
	for runs := 0; !ended && runs < 4*wanted; runs++ {
		within := 60 * time.Millisecond
		if kills >= wanted {
			within = 0 // let it end
		}
		killed := workInAChild(t, at, within, r)
		if ended = !killed; killed {
			kills++
		}
	}
	if kills < 3 {
		t.Errorf("only %d kills hit the work", kills)
	}
	t.Logf("%d kills", kills)
	db, err := store.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d := connect(t, db)
	v := d.view(id)
	if v.State != group.Done || v.Issued != members || v.Ended != len(v.Members) {
		t.Errorf("%s: %d issued, %d of %d ended", v.State, v.Issued, v.Ended, len(v.Members))
	}
	if p, err := d.Progress(d.ctx(), id); err != nil || p.Ended != v.Ended || p.Issued != v.Issued {
		t.Errorf("progress %+v, %v", p, err)
	}
	for i := range v.Members {
		d.endedOnce(&v.Members[i])
	}
}

// prepare makes a request of members that consented once each, and of one that did not.
func prepare(t *testing.T, at string, members int) (id string) {
	t.Helper()
	db, err := store.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	d := open(t, db)
	d.must(db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TABLE test_paper (subject TEXT NOT NULL, number TEXT NOT NULL)")
		return err
	}))
	var lines []string
	for i := range members {
		key := credit.Key(fmt.Sprintf("org:%09d", i))
		d.meet(key, fmt.Sprintf("岚港第%d号有限公司", i))
		d.allowOnce(key)
		lines = append(lines, fmt.Sprintf("岚港第%d号有限公司", i))
	}
	return d.ask(append(lines, string(child))...)
}

// workInAChild lets a process work, and kills it within a time after it began; 0 lets it end.
func workInAChild(t *testing.T, at string, within time.Duration, r *rand.Rand) (killed bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWorkInAChild$")
	cmd.Env = append(os.Environ(), childEnv+"="+at)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var said []string
	for lines.Scan() {
		if said = append(said, lines.Text()); lines.Text() == "working" && within > 0 {
			time.AfterFunc(time.Duration(r.Int64N(int64(within))), func() { _ = cmd.Process.Kill() })
		}
	}
	if err = cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() > 0 {
		t.Fatalf("the child failed: %v\n%s", err, strings.Join(said, "\n"))
	}
	return err != nil
}

// endedOnce fails unless a member came to an end once, with one paper and one use of its consent.
func (d *desk) endedOnce(m *group.MemberView) {
	d.t.Helper()
	c, err := d.cases.OfSubject(d.t.Context(), m.Key, group.MemberKind, "", 5)
	d.must(err)
	steps, err := d.cases.Steps(d.t.Context(), &c[0])
	d.must(err)
	var papers int
	d.must(d.db.QueryRow(d.t.Context(), "SELECT COUNT(*) FROM test_paper WHERE subject = $1", string(m.Key)).Scan(&papers))
	want := 1
	if m.Key == child {
		want = 0
	}
	if len(c) != 1 || len(steps) != 2 || papers != want || d.used(m.Key) != int64(want) {
		said, _ := json.Marshal(steps)
		d.t.Errorf("%s: %d cases, steps %s, %d papers, consent used %d times", m.Name, len(c), said, papers, d.used(m.Key))
	}
}
