// Package font holds the faces that the house's documents are set in, and cuts out of them the few hundred glyphs
// that one document uses (字体子集).
//
// The faces are Xinban Sans SC Regular and Bold, made from Noto Sans SC under the SIL Open Font License by
// scripts/font and shipped as zstd-compressed TrueType files beside OFL.txt. Regular covers GB 18030 as far as Noto
// Sans SC does (all of the Unified Ideographs block, Extension A, the table of standard characters beyond the BMP);
// Bold covers GBK, Extension A and the same characters beyond the BMP. What Bold lacks is set in Regular; what no face has is for
// the caller to draw as a box with its code point, never to drop.
//
// A Font and a Set never change after loading and may be shared by any number of goroutines.
package font
