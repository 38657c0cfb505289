// Package pinyin reads Chinese characters (拼音): as a search aid by the initials of a name, and to spell a
// name for readers of Latin letters.
//
// A character may be read in several ways; the usual one comes first. Tones are left out.
package pinyin
