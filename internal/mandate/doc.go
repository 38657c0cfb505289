// Package mandate is where a subject gives and withdraws consent (授权管理), and what an agent may do with it
// (代办). The grant itself and its state machine are package consent's; here are the pages on which it is
// signed, the list of those in force and over, who used which when, and the documents that an agent asked for.
//
//	new ──► words shown ──password──► in force ──► used up | expired | withdrawn
//
// The signature is the signer's password, typed again under the words that are signed; the words are kept.
// A natural person's consent has its own page text and its own words, and nothing else is signed with it.
//
// Whoever needs a grant asks for it. The request is a case at the subject, whose accounts are told; the answer is told to
// who asked.
//
//	asked ──give──► given          the subject signs, with what is asked filled in
//	  ├───decline──► declined      with a reason
//	  ├───lapse────► lapsed        nobody answered within 14 days
//	  └──withdraw──► withdrawn     by who asked
//
// An agent reads a document only while the grant under which it was asked for stands: a withdrawal or the last day ends
// that too. A grant whose times are used up still lets what was made under it be read.
package mandate
