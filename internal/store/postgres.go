package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// retries is how often a PostgreSQL transaction is tried again after a serialisation failure or deadlock.
const retries = 5

func openPostgres(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("store: reading the database URL: %w", err)
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	cfg.RuntimeParams["client_min_messages"] = "warning"
	// Every statement has an index. A plan made while a table was small, or before a load was analysed, would
	// read the grown table from end to end, and is kept with its statement.
	cfg.RuntimeParams["enable_seqscan"] = "off"
	cfg.RuntimeParams["max_parallel_workers_per_gather"] = "0" // starting helpers takes longer than any statement of ours
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(24)
	pool.SetMaxIdleConns(24)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("store: reaching PostgreSQL at %s:%d: %w", cfg.Host, cfg.Port, err)
	}
	return &DB{engine: PostgreSQL, url: url, read: pool, write: pool}, nil
}

func (db *DB) postgresTx(ctx context.Context, fn func(*Tx) error, bulk bool) error {
	for try := 0; ; try++ {
		err := db.postgresOnce(ctx, fn, bulk)
		var pe *pgconn.PgError
		if try == retries || !errors.As(err, &pe) || (pe.Code != "40001" && pe.Code != "40P01") {
			return err
		}
		select {
		case <-time.After(time.Duration(1+rand.IntN(10<<try)) * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (db *DB) postgresOnce(ctx context.Context, fn func(*Tx) error, bulk bool) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: taking a connection: %w", err)
	}
	defer conn.Close()
	t, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: beginning a transaction: %w", err)
	}
	defer func() { _ = t.Rollback() }() // no effect after Commit
	if bulk {
		if _, err := t.ExecContext(ctx, "SET LOCAL synchronous_commit=off"); err != nil {
			return err
		}
	}
	if err := fn(&Tx{ctx: ctx, engine: PostgreSQL, conn: conn, tx: t}); err != nil {
		return err
	}
	return translate(t.Commit())
}

func translatePostgres(err error) error {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return err
	}
	switch pe.Code {
	case "23505":
		return fmt.Errorf("%w: %w", ErrConflict, err)
	case "53100":
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}

// copyIn streams rows with COPY, on the transaction's own connection.
func copyIn(ctx context.Context, conn *sql.Conn, table string, columns []string, rows [][]any) error {
	return conn.Raw(func(dc any) error {
		pc := dc.(*stdlib.Conn).Conn()
		_, err := pc.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		return translate(err)
	})
}
