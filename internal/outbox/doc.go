// Package outbox is what leaves the house (发件箱): messages to people and to other systems. The row is the
// message. It is written in the transaction that causes it, so that neither exists without the other, and
// it is sent afterwards, at least once, until the target has taken it.
//
//	waiting ──sent──► sent
//	   │ ▲
//	   │ └─ tried again, later each time; after [Alarm] tries the centre is shown it
//	   ├──cancelled──► cancelled    the target wants no more
//	   └──refused──► refused    the target said that it never will; shown to the centre, sent again by hand
//
// A message carries the whole present state of one thing (its topic) for one target, and that state's
// version: a newer one takes the place of an older that still waits, and receivers ignore versions below
// the last, so a message that is stuck never blocks what comes after it. Nothing is dropped in silence.
//
// Placement: subject. The sender asks by due time along an index; it wakes when told and looks again
// every few seconds for what another process wrote.
package outbox
