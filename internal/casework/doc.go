// Package casework is cases with deadlines (办件): a typed state machine with history, the desk that has to
// act, and dates by which it must. What a case is about belongs to its capability, which brings a [Machine]
// and keeps what it needs in the case's data.
//
//	         Note: urge, hand_over, return, pause, resume, ask_word, agree … (a step, the state stays)
//	           ┌──┐            ┌──┐
//	           │  ▼            │  ▼
//	Open ───► state ──Move──► state ──Move──► end ──► durations (Figures)
//	           │               │               │
//	           │               │               └── deadlines dropped, pause over, desk left
//	           └── Deadline ───┴── runs ◄──Resume──┐
//	                               │ └────Pause──► stands still (nothing fires, DueBy and Sweep pass it by)
//	                               │
//	         T−n ──► due day ──► overdue ──► overdue after n days, to a higher desk
//	         each [Stage] of its [Service.Plan] fired once by [Service.Sweep]
//
// Every change names the version of the case that it was decided on: who comes second is told
// [ErrMoved] and reads again. A case lies with its subject; a case of many subjects has a child for each, which
// lies with that subject and moves in a transaction of its own.
//
// A machine is checked when it is registered: every state can be reached, and from every state an end
// can be reached.
//
// # Deadlines
//
// A deadline has a name and a day. The stages of a name are data that the capability gives. A stage fires in the
// transaction that notes it, so that a process killed at any point leaves either both or neither; a sweep that
// was down fires what came meanwhile, in order, and says on which day each stage fell. Another day for a deadline starts its stages
// anew, the same day again does not. A provisional day (no calendar published) fires reminders only, and the rest once the
// capability has set the day without doubt.
//
// A pause (中止计时) has a reason. On [Service.Resume] each deadline moves on by the working days from its stop to that day; one
// that had passed before stays passed. A case ends as late when a deadline with stages had passed while it ran.
//
// # Desks
//
// [Service.Desk] lists by the nearest running deadline, the overdue first. [Service.HandOver] and [Service.Return] move a
// case along a trail and back. While a word is asked of another desk ([Service.Ask], 会签) the case does not move: the asked desk
// answers, or the asking desk recalls the question; [Service.Asked] is the asked desk's list. A [StandIn] of the same organ acts during
// leave: [Service.As] gives the signature, marked 代, for the step. Applicants urge once a day.
package casework
