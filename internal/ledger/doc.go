// Package ledger keeps the facts of every subject and folds them into its standing.
//
// A fact is what one source said in one row (an assertion) or what happened to a matter afterwards
// (an event: withdrawal, correction, dispute, repair, annulment, removal, link). Facts are appended,
// never edited. The facts of a subject share one sequence with the key (subject, seq), so that two
// writers collide on every engine and one of them reads again.
//
//	row ──► assertion ─┐
//	                   ├─► fact (subject, seq) ─► Fold ─► Standing: matters, each with its
//	decision ─► event ─┘                                  assertions, events and state
//
// Standing can be folded again as it was known: [Fold] stops at a given seq. The fact table has no
// second index; names, legacy numbers and identities are directories of their own, written in the
// same transaction.
//
// A body is the normal form of the row and the row as received, in a tagged form, compressed with a
// dictionary trained on the store's own rows. Identity numbers are sealed before they get here.
package ledger
