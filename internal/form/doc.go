// Package form writes papers by itself (表单): a template, which is data, and values give a finished paper.
//
//	template (YAML, dated) ─► Read ─► Template ─┐
//	                                            ├─► Sheet ─► Press.PDF (sealed where the template asks for a seal)
//	Values (fields, lists of rows) ─────────────┘
//	papers of a closed case ─► Press.Archive ─► zip with 目录.json and 目录.pdf ─► OpenArchive verifies it
//
// A placeholder such as {subject.name} stands for a field, and {row.number} in a table for a column of each row. A
// paper with a gap is never printed: Sheet names all gaps at once. A value that is there and blank says "none"; it may
// only steer what is left out (when), because a blank on a form would be read as an answer.
//
// What a paper to an applicant must say in any case, that repair is free of charge (信用修复不收取任何费用), stands at
// the foot of every page whatever the template holds, so that no edit takes it away.
package form
