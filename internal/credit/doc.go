// Package credit is the vocabulary of public credit: codes of subjects, kinds of matters, penalties,
// money and civil dates. Everything here is a plain value; nothing reads a clock, a file or a store.
//
// The terms are those of docs/glossary.md. Sources: GB 32100-2015 and GB 11643 for codes, 行政处罚法
// art. 9 for penalty kinds, 民法典 art. 201-203 for months.
package credit
