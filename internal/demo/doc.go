// Package demo makes 岚海省, a province that does not exist, from a seed: its organs, subjects and
// records, and the files in which its departments send them, dirt included; and the long streams of
// rows with which the program is measured. The same seed gives the same bytes, always.
//
// Nothing here belongs to anybody. Area codes begin with 00, which no place has; people are called
// 演示 and a number, with identity numbers of the area 000000; laws are named, their articles never.
//
// To look at the files by hand:
//
//	go test ./internal/demo -run TestFilesToLookAt -demo-dir /tmp/lanhai
//
// writes them all. GB18030 files read with iconv -f gb18030 -t utf-8, workbooks with any spreadsheet program.
package demo
