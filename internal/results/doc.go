// Package results shows what the reports spared people (成效): reports issued, the certificates that they
// replaced, the hours saved, and beside them the rows gathered (归集量) and the matters published (公示量).
//
//	issue, withdrawal, load, publicity ─► tally deltas ─► sums ─► page, CSV, API
//	                       hours a certificate, dated ───────┘
//
// A certificate is replaced for each domain of a report that gave an answer. Hours saved are certificates
// multiplied by the hours that one takes, as the parameter stood on the day of issue; a new value is a new
// row, and the old one stays for the days before it. A report that is withdrawn later stays counted, and
// withdrawn reports are shown beside.
package results
