// Package undelivered is the credit centre's desk for messages that did not arrive (未送达消息): those that their target
// refused, those that were tried again and again, and the targets that do not answer. Each says to whom, about what and
// why, and is sent again by hand.
//
//	outbox ─► refused, or tried [outbox.Alarm] times ─► this desk ─► sent again
//	       └► a target that does not answer ───────────┘
package undelivered
