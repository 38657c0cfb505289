package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Engine is the kind of SQL engine behind a DB.
type Engine uint8

// The engines.
const (
	SQLite Engine = iota + 1
	PostgreSQL
)

// ErrConflict says that another writer changed the same rows first; the caller reads again and retries.
var ErrConflict = errors.New("store: another writer was first")

// ErrDiskFull says that the store could not grow. Nothing of the transaction was kept; it can be
// repeated when there is room.
var ErrDiskFull = errors.New("store: the disk is full")

// DB is an open store, safe for concurrent use.
type DB struct {
	engine Engine
	url    string
	read   *sql.DB
	write  *sql.DB
	stmts  statements
	writer *writer // SQLite only
}

// Open opens the store that url names: a postgres:// URL, or the path of an SQLite file, which is
// made when absent (its folder must exist).
func Open(ctx context.Context, url string) (*DB, error) {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return openPostgres(ctx, url)
	}
	return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
}

// Engine returns the engine behind the store.
func (db *DB) Engine() Engine { return db.engine }

// Close waits for the writer and closes the store.
func (db *DB) Close() error {
	if db.writer != nil {
		db.writer.close()
	}
	db.stmts.close()
	err := db.read.Close()
	if db.write != db.read {
		err = errors.Join(err, db.write.Close())
	}
	return err
}

// Query reads rows outside any transaction.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if db.engine == PostgreSQL {
		return db.read.QueryContext(ctx, query, args...)
	}
	st, err := db.stmts.get(ctx, db.read, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// QueryRow reads at most one row outside any transaction.
func (db *DB) QueryRow(ctx context.Context, query string, args ...any) Row {
	rows, err := db.Query(ctx, query, args...)
	return Row{rows, err}
}

// Row is the single row of a query. Its Scan returns sql.ErrNoRows when there is none.
type Row struct {
	rows *sql.Rows
	err  error
}

// Scan reads the row into dest.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

// Tx runs fn in one durable transaction: when Tx returns nil, what fn wrote survives a power cut.
// An error of fn undoes only what fn wrote and is returned. fn may run again after a conflict on
// PostgreSQL, so it must not keep state outside tx. fn must not call back into db.
func (db *DB) Tx(ctx context.Context, fn func(*Tx) error) error {
	if db.engine == SQLite {
		return db.writer.do(ctx, fn, false)
	}
	return db.postgresTx(ctx, fn, false)
}

// Bulk is Tx for loads: lower priority, and durable only once a later Tx has returned.
// Keep one call under 30 ms of work.
func (db *DB) Bulk(ctx context.Context, fn func(*Tx) error) error {
	if db.engine == SQLite {
		return db.writer.do(ctx, fn, true)
	}
	return db.postgresTx(ctx, fn, true)
}

// StartBulk begins a Bulk that is waited for later, so that the next is there when the engine has ended one. They
// run in the order in which they were started; a server runs fn only in wait. wait is called once.
func (db *DB) StartBulk(ctx context.Context, fn func(*Tx) error) (wait func() error) {
	if db.engine == SQLite {
		return db.writer.start(ctx, fn, db.writer.bulk)
	}
	return func() error { return db.postgresTx(ctx, fn, true) }
}

// Tx is a running transaction, used by one goroutine.
type Tx struct {
	ctx    context.Context
	engine Engine
	conn   *sql.Conn
	tx     *sql.Tx // PostgreSQL
	stmts  map[string]*sql.Stmt
}

// Exec runs a statement and returns the number of rows it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if tx.engine == PostgreSQL {
		res, err = tx.tx.ExecContext(tx.ctx, query, args...)
	} else {
		var st *sql.Stmt
		if st, err = tx.stmt(query); err == nil {
			res, err = st.ExecContext(tx.ctx, args...)
		}
	}
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// Query reads rows, seeing what the transaction wrote.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	if tx.engine == PostgreSQL {
		rows, err := tx.tx.QueryContext(tx.ctx, query, args...)
		return rows, translate(err)
	}
	st, err := tx.stmt(query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(tx.ctx, args...)
	return rows, translate(err)
}

// QueryRow reads at most one row, seeing what the transaction wrote.
func (tx *Tx) QueryRow(query string, args ...any) Row {
	rows, err := tx.Query(query, args...)
	return Row{rows, err}
}

func (tx *Tx) stmt(query string) (*sql.Stmt, error) {
	if st := tx.stmts[query]; st != nil {
		return st, nil
	}
	st, err := tx.conn.PrepareContext(tx.ctx, inOrder(query))
	if err != nil {
		return nil, fmt.Errorf("store: preparing %q: %w", query, translate(err))
	}
	tx.stmts[query] = st
	return st, nil
}
