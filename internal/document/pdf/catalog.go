package pdf

import (
	"cmp"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
)

const producer = "Xinban 1"

func (j *job) writeCatalog() {
	b := j.b
	d := []byte("<</Type/Pages/Kids[")
	for _, p := range j.pages {
		d = append(appendRef(d, p), ' ')
	}
	d = append(strconv.AppendInt(append(d, "]/Count "...), int64(len(j.pages)), 10), ">>"...)
	b.put(j.pageTree, d)

	d = appendUTF16([]byte("<</Title"), j.l.Title)
	d = appendUTF16(append(d, "/Author"...), j.l.Issuer)
	d = append(append(d, "/Producer("+producer+")/CreationDate"...), pdfDate(j.opt.Created)...)
	d = append(append(d, "/ModDate"...), pdfDate(j.opt.Created)...)
	b.put(j.info, append(d, ">>"...))

	b.direct(j.xmp)
	packet := j.packet()
	b.buf = append(b.buf, "<</Type/Metadata/Subtype/XML/Length "...)
	b.buf = strconv.AppendInt(b.buf, int64(len(packet)), 10)
	b.buf = append(append(append(b.buf, ">>\nstream\n"...), packet...), "\nendstream"...)
	b.endobj()

	b.direct(j.catalog)
	d = append(b.buf, "<</Type/Catalog/Version/1.7/Lang("+j.lang()+")/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>/Pages "...)
	d = append(appendRef(d, j.pageTree), "/Metadata "...)
	d = append(appendRef(d, j.xmp), "/StructTreeRoot "...)
	d = appendRef(d, j.t.root)
	d = j.appendAttachmentEntries(d)
	d = j.appendSignatureEntries(d)
	b.buf = append(d, ">>"...)
	b.endobj()
}

// lang is the language of the paper; a layout made by hand is Chinese.
func (j *job) lang() string { return cmp.Or(j.l.Lang, "zh-CN") }

// packet is the XMP metadata. It is not compressed, so that programs that know no PDF find it.
func (j *job) packet() []byte {
	at := j.opt.Created.UTC().Format(time.RFC3339)
	var s strings.Builder
	s.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ` +
		`xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` + "\n<dc:format>application/pdf</dc:format>")
	s.WriteString(`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escape(j.l.Title) + `</rdf:li><rdf:li xml:lang="` + j.lang() + `">` + escape(j.l.Title) + "</rdf:li></rdf:Alt></dc:title>\n")
	s.WriteString("<dc:creator><rdf:Seq><rdf:li>" + escape(j.l.Issuer) + "</rdf:li></rdf:Seq></dc:creator>")
	s.WriteString("<dc:language><rdf:Bag><rdf:li>" + j.lang() + "</rdf:li></rdf:Bag></dc:language>")
	s.WriteString("<dc:identifier>" + escape(j.l.Number) + "</dc:identifier>\n")
	s.WriteString("<xmp:CreateDate>" + at + "</xmp:CreateDate><xmp:ModifyDate>" + at + "</xmp:ModifyDate><pdf:Producer>" + producer + "</pdf:Producer>")
	s.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return []byte(s.String())
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

// pdfDate writes an instant as a PDF date in UTC.
func pdfDate(t time.Time) string { return "(D:" + t.UTC().Format("20060102150405") + "Z)" }
