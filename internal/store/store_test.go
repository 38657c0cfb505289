package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/fstest"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

var ctx = context.Background()

var noteTables = fstest.MapFS{"00001_note.sql": &fstest.MapFile{Data: []byte(`-- +goose Up
CREATE TABLE note (k @key NOT NULL, n @int NOT NULL, b @blob NOT NULL, PRIMARY KEY (k, n)) @table;
-- +goose Down
DROP TABLE note;
`)}}

func setup(t *testing.T, db *store.DB) {
	t.Helper()
	for range 2 { // migrating twice changes nothing
		if err := db.Migrate(ctx, "note", noteTables); err != nil {
			t.Fatal(err)
		}
	}
}

func put(k string, n int) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO note (k, n, b) VALUES ($1, $2, $3)", k, int64(n), []byte{0, 1})
		return err
	}
}

func count(t *testing.T, db *store.DB, k string) (n int) {
	t.Helper()
	if err := db.QueryRow(ctx, "SELECT COUNT(*) FROM note WHERE k = $1", k).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestATransactionKeepsAllOrNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		setup(t, db)
		bad := errors.New("changed my mind")
		err := db.Tx(ctx, func(tx *store.Tx) error {
			if err := put("a", 1)(tx); err != nil {
				return err
			}
			return bad
		})
		if !errors.Is(err, bad) {
			t.Fatalf("got %v, want the function's own error", err)
		}
		if n := count(t, db, "a"); n != 0 {
			t.Fatalf("%d rows stayed", n)
		}
		for _, write := range []func(context.Context, func(*store.Tx) error) error{db.Tx, db.Bulk} {
			if err := write(ctx, put("a", count(t, db, "a"))); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, db, "a"); n != 2 {
			t.Fatalf("%d rows, want 2", n)
		}
	})
}

func TestTheSecondWriterOfAKeyIsToldSo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		setup(t, db)
		if err := db.Tx(ctx, put("a", 1)); err != nil {
			t.Fatal(err)
		}
		if err := db.Tx(ctx, put("a", 1)); !errors.Is(err, store.ErrConflict) {
			t.Fatalf("got %v, want ErrConflict", err)
		}
	})
}

// Many writers at once: those that fail must not take along those that share their flush.
func TestWritersAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		setup(t, db)
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				write := db.Tx
				if i%5 == 0 {
					write = db.Bulk
				}
				err := write(ctx, func(tx *store.Tx) error {
					if err := put(fmt.Sprint("w", i%10), i)(tx); err != nil {
						return err
					}
					if i%3 == 0 {
						return errors.New("no")
					}
					return nil
				})
				if (err != nil) != (i%3 == 0) {
					t.Errorf("writer %d: %v", i, err)
				}
			}()
		}
		wg.Wait()
		total := 0
		for k := range 10 {
			total += count(t, db, fmt.Sprint("w", k))
		}
		if total != 133 {
			t.Fatalf("%d rows, want 133", total)
		}
	})
}

func TestAPanicInATransactionIsAnError(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	setup(t, db)
	if err := db.Tx(ctx, func(*store.Tx) error { panic("oops") }); err == nil {
		t.Fatal("no error")
	}
	if err := db.Tx(ctx, put("a", 1)); err != nil {
		t.Fatalf("the writer stopped: %v", err)
	}
}

func TestInsertManyRows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		setup(t, db)
		var rows [][]any
		for i := range 100 {
			rows = append(rows, []any{"m", int64(i), []byte("x")})
		}
		columns := []string{"k", "n", "b"}
		if err := db.Bulk(ctx, func(tx *store.Tx) error { return tx.Insert("note", columns, rows[:37]) }); err != nil {
			t.Fatal(err)
		}
		if err := db.Bulk(ctx, func(tx *store.Tx) error { return tx.InsertMissing("note", columns, rows) }); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db, "m"); n != 100 {
			t.Fatalf("%d rows, want 100", n)
		}
	})
}

func TestMigratingAfterWriting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		setup(t, db)
		if err := db.Tx(ctx, put("a", 1)); err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(ctx, "other", noteTables2); err != nil {
			t.Fatal(err)
		}
	})
}

var noteTables2 = fstest.MapFS{"00001_other.sql": &fstest.MapFile{Data: []byte(`-- +goose Up
CREATE TABLE other (k @key NOT NULL PRIMARY KEY) @table;
-- +goose Down
DROP TABLE other;
`)}}

func TestNoRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		setup(t, db)
		var n int
		if err := db.QueryRow(ctx, "SELECT n FROM note WHERE k = $1", "none").Scan(&n); !errors.Is(err, sql.ErrNoRows) {
			t.Fatalf("got %v, want sql.ErrNoRows", err)
		}
	})
}
