// Package publicity shows what is public of subjects' matters (公示): licences and penalties (双公示) and
// lists. Natural persons and criminal judgments are never among it.
//
// The pages read a projection. Whether a matter is public on a day is the rules' answer ([law.Public]);
// the projection keeps the days on which the answer is yes, and each query compares them with today:
//
//	facts ─► fold on each day on which something changes by itself ─► law.Public ─► spans
//	                                                                                 │
//	page on day d ◄── open_from <= d < hidden_from ◄── public_matter ◄───────────────┘
//
// So an entry opens and ends by itself with its window; nothing has to run at midnight; what is
// over [Service.Sweep] takes off at leisure. When the adopted rules change, [Service.Refresh] puts every subject on the queue of changed subjects again.
package publicity
