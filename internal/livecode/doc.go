// Package livecode is the live code (亮码): a subject shows a code on its screen, the other side scans it and sees
// at once what the subject consented to, without a paper and without an account.
//
//	showing:  begun ──scan, as often as was chosen──► used up
//	            ├──stopped by the subject, or its report ended──► stopped
//	            └──half an hour──► over
//	code:     made ──two minutes──► over
//
// What a showing shows is fixed when it begins: from the report of the day, in the fields that were chosen. It has one
// code after the other; all of them share the scans that were chosen, so that a new code is no new consent. One entry
// of the access log tells of the showing, and one of each scan. A scan is a look-up by the code's digest and one small
// transaction, which counts it and writes it into the log; the subject sees it on its page at once.
//
// A code carries 100 random bits and is kept only as a digest. It is looked up before anything else is asked: a code
// that is good is answered from whatever address it comes, as thousands of phones share one. Wrong ones are answered
// like those that are over, and only who sends codes that never were is made to wait. Placement: showings and scans by
// the subject, codes in a directory by the digest.
package livecode
