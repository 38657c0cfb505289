// Package consent is who may use whose data for what (授权): a subject lets an agent ask for its reports, or
// a receiver read them, for a purpose, so many times, until a day. It is given by a signature, which is kept with the
// words that were signed, and can be withdrawn at any moment.
//
//	given ──► in force ──► used up
//	              ├──► expired
//	              └──► withdrawn
//
// A use is counted in the transaction of what it allows: [Service.Apply] finds the grant in force at that
// moment, so that a withdrawal stops the next use and the last of the times is used once. An act names its purpose, and
// its edition, domains, period and level lie within what was signed. Each use is kept with who used the grant for what, and
// is in the subject's access log besides, which the capability writes.
//
// What was signed is sealed by the [Sealer], and so is a withdrawal. A grant is verified before it is used: one that is not
// as it was sealed is refused with [ErrSeal] and handed over by [Service.TakeBroken] to be logged.
//
// Placement: subject for the grants, their seals and uses; a directory leads from who was allowed to them.
package consent
