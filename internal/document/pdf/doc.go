// Package pdf writes laid-out sheets as PDF 1.7 and checks the signature of what it wrote (版式文件与电子签章).
//
//	w := pdf.NewWriter(fonts)                                  // once; safe for any number of goroutines
//	file, err := w.Write(layout, pdf.Options{
//		Created:     issued,                               // every byte is a function of layout and options
//		Attachments: []pdf.Attachment{{Name: "report.json", Type: "application/json", Data: envelope}},
//		Signer:      keys,                                 // only the CMS in /Contents may differ between runs
//	})
//	info, err := pdf.VerifySignature(file)                     // altered? by whom?
//	envelope, err := pdf.ExtractAttachment(file, "report.json")
//
// What a file holds: text as glyphs of embedded subsets with ToUnicode, so that it can be copied and searched exactly;
// a structure tree with headings, tables and figures; running heads and feet as artifacts; XMP metadata; the
// canonical JSON as an associated file; a certifying signature (DocMDP level 1: no change is allowed) whose field is
// the visible seal. Most objects lie in compressed object streams. The seal and QR are vectors.
//
// A character that no face has is a box with its code point, with the character itself as invisible text under it.
//
// VerifySignature and ExtractAttachment take any bytes: their work is bounded by the size of the file and by
// MaxAttachment, and they never follow a second revision: a file with anything appended is altered.
//
// Where we differ from the standards: no claim of PDF/A or PDF/UA conformance is written, since no validator of
// either is among the tests; cross-reference tables, encryption, linearised and repaired files are not read.
package pdf
