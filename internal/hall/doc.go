// Package hall is the report without an account: at a service window (综合窗口), at a kiosk (自助机), and inside the
// pages of a provincial app that has identified its user (嵌入页面).
//
// A service at a window or kiosk is a [Visit]; scenarios/visit.yaml says in Chinese what follows what:
//
//	find ──► open ──who and what for──► known ──consent signed──► signed ──issued──► issued
//	           └────────────┴──────────────────────┴─────────────────┴── 办结, time over ──► closed
//
// A report of before is printed again (补打) by number and code: such a visit goes from open to issued once it is noted who
// takes the paper.
//
// The consent is given to the account of the window or the machine, once and for today, and is used in the
// transaction that issues. Who stood there is kept encrypted; the signed paper too, and its digest is the proof
// in the consent. A kiosk forgets: its visit is bound to the machine and not to the browser, and ends half a minute after
// the last touch, whoever asks then.
//
// As what somebody stands there ([Capacity]) is in the words that are signed and in the subject's access log. An agent's
// authorisation is kept beside its signature; who lays a licence on a kiosk's reader is a holder of it and no more.
//
// An app gets a ticket for one subject by its secret, so often a day and for persons only where it was registered so, which its user's browser exchanges once for a session of its own kind:
// it opens the pages under /embed and nothing else. A report is made there with a consent that the user gives on our page,
// in the transaction that issues, and is read there while that stands.
package hall
