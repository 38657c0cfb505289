// Package audit is the access log (查询记录): who looked at a subject's data or acted on it, when, for
// what purpose, and which document came of it. The subject reads it: 谁查过我的信用信息.
//
// It keeps only the fact of access, never what was seen and never an identity number. It is append-only:
// nothing here updates or deletes. The entry is written in the transaction of what it records, so that
// neither exists without the other:
//
//	err := db.Tx(ctx, func(tx *store.Tx) error {
//		// … write the report …
//		return audit.Record(tx, audit.Entry{Subject: key, At: now, Actor: audit.Actor(p.Actor()),
//			Action: audit.Issue, Purpose: "招投标", Document: number})
//	})
//
// The auditor reads it by subject, by account and by day; each of its looks is an entry too.
//
// Placement of the table: subject; its key is (subject, instant, id).
package audit
