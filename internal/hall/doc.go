// Package hall is the report without an account: at a service window (综合窗口), at a kiosk (自助机), and inside the
// pages of a provincial app that has identified its user (嵌入页面).
//
// A service at a window or kiosk is a [Visit]:
//
//	find ──► open ──who and what for──► known ──consent signed──► signed ──issued──► issued
//	           └────────────┴──────────────────────┴─────────────────┴── 办结, time over ──► closed
//
// The consent is given to the account of the window or the machine, once and for today, and is used in the
// transaction that issues. Who stood there is kept encrypted; the signed paper too, and its digest is the proof
// in the consent. A kiosk forgets: its visit is bound to the machine and not to the browser, and ends half a minute after
// the last touch, whoever asks then.
//
// An app gets a ticket for one subject by its secret, which its user's browser exchanges once for a session of its own kind:
// it opens the pages under /embed and nothing else.
package hall
