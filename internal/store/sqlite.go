package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// pageSize is the bytes of a page of a store that is made now. Loading writes nearly every page of the
// facts anew a run, and twice 4096 bytes cost little more than once.
const pageSize = 8192

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := makeSQLite(ctx, path); err != nil {
		return nil, fmt.Errorf("store: making %s: %w", path, translate(err))
	}
	write, err := sql.Open("sqlite", dsn(path, "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(0)",
		"busy_timeout(10000)", "cache_size(-262144)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, fmt.Errorf("store: opening %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, fmt.Errorf("store: opening %s: %w", path, translate(err))
	}
	read, err := sql.Open("sqlite", dsn(path, "query_only(1)", "busy_timeout(10000)", "cache_size(-65536)", "mmap_size(8589934592)"))
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("store: opening %s: %w", path, err)
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	db := &DB{engine: SQLite, url: path, read: read, write: write}
	db.writer = newWriter(write, path)
	return db, nil
}

// makeSQLite makes the file where there is none. The size of its pages must stand before the engine is
// told of the log.
func makeSQLite(ctx context.Context, path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	db, err := sql.Open("sqlite", dsn(path, "busy_timeout(10000)", fmt.Sprintf("page_size(%d)", pageSize)))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "PRAGMA user_version = 1")
	return errors.Join(err, db.Close())
}

// Pages is about how many pages an embedded store has; 0 where a server keeps the pages.
func (db *DB) Pages() int64 {
	if db.engine != SQLite {
		return 0
	}
	info, err := os.Stat(db.url)
	if err != nil {
		return 0
	}
	return info.Size() / pageSize
}

func dsn(path string, pragmas ...string) string {
	q := url.Values{"_txlock": {"immediate"}}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// translate turns an engine's error into one that callers can ask for.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var se *sqlite.Error
	if errors.As(err, &se) {
		switch se.Code() & 0xff {
		case lib.SQLITE_FULL:
			return fmt.Errorf("%w: %w", ErrDiskFull, err)
		case lib.SQLITE_CONSTRAINT:
			if c := se.Code(); c == lib.SQLITE_CONSTRAINT_PRIMARYKEY || c == lib.SQLITE_CONSTRAINT_UNIQUE {
				return fmt.Errorf("%w: %w", ErrConflict, err)
			}
		}
		return err
	}
	return translatePostgres(err)
}

// CopyTo writes a consistent copy of an embedded store to a new file while the store is in use.
func (db *DB) CopyTo(ctx context.Context, path string) error {
	own, err := sql.Open("sqlite", dsn(db.url, "busy_timeout(10000)"))
	if err != nil {
		return fmt.Errorf("store: opening for a copy: %w", err)
	}
	defer own.Close()
	if _, err := own.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return fmt.Errorf("store: copying: %w", translate(err))
	}
	return nil
}
