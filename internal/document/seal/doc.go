// Package seal is the issuer's electronic seal (电子签章): its keys and certificates, the digests and signatures of a
// canonical JSON, the envelope file that carries them, and their verification without a network.
//
// Two keys sign every document: ECDSA on P-256 with SHA-256 (alg ES256), which every reader of PDF understands, and
// SM2 with SM3 (alg SM2-SM3, GB/T 32918.2, default user id 1234567812345678). Each has a leaf certificate under a
// root of the house's own making; verification trusts the roots it is given and no others. Both signatures are over
// the bytes of the canonical JSON and are ASN.1 DER, so that openssl and gmssl check them as they are:
//
//	openssl dgst -sha256 -verify es256.pub -signature es256.sig payload.json
//
// The envelope (签名信封) is itself canonical JSON:
//
//	{"certificates":[base64 DER, leaves then roots],"payload":{…},"sha256":hex,
//	 "signatures":[{"alg":"ES256","kid":hex,"sig":base64},{"alg":"SM2-SM3",…}],"sm3":hex,"version":1}
//
// kid is the SHA-256 of the leaf certificate. For PDF there is SignCMS: a detached CMS SignedData (RFC 5652) with
// signing time and signing-certificate-v2 (RFC 5035).
//
// Verification answers what a signature can answer: is it unaltered, and who signed. Whether a document is still in
// force is the issuer's register to say. A certificate must have been valid at the time the document says it was
// signed; there is no time-stamping authority behind it.
//
// Private keys stay in Keys and its file; no method prints them.
package seal
