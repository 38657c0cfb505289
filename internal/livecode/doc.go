// Package livecode is the live code (亮码): a subject shows a code on its screen, the other side scans it and sees
// at once what the subject consented to, without a paper and without an account.
//
//	made ──scan, as often as was chosen──► used up
//	  └──two minutes──► over
//
// What a code shows is fixed when it is made: from the report of the day, in the fields that were chosen. A
// scan is a look-up by the code's digest and one small transaction, which counts it and writes it into the
// subject's access log; the subject sees it on its page at once.
//
// A code carries 100 random bits and is kept only as a digest; wrong ones are answered like those that are over, and
// who tries many is made to wait. Placement: directory, by the digest.
package livecode
