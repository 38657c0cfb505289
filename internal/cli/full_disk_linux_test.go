package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A full disk ends the load with a message that says what to do; after making room the same file goes on.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("loads tens of thousands of rows")
	}
	const rows = 30_000
	dir := t.TempDir()
	small := filepath.Join(dir, "small")
	if err := os.Mkdir(small, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("a small disk needs the right to mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	file, data := manyRows(t, dir, "penalties.csv", rows, 0), filepath.Join(small, "store")
	got := taken(t, intakeOf(file, data))
	if !strings.Contains(got.Error, "磁盘已满") || !strings.Contains(got.Error, "重新报送") {
		t.Errorf("the message does not say what to do: %q", got.Error)
	}
	if err := syscall.Mount("tmpfs", small, "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	if got = taken(t, intakeOf(file, data)); got.Error != "" || got.Accepted != rows {
		t.Errorf("after making room: %+v", got)
	}
	sound(t, data, rows)
}
