// Package law turns adopted rule sets and plain facts into answers: the class of a matter, its
// publicity window (公示期), whether it may be published, and what each edition of a report says of
// it. Its functions are pure: they read no clock, no store and no request. A question names the date
// for which it is asked.
//
//	proposals/*.yaml ──adopted by a person──► Set ──┐
//	                                                ├─► Book ─► Assess (class, window) ─► Public
//	organ register ─► Register (organ, domain) ─────┘                    └─► Edition.Judge
//
// The YAML files in proposals are proposals of the program's makers. A store adopts them, or edited
// ones, and only what is adopted is evaluated. Each value says where it comes from and how sure that
// is (law, article, reported, assumed); only law is ever cited to a user as the basis.
//
// Answers are small values that hold no reasons, so that a subject with thousands of matters costs
// little. The Explain variants give the reasons of one matter when somebody asks.
package law
