package read

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// archive is the zip archive of a workbook, refused when it would inflate beyond the limits.
type archive struct {
	parts  map[string]*zip.File
	limits Limits
}

// openArchive checks what the directory of the archive declares, before anything is inflated.
func openArchive(r io.ReaderAt, size int64, limits Limits) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fault("damaged_workbook", 0, "压缩结构不完整")
	}
	if len(z.File) > limits.ZipEntries {
		return nil, fault("zip_bomb", 0, fmt.Sprintf("%d个部件", len(z.File)))
	}
	a := &archive{parts: map[string]*zip.File{}, limits: limits}
	var total uint64
	for _, f := range z.File {
		total += f.UncompressedSize64
		if f.UncompressedSize64 > uint64(limits.ZipBytes) || total > uint64(limits.ZipBytes) {
			return nil, fault("zip_bomb", 0, fmt.Sprintf("超过%d字节", limits.ZipBytes))
		}
		if f.UncompressedSize64 > 16<<20 && f.UncompressedSize64/max(f.CompressedSize64, 1) > uint64(limits.ZipRatio) {
			return nil, fault("zip_bomb", 0, fmt.Sprintf("压缩比超过%d", limits.ZipRatio))
		}
		a.parts[partName(f.Name)] = f
	}
	return a, nil
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, "\\", "/"), "/"))
}

// open inflates a part; reading more than its directory entry declares is a fault.
func (a *archive) open(name string) (*part, error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, fault("damaged_workbook", 0, "缺少"+name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fault("damaged_workbook", 0, name)
	}
	return &part{ReadCloser: r, declared: int64(f.UncompressedSize64)}, nil
}

// part is one inflated part.
type part struct {
	io.ReadCloser
	declared int64
	given    atomic.Int64
}

// Read gives inflated bytes up to the declared size.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.given.Add(int64(n)) > p.declared {
		return 0, fault("zip_bomb", 0, "实际大小超过声明大小")
	}
	if err != nil && err != io.EOF {
		var f *Fault
		if !errors.As(err, &f) {
			err = fault("damaged_workbook", 0, "压缩数据损坏")
		}
	}
	return n, err
}

// spool keeps an upload in a temporary file: a workbook is read from its end.
func spool(r io.Reader, limit int64) (h *os.File, size int64, err error) {
	h, err = os.CreateTemp("", "xinban-intake-*.xlsx")
	if err != nil {
		return nil, 0, fmt.Errorf("keep the upload: %w", err)
	}
	size, err = io.Copy(h, io.LimitReader(r, limit+1))
	if err == nil && size > limit {
		err = fault("upload_too_large", 0, limit)
	}
	if err != nil {
		h.Close()
		os.Remove(h.Name())
		return nil, 0, fmt.Errorf("keep the upload: %w", err)
	}
	return h, size, nil
}
