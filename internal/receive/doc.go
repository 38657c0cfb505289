// Package receive is the desk of those to whom reports are shown (接收方): banks, tender agents, sponsors, and
// the organs that ask by law.
//
//	papers ─► verified, in parallel ─► one table, problems first ─► kept [Kept] days, for this receiver alone
//	             └─► who holds which paper ─► its status changes ─► outbox ─► webhook of the receiver
//	grant of the subject ─► authorised query (授权查询) ─┐
//	stated legal purpose ─► organ's request ────────────┴─► report, in the subject's access log
//
// A paper that cannot be read is a row of the table with its reason, never a failed upload. That a paper was
// checked is in the access log of its subject, with the receiver's name.
//
// That a paper was replaced or withdrawn reaches its holders in the transaction in which it happens: [Service.Changed] puts a
// message for each of their webhooks into the outbox. That something newer is known of a subject is told by [Service.Look],
// to those whom the subject allows it at that moment; the same chore finds what time alone changes. A webhook is called from
// the outbox by [Service.Send], which asks the grant once more.
package receive
