// Package casework is cases with deadlines (办件): a typed state machine with history, the desk that has to
// act, and dates by which it must. What a case is about belongs to its capability, which brings a [Machine]
// and keeps what it needs in the case's data.
//
//	Open ──► state ──Move──► state ──Move──► end
//	           │               │
//	           └── Deadline ───┴── swept by due date, dropped when the case ends
//
// Every change names the version of the case that it was decided on: who comes second is told
// [ErrMoved] and reads again. A case lies with its subject; a case of many subjects has a child for each, which
// lies with that subject and moves in a transaction of its own.
//
// A machine is checked when it is registered: every state can be reached, and from every state an end
// can be reached.
package casework
