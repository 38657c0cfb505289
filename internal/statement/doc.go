// Package statement is the statement of circumstances (情节说明): the subject of a penalty asks the organ that
// decided it whether the conduct is a major violation (重大违法) and why, as whoever goes public must show. The
// organ's clerk answers against a clock and signs.
//
//	asked ──answer──► answered ····► statement: valid ──► replaced   by a newer one of the organ, with a reason
//	  ├────refuse───► refused                     └─────► withdrawn  by the organ, with a reason
//	  └──withdraw───► withdrawn   by the asker
//
// The organ is the one that answers today for what the deciding organ did, by the register of organs. The day by
// which it must answer is shown; it is in time until that day ends, and reminded on the working day before and after.
// The organ is told of a new request, and who asked of each answer; what is overdue is listed for the credit centre,
// which is told some working days later. A day past the last published calendar year is provisional: it is shown as
// such, and nobody is reminded.
//
// The answer is a signed document with a number of its own: canonical JSON and a paper, sealed by the platform on which
// the organ answered, which says so. Newly issued reports of the listing edition name it beside the matter, and their
// verification says whether it still stands.
package statement
