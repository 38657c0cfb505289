// Package group is reports for a whole group in one go (集团报告): a parent asks for itself, its subsidiaries, branches
// and others, up to [Most] subjects. The request is a case that lies with the parent; each subject has a case of its own,
// which lies with that subject and ends in the transaction that issues its report.
//
//	group:         running ──finish──► done
//	                  └─────cancel──► cancelled
//
//	group-member:  waiting ──issue──► issued
//	                  ├──────retry──► waiting     it failed, and is tried again
//	                  ├─────refuse──► refused     no consent, or withdrawn meanwhile; or the rules refuse the request
//	                  ├────unknown──► unknown     no such subject on record, or several of one name
//	                  ├────outside──► outside     registered outside the province
//	                  ├───────fail──► failed      the program could not, several times
//	                  └─────cancel──► cancelled
//
// The work is done in the background, several members at once, some of each request in turn. What waits is found at desks of the
// cases, so a process that was killed is taken over by the next, and two processes never issue twice: who comes second is told that
// the case moved. How often a member failed is kept with it. Each end is noted under the request too, so that progress is
// counted without reading the members.
//
// The asker's own subjects need no consent. All others need a grant that lets the asker act for them; it is looked at when the
// list is checked, and used in the transaction of the issue.
package group
