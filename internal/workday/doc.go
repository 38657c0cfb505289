// Package workday counts working days (工作日): weekends, statutory holidays and the make-up days (调休) that
// the State Council announces each autumn for the next year.
//
// A calendar is a table that people may edit, and knows which years it has. Past them it still
// counts, by weekends and the statutory days that are certain, but says that the answer is provisional.
// Nothing that harms anyone may fire on a provisional date.
package workday
