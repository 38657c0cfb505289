// Package report issues the public credit report that replaces departments' no-violation
// certificates (公共信用报告代替无违法违规记录证明), verifies it, and makes it again from the ledger.
//
//	request ─► standing (ledger) ─► judgements (law) ─► Content ─► canonical JSON ─► signatures
//	              feeds, checks ───────────┘                                └──────► paper (PDF)
//
// A document is what its Content says. Content is a pure function of the request, the standing as
// known at stored seqs, the adopted rules and the feeds' dates, so that [Service.Replay] makes the
// same bytes again.
//
//	valid ──► changed    later facts exist, or publicity ended; the document was true on its day
//	  │  └──► replaced   the holder has a newer one for the same request
//	  └─────► withdrawn  a fact in it was corrected or annulled
//
// When facts change, a [Follower] brings the projections up to date: the statuses of the documents
// that rest on them, whose holders are told, and the public pages. What the credit centre decides about
// a matter (annul, withdraw, remove, reassign, link) is an event like any other, with a reason.
//
//	load, desk, centre ─► touched ─► Follower ─► document withdrawn, notice
//	                                     └─────► public pages
//
// A domain is found, none, late or no_data; a domain that is late or has no data is named and not
// counted as a replaced certificate. The number of hidden matters is never on the document.
package report
