// Package document is the house's signed paper (签章文书): what is issued, how it is signed, laid out and printed.
//
// What is reproduced is the canonical JSON; the paper is a view of it.
//
//		facts ─► canon ─► canonical JSON (RFC 8785) ─► seal ─► SHA-256 + SM3, ES256 + SM2 ─► envelope .json
//		                        │                                                     │
//		                        └────────► sheet (blocks ─► positioned pages) ─► pdf ◄┘ attachment + CMS signature
//
//	  - canon writes and checks canonical JSON.
//	  - seal holds the issuer's keys and certificates, digests and signs, and verifies offline.
//	  - sheet is the layout model: blocks and fonts in, positioned pages out. It knows nothing of PDF.
//	  - pdf writes laid-out pages as tagged, signed PDF and verifies what it wrote.
//	  - pdf/font holds the fonts that are embedded, glyph by glyph.
//
// Everything here is a pure function of its inputs except key creation and the ECDSA and SM2 nonces.
package document
