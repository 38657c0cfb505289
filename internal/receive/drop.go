package receive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"path"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Bounds of one upload.
const (
	MaxPapers = 500
	maxPaper  = 20 << 20  // bytes of one file
	maxUpload = 512 << 20 // bytes of all, as they arrive
	maxWhole  = 1 << 30   // bytes of all, unpacked
)

// file is one dropped file; why says that it is not to be read.
type file struct {
	name string
	size int64
	why  string
	open func() (io.ReadCloser, error)
}

var errTooLarge = errors.New("文件超过20MB，信用报告没有这么大，未核验")

func (f *file) read() ([]byte, error) {
	if f.why != "" {
		return nil, errors.New(f.why)
	}
	in, err := f.open()
	if err != nil {
		return nil, errors.New("文件无法打开，可能已损坏")
	}
	defer in.Close()
	b, err := io.ReadAll(io.LimitReader(in, maxPaper+1))
	switch {
	case err != nil:
		return nil, errors.New("文件读取不完整，可能已损坏")
	case len(b) > maxPaper:
		return nil, errTooLarge
	case len(b) == 0:
		return nil, errors.New("文件是空的")
	}
	return b, nil
}

// gather lists the files of an upload, those inside archives in the place of the archive. What is over the
// bounds is one line that says so. done closes what was opened.
func gather(headers []*multipart.FileHeader) (files []file, done func()) {
	var closers []io.Closer
	for _, h := range headers {
		if !archive(h) {
			files = append(files, file{name: path.Base(h.Filename), size: h.Size, open: func() (io.ReadCloser, error) { return h.Open() }})
			continue
		}
		inside, c, err := unpack(h)
		if err != nil {
			files = append(files, file{name: path.Base(h.Filename), size: h.Size, why: "压缩包无法读取，可能已损坏或加了密码"})
			continue
		}
		files, closers = append(files, inside...), append(closers, c)
	}
	return bound(files), func() {
		for _, c := range closers {
			c.Close()
		}
	}
}

func archive(h *multipart.FileHeader) bool {
	f, err := h.Open()
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && bytes.Equal(head[:], []byte("PK\x03\x04"))
}

// unpack lists the files of an archive; folders, and what some systems add of their own, are no papers.
func unpack(h *multipart.FileHeader) ([]file, io.Closer, error) {
	f, err := h.Open()
	if err != nil {
		return nil, nil, err
	}
	z, err := zip.NewReader(f, h.Size)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	var files []file
	for _, e := range z.File {
		name := entryName(e)
		base := path.Base(strings.ReplaceAll(name, `\`, "/"))
		if e.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(name, "__MACOSX/") {
			continue
		}
		files = append(files, file{name: base, size: int64(min(e.UncompressedSize64, 1<<40)), open: e.Open})
	}
	return files, f, nil
}

// entryName reads a name that was written in GB18030, as Chinese systems do.
func entryName(e *zip.File) string {
	if !e.NonUTF8 {
		return e.Name
	}
	if s, err := simplifiedchinese.GB18030.NewDecoder().String(e.Name); err == nil {
		return s
	}
	return e.Name
}

// bound puts what is over the bounds into one line.
func bound(files []file) []file {
	whole := int64(0)
	for i := range files {
		if whole += min(files[i].size, maxPaper); i == MaxPapers || whole > maxWhole {
			left := len(files) - i
			return append(files[:i:i], file{name: files[i].name, why: fmt.Sprintf("连同其后共%d份超出一次%d份（合计1GB）的上限，未核验，请另批提交", left, MaxPapers)})
		}
	}
	return files
}
