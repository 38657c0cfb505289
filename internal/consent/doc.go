// Package consent is who may use whose data for what (授权): a subject lets an agent ask for its reports, or
// a receiver read them, for a purpose, so many times, until a day. It is given by a signature, which is kept with the
// words that were signed, and can be withdrawn at any moment.
//
//	given ──► in force ──► used up
//	              ├──► expired
//	              └──► withdrawn
//
// A use is counted in the transaction of what it allows: [Service.Use] finds the grant in force at that
// moment, so that a withdrawal stops the next use and the last of the times is used once. Each use is in the subject's
// access log, which the capability writes.
//
// Placement: subject for the grants; a directory leads from who was allowed to them.
package consent
