package intake_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"xinban/internal/intake"
	"xinban/internal/store"
)

// smallDisk is a file system with little room, where the machine lets us make one.
func smallDisk(t *testing.T, size string) (dir string, grow func(size string)) {
	t.Helper()
	dir = t.TempDir()
	mount := func(options string) error {
		return exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).Run()
	}
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	if err := mount("size=" + size); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	return dir, func(size string) { must(t, mount("remount,size="+size)) }
}

// A full disk stops a load with a message that says so and what to do; nothing that was told is lost; with
// room made, the same file goes on and ends as if nothing had happened.
func TestFullDisk(t *testing.T) {
	_, sent := twoFiles(t, 6000)
	calm := childWork{t.TempDir(), filepath.Join(t.TempDir(), "xinban.db"), sent}
	calm.run(t, 0)
	for _, size := range []string{"1500k", "3m", "4m"} {
		t.Run(size, func(t *testing.T) {
			disk, grow := smallDisk(t, size)
			full := childWork{filepath.Join(disk, "data"), filepath.Join(disk, "xinban.db"), sent}
			must(t, os.Mkdir(full.Dir, 0o750))
			db, err := store.Open(t.Context(), full.Store)
			must(t, err)
			h := shortRuns(t, reopen(t, db, full.Dir))
			_, err = h.LoadFile(t.Context(), intake.Request{Path: sent, Source: "eco", By: "test"})
			if err == nil {
				t.Fatal("the disk was not small enough")
			}
			if !errors.Is(err, store.ErrDiskFull) && !strings.Contains(err.Error(), "no space left") {
				t.Errorf("the error does not say that the disk is full: %v", err)
			}
			if !strings.Contains(err.Error(), "磁盘") || !strings.Contains(err.Error(), "再次") {
				t.Errorf("the message does not say what to do: %v", err)
			}
			loads, err := h.Loads(t.Context(), 0, 0, 10)
			must(t, err)
			if len(loads) > 1 || len(loads) == 1 && loads[0].State == intake.Done {
				t.Errorf("the load counts as done: %+v", loads)
			}
			h.matters(firm) // reading goes on
			grow("300m")
			if _, err := h.LoadFile(t.Context(), intake.Request{Path: sent, Source: "eco", By: "test"}); err != nil {
				t.Fatalf("with room made: %v", err)
			}
			must(t, db.Close())
			got, want := full.outcome(t), calm.outcome(t)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("another outcome: %+v\n%+v", got.Loads, want.Loads)
			}
		})
	}
}
