package pdf

import (
	"bytes"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// MaxAttachment is the size in bytes beyond which an attachment is refused, unpacked or not.
const MaxAttachment = 64 << 20

// minXref bounds the unpacked cross-reference of a small file: half a million objects. That of a larger
// file may be as long as the file.
const minXref = 7 << 19

// reader finds the objects of a file of one revision that this package wrote. Only objects that lie in the file
// itself are read: all that matter to signature and attachments do.
type reader struct {
	file []byte
	rows []byte // of the cross-reference stream, seven bytes each
	root ref
}

// open reads the cross-reference of a file.
func open(file []byte) (*reader, error) {
	if !bytes.HasPrefix(file, []byte("%PDF-1.7\n")) {
		return nil, fmt.Errorf("%w: the head is missing", ErrSyntax)
	}
	tail := file[max(0, len(file)-64):]
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return nil, fmt.Errorf("%w: the end is missing", ErrSyntax)
	}
	l := &lexer{in: tail, at: i + len("startxref")}
	at, err := l.integer()
	if err != nil {
		return nil, err
	}
	r := &reader{file: file}
	d, rows, err := r.stream(at, max(minXref, len(file)))
	if err != nil {
		return nil, fmt.Errorf("cross-reference: %w", err)
	}
	if d["Type"] != name("XRef") || d["Prev"] != nil || d["Encrypt"] != nil || d["Index"] != nil || len(rows)%7 != 0 {
		return nil, fmt.Errorf("%w: the cross-reference is of another program", ErrSyntax)
	}
	var ok bool
	if r.root, ok = d["Root"].(ref); !ok {
		return nil, fmt.Errorf("%w: the catalogue is missing", ErrSyntax)
	}
	r.rows = rows
	return r, nil
}

// offset is where an object lies in the file.
func (r *reader) offset(n ref) (int, error) {
	at := 7 * int(n)
	if n <= 0 || at+7 > len(r.rows) || r.rows[at] != 1 {
		return 0, fmt.Errorf("%w: object %d is not in the file", ErrSyntax, n)
	}
	return int(r.rows[at+1])<<24 | int(r.rows[at+2])<<16 | int(r.rows[at+3])<<8 | int(r.rows[at+4]), nil
}

// object reads the value of an object at an offset and leaves the lexer behind it.
func (r *reader) object(at int) (*lexer, any, error) {
	if at < 0 || at >= len(r.file) {
		return nil, nil, fmt.Errorf("%w: an object lies outside the file", ErrSyntax)
	}
	l := &lexer{in: r.file, at: at}
	if _, err := l.integer(); err != nil {
		return nil, nil, err
	}
	if _, err := l.integer(); err != nil {
		return nil, nil, err
	}
	if err := l.keyword("obj"); err != nil {
		return nil, nil, err
	}
	v, err := l.value(0)
	return l, v, err
}

// dict reads a dictionary, given in place or by reference.
func (r *reader) dict(v any) (dict, error) {
	if n, ok := v.(ref); ok {
		at, err := r.offset(n)
		if err != nil {
			return nil, err
		}
		if _, v, err = r.object(at); err != nil {
			return nil, err
		}
	}
	d, ok := v.(dict)
	if !ok {
		return nil, fmt.Errorf("%w: a dictionary is missing", ErrSyntax)
	}
	return d, nil
}

// stream reads a compressed stream of at most limit bytes.
func (r *reader) stream(at, limit int) (dict, []byte, error) {
	l, v, err := r.object(at)
	if err != nil {
		return nil, nil, err
	}
	d, ok := v.(dict)
	size, isNumber := d["Length"].(float64)
	if !ok || !isNumber || d["Filter"] != name("FlateDecode") || d["DecodeParms"] != nil {
		return nil, nil, fmt.Errorf("%w: a stream is of another kind", ErrSyntax)
	}
	if err := l.keyword("stream"); err != nil {
		return nil, nil, err
	}
	from := l.at + 1
	if l.peek(0) != '\n' || size < 0 || size > float64(len(r.file)-from) {
		return nil, nil, fmt.Errorf("%w: a stream reaches beyond the file", ErrSyntax)
	}
	z, err := zlib.NewReader(bytes.NewReader(r.file[from : from+int(size)]))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: unpack: %w", ErrSyntax, err)
	}
	data, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: unpack: %w", ErrSyntax, err)
	}
	if len(data) > limit {
		return nil, nil, fmt.Errorf("%w: a stream unpacks to more than %d bytes", ErrSyntax, limit)
	}
	return d, data, nil
}
