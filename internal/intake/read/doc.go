// Package read streams departments' files as rows: CSV and TSV (UTF-8, GB18030, UTF-16), XLSX and
// JSON lines, whatever their size.
//
// Every physical data row of a file is given exactly once: as cells, or with a [Fault] that says what
// is wrong with it, so that rows in are verdicts out. A fault of the whole file (a truncated download,
// a damaged archive) comes as an error after all rows that could be read.
//
//	Open ─► what is it? ─► encoding ─► chunks of 64 KiB ─► records ─► header, then Next … Next ─► io.EOF
//	                └► XLSX: archive checked for size and ratio before and while it is inflated
//
// Nothing here knows what a column means; that is the neighbouring package normal.
package read
