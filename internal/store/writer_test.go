package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func openForTest(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "s.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	fill(t, db, "CREATE TABLE x (n INTEGER PRIMARY KEY, b BLOB)")
	return db
}

func fill(t *testing.T, db *DB, query string, args ...any) {
	t.Helper()
	if err := db.Tx(context.Background(), func(tx *Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

// The log tells what of it is in use, also after it began anew in a file that keeps its size.
func TestTheLogTellsWhatIsInUse(t *testing.T) {
	t.Parallel()
	db := openForTest(t)
	for i := range 40 {
		fill(t, db, "INSERT INTO x (n, b) VALUES ($1, $2)", int64(i), make([]byte, 100_000))
	}
	full, salts := db.writer.log()
	info, err := os.Stat(db.url + "-wal")
	if err != nil || full < 4_000_000 || full > info.Size() {
		t.Fatalf("%d bytes of %d in use: %v", full, info.Size(), err)
	}
	own, err := sql.Open("sqlite", dsn(db.url, "busy_timeout(1000)"))
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	if _, err := own.Exec("PRAGMA wal_checkpoint(RESTART)"); err != nil {
		t.Fatal(err)
	}
	fill(t, db, "INSERT INTO x (n, b) VALUES (100, $1)", []byte("x"))
	now, other := db.writer.log()
	again, err := os.Stat(db.url + "-wal")
	if err != nil || now == 0 || now > 100_000 || other == salts || again.Size() != info.Size() {
		t.Errorf("after it began anew %d bytes of %d in use, of the same generation %t: %v", now, again.Size(), other == salts, err)
	}
}

// Looking at the log leaves the engine's locks alone: another process would write into what this one reads.
func TestLookingAtTheLogKeepsTheLocks(t *testing.T) {
	t.Parallel()
	db := openForTest(t)
	rows, err := db.Query(t.Context(), "SELECT n FROM x UNION ALL SELECT 1 UNION ALL SELECT 2")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	rows.Next()
	before := locks(t, db.url+"-shm")
	if before == 0 {
		t.Skip("the system does not tell of locks")
	}
	db.writer.log()
	if after := locks(t, db.url+"-shm"); after != before {
		t.Errorf("%d locks on the index, %d after a look at the log", before, after)
	}
}

// locks counts this process's locks on a file, by /proc/locks.
func locks(t *testing.T, path string) (n int) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile("/proc/locks") // elsewhere there is none
	inode := fmt.Sprintf(":%d ", info.Sys().(*syscall.Stat_t).Ino)
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, fmt.Sprintf(" %d ", os.Getpid())) && strings.Contains(line, inode) {
			n++
		}
	}
	return n
}
