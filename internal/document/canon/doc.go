// Package canon writes canonical JSON (规范化 JSON) as RFC 8785 (JCS) defines it, so that the same facts always
// give the same bytes and therefore the same SHA-256 and SM3.
//
// Marshal encodes a Go value; Transform makes any JSON text canonical. Members are sorted by the UTF-16 code units
// of their names, numbers are written as ECMAScript writes them, strings carry only the escapes that are needed.
//
// Refused, because two readers could take them for two things: NaN and infinities, invalid UTF-8 and lone
// surrogates, a name twice in one object, nesting deeper than MaxDepth, and whole numbers (no
// fraction, no exponent) beyond 2^53 whose digits a binary64 would change: money is integer fen and never comes near
// it, and longer identifiers are strings.
package canon
