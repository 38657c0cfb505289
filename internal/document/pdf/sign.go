package pdf

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
)

// signing is what must be known of the signature until its bytes are filled in.
type signing struct {
	field, dict ref
	byteRange   int // offset of the ten-digit figures
	contents    int // offset of the < of /Contents
	size        int // bytes reserved
}

// ErrSignatureSize is returned when a signer exceeds the size it promised.
var ErrSignatureSize = errors.New("the signature is larger than its signer said")

const rangeRoom = "0000000000 0000000000 0000000000 0000000000"

func (j *job) signaturePage() int {
	if len(j.seals) > 0 {
		return j.seals[0].page
	}
	return 0
}

// writeSignatureField writes the field, whose appearance is the first seal, and room for the signature. It returns
// the node of the seal, or none.
func (j *job) writeSignatureField() int32 {
	if j.opt.Signer == nil {
		return none
	}
	b, node := j.b, int32(none)
	j.sign.dict, j.sign.size = b.alloc(), j.opt.Signer.CMSSize()
	b.direct(j.sign.field)
	d := append(b.buf, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/F 132/P "...)
	d = appendRef(append(appendRef(d, j.pages[j.signaturePage()]), "/V "...), j.sign.dict)
	if len(j.seals) > 0 {
		it, h := j.seals[0].item, j.l.Pages[j.seals[0].page].Height
		d = append(appendNums(append(d, "/Rect["...), it.X, h-it.Y-it.H, it.X+it.W, h-it.Y), "]/AP<</N "...)
		d = append(appendRef(d, j.seals[0].form), ">>/StructParent "...)
		d = appendNum(d, float64(len(j.pages)))
		d = appendUTF16(append(d, "/TU"...), j.l.Nodes[it.Node].Alt)
		node = it.Node
		j.t.kids[node] = append(j.t.kids[node], kid{page: j.pages[j.seals[0].page], annot: j.sign.field})
	} else {
		d = append(d, "/Rect[0 0 0 0]"...)
	}
	b.buf = append(d, ">>"...)
	b.endobj()
	j.writeSignatureRoom()
	return node
}

func (j *job) writeSignatureRoom() {
	b := j.b
	b.direct(j.sign.dict)
	d := append(b.buf, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/M"...)
	d = appendUTF16(append(append(d, pdfDate(j.opt.Created)...), "/Name"...), j.opt.Signer.Name())
	if j.opt.Reason != "" {
		d = appendUTF16(append(d, "/Reason"...), j.opt.Reason)
	}
	d = append(d, "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>]/ByteRange["...)
	j.sign.byteRange = len(d)
	d = append(append(d, rangeRoom...), "]/Contents"...)
	j.sign.contents = len(d)
	d = append(append(append(d, '<'), bytes.Repeat([]byte{'0'}, 2*j.sign.size)...), '>')
	b.buf = append(d, ">>"...)
	b.endobj()
}

func (j *job) appendSignatureEntries(d []byte) []byte {
	if j.opt.Signer == nil {
		return d
	}
	d = append(appendRef(append(d, "/AcroForm<</SigFlags 3/Fields["...), j.sign.field), "]>>/Perms<</DocMDP "...)
	return append(appendRef(d, j.sign.dict), ">>"...)
}

// finish ends the file and signs it.
func (j *job) finish() error {
	file := j.b.finish(j.catalog, j.info, [16]byte(j.digest[:16]))
	j.file = file
	if j.opt.Signer == nil {
		return nil
	}
	from, to := j.sign.contents, j.sign.contents+2*j.sign.size+2
	copy(file[j.sign.byteRange:], fmt.Sprintf("%010d %010d %010d %010d", 0, from, to, len(file)-to))
	h := sha256.New()
	h.Write(file[:from])
	h.Write(file[to:])
	cms, err := j.opt.Signer.SignCMS([32]byte(h.Sum(nil)), j.opt.Created)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	if len(cms) > j.sign.size {
		return fmt.Errorf("%w: %d bytes, %d reserved", ErrSignatureSize, len(cms), j.sign.size)
	}
	copy(file[from:], appendHex(nil, cms)[:2*len(cms)+1])
	return nil
}
