// Package intake brings departments' files into the ledger. Rows in are verdicts out: every row is
// accepted, unchanged, amended or quarantined, through kills, double sends and full disks, and each
// quarantined row says in which field, why, and how to mend it.
//
//	file ─► read ─► normal ─► pack ─► run (sorted by subject) ─► ledger.Merge ─► verdict file
//	                   │                                             │
//	                   └── quarantine ◄── conflict in one file ──────┘
//	                                    desks: attachment, duplicate, reconcile
//
// A load is idempotent: a load that was killed is run again under its own number and gives the
// verdicts it would have given, because each fact remembers its load and row. A load is durable when
// its state is done.
//
//	running ─► done
//	   │  └──► failed (full disk, damaged file …; the same file continues it)
//	   └─ killed ─► running
//
// A clerk works at a desk of its own (部门工作台): it sends files, types or pastes rows, mends what was
// returned, withdraws and corrects, and says when there is nothing to send. What a machine must not
// decide the credit centre answers with a reason (核对事项). Typed, pasted and mended rows are loads like
// files. A file lies in the inbox until each row has its verdict.
//
// A feed is one kind of matter from one source. What is in no catalogue and rests on no recorded
// basis is refused (目录外不得归集).
package intake
