package pdf

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"xinban/internal/document/seal"
)

// ErrUnsigned is returned for a PDF without a signature.
var ErrUnsigned = errors.New("the PDF carries no signature")

// ErrAltered is returned when a file is not, byte for byte, what was signed.
var ErrAltered = errors.New("the PDF was altered after it was signed")

// SignatureInfo is what the signature of a PDF says.
type SignatureInfo struct {
	Unaltered bool      // every byte but the signature itself is as signed, and nothing was appended
	Appended  int       // bytes after the end of the signed revision
	Name      string    // whom the certificate names; believe it only when Check is empty
	At        time.Time // when the signer says it was signed
	Reason    string    // why altered, in English; empty when unaltered
	cms       *seal.CMSInfo
}

// Check says why the signer is not trusted; empty when it is.
func (s *SignatureInfo) Check(t *seal.Trust) seal.Reason {
	if s.cms == nil {
		return seal.ReasonSignature
	}
	return s.cms.Check(t)
}

// Kid is the SHA-256 of the signer's certificate; empty when the signature does not hold.
func (s *SignatureInfo) Kid() string {
	if s.cms == nil {
		return ""
	}
	return s.cms.Kid()
}

// VerifySignature checks the signature of a PDF that this package wrote: that its byte range is the whole file but
// the signature, the digest, the signature and its certificate's form. Whether the certificate is trusted is for
// Check. An altered or cut-off file gives an info with Unaltered false and an error that wraps ErrAltered; where something was
// appended to a sound file, the info names the signer of what it was before. A file that is not signed gives
// ErrUnsigned, one that is no PDF of ours ErrSyntax.
func VerifySignature(file []byte) (SignatureInfo, error) {
	info, err := verify(file)
	if err != nil {
		info.Unaltered, info.Reason = false, err.Error()
	}
	return info, err
}

func verify(file []byte) (SignatureInfo, error) {
	var info SignatureInfo
	if !bytes.HasPrefix(file, []byte("%PDF-")) {
		return info, fmt.Errorf("%w: it does not begin as a PDF", ErrSyntax)
	}
	spans, err := byteRange(file)
	if err != nil {
		return info, err
	}
	signed := file[:spans.end]
	info.Appended = len(file) - spans.end
	if err := anchored(signed, spans); err != nil {
		return info, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	cms, digest, err := spans.parts(signed)
	if err != nil {
		return info, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	info.cms, err = seal.VerifyCMS(cms, digest)
	if err != nil {
		return info, fmt.Errorf("%w: %w", ErrAltered, err)
	}
	info.Name, info.At = info.cms.Name, info.cms.At
	if info.Appended > 0 {
		return info, fmt.Errorf("%w: %d bytes were appended", ErrAltered, info.Appended)
	}
	info.Unaltered = true
	return info, nil
}

// spans is the byte range of a signature: all up to gap, and from resume to end.
type spans struct{ gap, resume, end int }

var rangeKey = []byte("/ByteRange[")

// byteRange reads the first byte range of a file and holds it to what Write writes: it begins at 0 and leaves out
// exactly the hexadecimal string of /Contents.
func byteRange(file []byte) (spans, error) {
	i := bytes.Index(file, rangeKey)
	if i < 0 {
		if bytes.Contains(file, []byte("/ByteRange")) {
			return spans{}, fmt.Errorf("%w: the signature is of another program", ErrSyntax)
		}
		if tail := bytes.TrimSpace(file[max(0, len(file)-32):]); !bytes.HasSuffix(tail, []byte("%%EOF")) {
			return spans{}, fmt.Errorf("%w: the end of the file is missing", ErrAltered)
		}
		return spans{}, ErrUnsigned
	}
	l := &lexer{in: file[:min(len(file), i+len(rangeKey)+64)], at: i + len(rangeKey)}
	var n [4]int
	for j := range n {
		var err error
		if n[j], err = l.integer(); err != nil {
			return spans{}, fmt.Errorf("%w: byte range: %w", ErrAltered, err)
		}
	}
	s := spans{gap: n[1], resume: n[2], end: n[2] + n[3]}
	switch {
	case n[0] != 0 || s.gap > s.resume || s.end > len(file) || s.gap < l.at:
		return s, fmt.Errorf("%w: the byte range does not fit the file", ErrAltered)
	case s.resume-s.gap < 2 || file[s.gap] != '<' || file[s.resume-1] != '>':
		return s, fmt.Errorf("%w: the byte range leaves out more than the signature", ErrAltered)
	}
	return s, nil
}

// anchored checks that the document's own signature field holds this byte range, so that a range planted elsewhere
// in the file counts for nothing.
func anchored(signed []byte, s spans) error {
	r, err := open(signed)
	if err != nil {
		return err
	}
	catalog, err := r.dict(r.root)
	if err != nil {
		return err
	}
	form, err := r.dict(catalog["AcroForm"])
	if err != nil {
		return err
	}
	fields, _ := form["Fields"].(array)
	if len(fields) != 1 {
		return fmt.Errorf("%w: %d fields instead of one signature", ErrSyntax, len(fields))
	}
	field, err := r.dict(fields[0])
	if err != nil {
		return err
	}
	sig, err := r.dict(field["V"])
	if err != nil {
		return err
	}
	have, _ := sig["ByteRange"].(array)
	want := [4]int{0, s.gap, s.resume, s.end - s.resume}
	if len(have) != len(want) {
		return fmt.Errorf("%w: the signature's byte range", ErrSyntax)
	}
	for i, n := range want {
		if have[i] != float64(n) {
			return fmt.Errorf("%w: the signature's byte range is another", ErrSyntax)
		}
	}
	return nil
}

// parts takes out the CMS and digests the rest.
func (s spans) parts(signed []byte) (cms []byte, digest [32]byte, err error) {
	l := &lexer{in: signed[s.gap:s.resume]}
	v, err := l.hex()
	if err != nil || l.at != s.resume-s.gap {
		return nil, digest, fmt.Errorf("%w: the signature is no hexadecimal string", ErrSyntax)
	}
	h := sha256.New()
	h.Write(signed[:s.gap])
	h.Write(signed[s.resume:])
	return v.(text), [32]byte(h.Sum(nil)), nil
}
