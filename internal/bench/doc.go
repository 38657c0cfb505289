// Package bench measures the program with data of a province's size: raw load beside full intake,
// bytes at rest, reading a subject, issuing reports; each at N/100 and at N, in one run.
//
// Raw load is the same rows, already parsed in memory, packed, sorted in the same runs and inserted
// into the same tables in the same commits, with no comparison, no verdicts and no desks: what the
// store itself allows. The rows are those of demo.Bench.
package bench
