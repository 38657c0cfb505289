// Package normal turns the cells of a department's row into one credit.Record in normal form, with
// findings that say which cell is wrong and how to mend it.
//
//	heading row ─► Map ─► Layout ─► Row ─► Out: Record, Identity, sealed columns, findings
//	            (by Chinese name,      │
//	             else exchange code)   └─ a finding that blocks sends the row to quarantine
//
// Both generations of the 双公示 layout are known. Where they disagree the Chinese name decides: the
// number behind 代码_2 means 组织机构代码 in the old layout and 工商注册号 in the new one.
//
// Identity numbers of persons never reach a Record: they are given apart in Identity, the columns
// that hold them are named, and a number typed into a text is masked there.
//
// Nothing reads a clock: the caller sets [Layout.Today].
package normal
