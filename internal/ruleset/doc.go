// Package ruleset is where people see and change the rules in force (规则管理): the page of the credit centre, and who
// may propose and decide. The rules themselves, their proposals and their history lie with law/adopted.
//
//	file ──propose──► waiting ──adopt, another person──► in force, from the next question on
//	program's text ─────┘  └────reject, with a reason──► kept, in force never
//
// A document keeps the digest of the book of its day and is made again by it, whatever is adopted later.
package ruleset
