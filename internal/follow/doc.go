// Package follow tells a subject's user what happens to its own record (关注我的信用): something new, publicity that
// ends, a repair that may be asked for, a look by somebody else, a report that no longer stands as it was, an answered
// statement.
//
//	facts change ──Project──┐
//	a day passes ───Sweep───┼─► note, once a topic ─► message on the page 消息
//	an organ answers ───────┘          └─► outbox ─► gateway: first provider, else the second ─► phone or mailbox
//
// A topic names one thing in one version, such as the end of one matter's publicity on one day: what was told is
// not told again. A message says only that there is something and where to look. It is sent to an address that was
// confirmed by a code, and not between 21:00 and 8:00 unless it cannot wait. Who stops following is sent nothing more
// from that moment.
//
// Providers are tried in order; when all fail the message stays in the outbox and is tried later.
package follow
