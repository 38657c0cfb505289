package house

import (
	"regexp"
	"strings"
	"testing"
)

var (
	placement = regexp.MustCompile(`--.*\bplacement(?: of all tables)?: (\w+)`)
	create    = regexp.MustCompile(`CREATE TABLE (\w+) \(`)
	primary   = regexp.MustCompile(`PRIMARY KEY \((\w+)`)
	inline    = regexp.MustCompile(`^\s*(\w+)\s.*PRIMARY KEY`)
)

// Every table says where a distributed store keeps it, and what is kept by subject is found by subject: its
// primary key begins with the subject, so that all of a subject lies together.
func TestTablesArePlaced(t *testing.T) {
	seen := 0
	for _, path := range files(t, ".sql") {
		where, table := "", ""
		for i, line := range strings.Split(read(t, path), "\n") {
			if m := placement.FindStringSubmatch(line); m != nil {
				where = m[1]
			}
			if m := create.FindStringSubmatch(line); m != nil {
				table = m[1]
				seen++
				switch where {
				case "subject", "directory", "reference", "local":
				case "":
					t.Errorf("%s:%d: table %s has no placement", path, i+1, table)
				default:
					t.Errorf("%s:%d: table %s: there is no placement %q", path, i+1, table, where)
				}
			}
			first := primary.FindStringSubmatch(line)
			if first == nil {
				first = inline.FindStringSubmatch(line)
			}
			if table != "" && first != nil && where == "subject" && first[1] != "subject" && table != "subject" {
				t.Errorf("%s:%d: table %s is placed by subject but its key begins with %s", path, i+1, table, first[1])
			}
			if strings.HasPrefix(line, ")") {
				table = ""
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d tables found", seen)
	}
}

// One schema for all engines: what they spell differently is spelt by the store's tokens, and keys are never null.
func TestTablesUseTheTokens(t *testing.T) {
	foreign := regexp.MustCompile(`(?i)(?:^|[^@\w])(BYTEA|BIGINT|BLOB|INTEGER|SERIAL|AUTOINCREMENT|JSONB|TIMESTAMP|WITHOUT ROWID)\b`)
	key := regexp.MustCompile(`^\s+\w+\s+@key\b`)
	for _, path := range files(t, ".sql") {
		for i, line := range strings.Split(read(t, path), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "--") {
				continue
			}
			if m := foreign.FindStringSubmatch(line); m != nil {
				t.Errorf("%s:%d: %s belongs to one engine", path, i+1, m[1])
			}
			if key.MatchString(line) && !strings.Contains(line, "NOT NULL") {
				t.Errorf("%s:%d: a key may be null: %s", path, i+1, strings.TrimSpace(line))
			}
		}
	}
}
