package form

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Bounds of a package that is read: a zip of a few kilobytes can claim to hold anything.
const (
	mostFiles   = 10_000
	largestList = 16 << 20 // bytes
	largestFile = 1 << 30  // bytes
)

// OpenArchive verifies a package: every file that its list names is there with its digest, and no other. The errors
// are in Chinese and name the file.
func OpenArchive(r io.ReaderAt, size int64) (*List, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errors.New("这不是档案包，或者文件已经损坏：不能按zip打开")
	}
	if len(z.File) == 0 || z.File[0].Name != listName {
		return nil, fmt.Errorf("档案包的第一个文件应是“%s”", listName)
	}
	if len(z.File) > mostFiles {
		return nil, fmt.Errorf("档案包有%d个文件，超过上限%d个", len(z.File), mostFiles)
	}
	text, err := unpack(z.File[0], largestList)
	if err != nil {
		return nil, err
	}
	list, err := readList(text)
	if err != nil {
		return nil, err
	}
	return list, list.verify(z.File[1:])
}

func readList(text []byte) (*List, error) {
	var list List
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("“%s”不能读取：%w", listName, err)
	}
	return &list, nil
}

// verify compares the list with what is in the package.
func (l *List) verify(files []*zip.File) error {
	listed := map[string]*Entry{}
	for i := range l.Files {
		e := &l.Files[i]
		if listed[e.Name] != nil {
			return fmt.Errorf("“%s”把“%s”列了两次", listName, e.Name)
		}
		if err := plain(e.Name); err != nil {
			return err
		}
		listed[e.Name] = e
	}
	for _, f := range files {
		e := listed[f.Name]
		if e == nil {
			return fmt.Errorf("“%s”不在“%s”中，或者出现了两次", f.Name, listName)
		}
		delete(listed, f.Name)
		if err := e.verify(f); err != nil {
			return err
		}
	}
	for _, e := range l.Files {
		if listed[e.Name] != nil {
			return fmt.Errorf("“%s”列有“%s”，但档案包里没有这个文件", listName, e.Name)
		}
	}
	return nil
}

func (e *Entry) verify(f *zip.File) error {
	if e.Bytes < 0 || e.Bytes > largestFile {
		return fmt.Errorf("“%s”的大小%d字节不对", e.Name, e.Bytes)
	}
	data, err := unpack(f, int64(e.Bytes))
	if err != nil {
		return err
	}
	if len(data) != e.Bytes || digest(data) != e.SHA256 {
		return fmt.Errorf("“%s”与目录中的校验值不符，文件已被改动", e.Name)
	}
	return nil
}

// unpack reads a file of at most the given bytes.
func unpack(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("“%s”不能打开：%w", f.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("“%s”已经损坏：%w", f.Name, err)
	case int64(len(data)) > most:
		return nil, fmt.Errorf("“%s”比目录所列的更大，文件已被改动", f.Name)
	}
	return data, nil
}
