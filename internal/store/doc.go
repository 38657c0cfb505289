// Package store opens the SQL stores that hold everything Xinban knows: SQLite, embedded in the
// program, by default; PostgreSQL for a city; PostgreSQL with Citus for a province.
//
// There is one schema and one set of statements. Placeholders are $1, $2 …, which both engines
// understand. A migration is SQL in which four tokens stand for what the engines spell differently:
//
//	@key    a text key compared by bytes     TEXT                 TEXT COLLATE "C"
//	@blob   bytes                            BLOB                 BYTEA
//	@int    a 64-bit integer                 INTEGER              BIGINT
//	@table  closes a table with a key        WITHOUT ROWID, STRICT  (nothing)
//
// Dates are credit.Date integers, instants are UTC milliseconds, money is fen.
//
// Writing goes through [DB.Tx] and [DB.Bulk]. On SQLite one writer serves both: transactions of the
// service are taken first and committed in groups with one flush (synchronous=FULL), bulk
// transactions fill the gaps (synchronous=NORMAL) and must be short, at most 30 ms each. A load
// makes itself durable with one final [DB.Tx]. On PostgreSQL the same calls use the pool, with
// synchronous_commit off for bulk.
//
//	Tx ──► service queue ─┐
//	                      ├─► writer ─► WAL ─► checkpointer (its own connection)
//	Bulk ─► bulk queue ───┘
//
// Reading goes through [DB.Query] and [DB.QueryRow] on a pool that never waits for the writer.
package store
