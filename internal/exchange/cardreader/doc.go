// Package cardreader reads identity cards and business licences from the reader at a kiosk, over the small protocol that its
// driver speaks in the hall's own network: one line "READ" is asked, one line answers.
//
//	OK {"number":"…","name":"…","licence":false,"pin":false}
//	NONE              no card lies there
//	FAULT card why    the card cannot be read
//	FAULT reader why  the reader is broken; so is one that says FAULT and nothing of this
//
// pin tells of an electronic licence that its holder gave the PIN and the reader checked it.
//
// [StandIn] speaks it in demos and tests and misbehaves when told to.
package cardreader
