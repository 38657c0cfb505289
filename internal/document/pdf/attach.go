package pdf

import (
	"crypto/md5"
	"slices"
	"strconv"
	"strings"
)

func (j *job) writeAttachments() {
	for _, a := range j.opt.Attachments {
		file, spec := j.b.alloc(), j.b.alloc()
		sum := md5.Sum(a.Data) // the format asks for MD5; nothing here relies on it
		d := appendName([]byte("/Type/EmbeddedFile/Subtype"), a.Type)
		d = append(d, "/Params<</Size "...)
		d = append(strconv.AppendInt(d, int64(len(a.Data)), 10), "/ModDate"...)
		d = append(append(d, pdfDate(j.opt.Created)...), "/CheckSum"...)
		d = append(appendHex(d, sum[:]), ">>"...)
		j.b.stream(file, string(d), a.Data)

		j.b.direct(spec)
		d = append(j.b.buf, "<</Type/Filespec/AFRelationship/Source/F"...)
		d = appendUTF16(append(appendHex(d, []byte(a.Name)), "/UF"...), a.Name)
		d = appendRef(append(d, "/EF<</F "...), file)
		d = appendRef(append(d, "/UF "...), file)
		j.b.buf = append(d, ">>>>"...)
		j.b.endobj()
		j.specs = append(j.specs, spec)
	}
}

// appendAttachmentEntries ties the files to the document: by name, and as associated files.
func (j *job) appendAttachmentEntries(d []byte) []byte {
	if len(j.specs) == 0 {
		return d
	}
	order := make([]int, len(j.specs)) // a name tree is sorted
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return strings.Compare(j.opt.Attachments[a].Name, j.opt.Attachments[b].Name)
	})
	d = append(d, "/Names<</EmbeddedFiles<</Names["...)
	for _, i := range order {
		d = appendHex(d, []byte(j.opt.Attachments[i].Name))
		d = append(appendRef(d, j.specs[i]), ' ')
	}
	d = append(d, "]>>>>/AF["...)
	for _, s := range j.specs {
		d = append(appendRef(d, s), ' ')
	}
	return append(d, ']')
}
