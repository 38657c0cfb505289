package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Migrate brings the tables of one capability up to date. files holds its goose migrations
// (00001_name.sql …) at the root; name is the capability's and names the table of versions.
func (db *DB) Migrate(ctx context.Context, name string, files fs.FS) error {
	dialect, conn := database.DialectPostgres, db.write
	if db.engine == SQLite { // the writer keeps the pool's only connection
		own, err := sql.Open("sqlite", dsn(db.url, "busy_timeout(10000)"))
		if err != nil {
			return fmt.Errorf("store: migrating %s: %w", name, err)
		}
		defer own.Close()
		dialect, conn = database.DialectSQLite3, own
	}
	versions, err := database.NewStore(dialect, "schema_"+name)
	if err != nil {
		return fmt.Errorf("store: migrating %s: %w", name, err)
	}
	p, err := goose.NewProvider("", conn, dialectFS{files, tokens(db.engine)},
		goose.WithStore(versions), goose.WithVerbose(false))
	if err != nil {
		return fmt.Errorf("store: reading the migrations of %s: %w", name, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: migrating %s: %w", name, err)
	}
	return nil
}

func tokens(e Engine) *strings.Replacer {
	if e == SQLite {
		return strings.NewReplacer("@key", "TEXT", "@blob", "BLOB", "@int", "INTEGER", "@table", "WITHOUT ROWID, STRICT")
	}
	return strings.NewReplacer("@key", `TEXT COLLATE "C"`, "@blob", "BYTEA", "@int", "BIGINT", "@table", "")
}

// dialectFS spells the tokens of a migration for one engine as it is read.
type dialectFS struct {
	fs.FS
	spell *strings.Replacer
}

func (d dialectFS) Open(name string) (fs.File, error) {
	f, err := d.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &spelled{strings.NewReader(d.spell.Replace(string(text))), info}, nil
}

func (d dialectFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(d.FS, name) }

func (d dialectFS) Glob(pattern string) ([]string, error) { return fs.Glob(d.FS, pattern) }

type spelled struct {
	*strings.Reader
	info fs.FileInfo
}

func (s *spelled) Stat() (fs.FileInfo, error) { return s.info, nil }
func (s *spelled) Close() error               { return nil }
