// Package outbox is what leaves the house (发件箱): messages to people and to other systems. The row is the
// message. It is written in the transaction that causes it, so that neither exists without the other, and
// it is sent afterwards, at least once, until the target has taken it.
//
//	waiting ──sent──► sent
//	   │ ▲
//	   │ └─ tried again, later each time; after [Alarm] tries it is logged and the centre is shown it
//	   ├──cancelled──► cancelled    the target wants no more
//	   └──refused──► refused    the target said that it never will; shown to the centre, sent again by hand
//
// A message carries the whole present state of one thing (its topic) for one target, and that state's
// version: a newer one takes the place of an older that still waits, and receivers ignore versions below
// the last, so a message that is stuck never blocks what comes after it. Nothing is dropped in silence.
//
// A sender claims a message before it sends it, by moving its time forward in a transaction: two processes on one
// store do not send the same one, and that of a process that was killed is due again when its claim is over. A
// target that does not answer rests, twice as long each time, and its messages wait with it; at most [perTarget] are
// under way to one, so one that hangs holds up nobody else. Which are stuck [Outbox.Stuck] and [Outbox.Silent] say.
// What was said is dropped [BodyKept] days after it was sent.
//
// Placement: subject for the messages, directory for what targets did. The sender asks by due time along an index; it
// wakes when told and looks again every few seconds for what another process wrote.
package outbox
