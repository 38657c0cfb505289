// Package tally counts what happens as it happens (计数): how many reports were issued, how many certificates they
// replaced, by day, edition, domain, channel, purpose.
//
// What happened is a row of its own, with the subject, in the transaction that makes it happen: no two writers meet on
// a shared row, and a transaction that is undone counts nothing. [Tally.Roll] adds the rows to the sums and takes them
// away in one transaction, so that each is counted once however often it is called or killed. Pages read the
// sums; nothing is counted on a request.
//
//	business transaction ─► tally_delta ──Roll──► tally_sum ─► page
package tally
