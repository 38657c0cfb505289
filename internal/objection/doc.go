// Package objection is the objection (异议): a subject says that the content, the attribution, the period or the result
// of one of its matters is wrong, and the body that determined the matter verifies against a clock.
//
//	filed ──accept──► verifying ──correct──► corrected   what was changed is named
//	  │                │ ▲    ├──uphold───► upheld      the record stands, with reasons
//	  │             ask│ │supply
//	  │                ▼ │
//	  │              supplement ──correct, uphold──► as above
//	  ├──refuse──► refused    repeated without new evidence, not this subject's matter, matter gone
//	  └──withdraw─► withdrawn  by the objector, from every open state
//
// While an objection is accepted and open the ledger says that the matter is disputed: papers print it, and automatic
// decisions neither count nor clear it. The mark comes and goes in the transaction of the case's move.
//
// The days are those of the region's profile, dated data: the plain limit, the longer one when others must verify, and
// the most after an extension with a reason. All count from the filing, which is the stricter reading, and a supplement
// stops none of them. A day past the last published calendar year is provisional: it is shown as such, and nothing
// follows from it. What is overdue is told to the credit centre once for each day that was set.
//
// An outcome "corrected" names a correction that was recorded of the matter since the filing by the usual ways of
// correcting a fact; those make reports and followers learn of it. Without such a record there is no such outcome.
package objection
