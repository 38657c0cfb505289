package casework

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

const (
	killStore = "XINBAN_CASEWORK_KILL_STORE" // where the process that is killed finds its store
	killCases = 120
	killDay   = credit.Date(20260612)
)

// A process that sweeps is killed again and again at any instant; in the end each stage of each deadline has
// left its step in the history exactly once.
func TestKilledSweepsFireOnce(t *testing.T) {
	t.Parallel()
	path := os.Getenv(killStore)
	if path != "" { // this is the process that is killed
		sweepFor(t, path)
		return
	}
	path = filepath.Join(t.TempDir(), "xinban.db")
	fill(t, path)
	kills := 0
	for i := 0; ; i++ {
		if done := sweepAndKill(t, path, time.Duration(rand.IntN(60))*time.Millisecond); done {
			break
		}
		kills++
		if i == 30 { // let the last one finish
			sweepFor(t, path)
			break
		}
	}
	t.Logf("killed %d times", kills)
	everyStageOnce(t, path)
}

func killService(t *testing.T, path string, day credit.Date) *clocked {
	t.Helper()
	db, err := store.Open(t.Context(), path)
	must(t, err)
	s := clock(t, db)
	s.on(day)
	return s
}

func fill(t *testing.T, path string) {
	t.Helper()
	s := killService(t, path, 20260518)
	defer s.db.Close()
	for i := range killCases {
		c := open(t, s.Service, credit.Key(fmt.Sprint("K", i)), "centre")
		s.set(&c, 20260520)
	}
}

// sweepFor sweeps the store once, and notes each stage in the history of its case.
func sweepFor(t *testing.T, path string) {
	t.Helper()
	s := killService(t, path, killDay)
	defer s.db.Close()
	fmt.Println("sweeping")
	must(t, s.Sweep(t.Context(), killDay, func(tx *store.Tx, d Due) error {
		c, err := scanCase(tx.QueryRow("SELECT "+caseColumns+" FROM case_file WHERE subject = $1 AND id = $2", string(d.Subject), d.Case))
		if err != nil {
			return err
		}
		return s.Note(tx, &c, "told", By{}, d.Stage.Name)
	}))
}

// sweepAndKill runs a process that sweeps, kills it a while after it began, and tells whether it was done before.
func sweepAndKill(t *testing.T, path string, after time.Duration) (done bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledSweepsFireOnce$")
	cmd.Env = append(os.Environ(), killStore+"="+path)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	_, _ = out.Read(make([]byte, 100)) // it has begun
	time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	return cmd.Wait() == nil
}

func everyStageOnce(t *testing.T, path string) {
	t.Helper()
	s := killService(t, path, killDay)
	defer s.db.Close()
	list, err := s.Desk(t.Context(), DeskQuery{Desk: "centre", Limit: 2 * killCases})
	if err != nil || len(list) != killCases {
		t.Fatalf("%d cases, %v", len(list), err)
	}
	for _, c := range list {
		steps, err := s.Steps(t.Context(), &c)
		must(t, err)
		var told []string
		for _, p := range steps[1:] {
			told = append(told, p.Note)
		}
		if fmt.Sprint(told) != "[soon today overdue higher]" {
			t.Errorf("case %s was told %v", c.ID, told)
		}
	}
}
