// Package cardreader reads identity cards and business licences from the reader at a kiosk, over the small protocol that its
// driver speaks in the hall's own network: one line "READ" is asked, one line answers.
//
//	OK {"number":"…","name":"…","licence":false}
//	NONE              no card lies there
//	FAULT reason      the card or the reader is broken
//
// [StandIn] speaks it in demos and tests and misbehaves when told to.
package cardreader
