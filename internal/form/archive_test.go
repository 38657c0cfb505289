package form

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"
)

var closed = Case{Number: "XF20261125000018", Subject: "演示有限公司", SubjectCode: "91000000MA0DEMO01X", Opened: 20261125, Closed: 20261209, Retention: 10}

func papers() []File {
	return []File{{Name: "01-信用修复申请表.pdf", Title: "信用修复申请表", Pages: 2, Data: []byte("%PDF-1")}, {Name: "02-截图.png", Title: "截图", Data: []byte{1, 2, 3}}}
}

func packed(t *testing.T, c Case, files []File) ([]byte, error) {
	t.Helper()
	var b bytes.Buffer
	err := press(t).Archive(&b, template(t, "archive-catalogue"), c, files)
	return b.Bytes(), err
}

func open(b []byte) (*List, error) { return OpenArchive(bytes.NewReader(b), int64(len(b))) }

// A package verifies, says what it holds and until when it is kept, and comes out the same each time.
func TestAPackageVerifies(t *testing.T) {
	b, err := packed(t, closed, papers())
	if err != nil {
		t.Fatal(err)
	}
	list, err := open(b)
	if err != nil {
		t.Fatal(err)
	}
	if list.Case != closed || list.KeepUntil != 20361209 || len(list.Files) != 3 || list.Files[0].Name != paperName || list.Files[1].Pages != 2 {
		t.Errorf("%+v", list)
	}
	if again, _ := packed(t, closed, papers()); !bytes.Equal(b, again) {
		t.Error("the same case gives other bytes")
	}
}

// repack writes a package anew after a change to its files.
func repack(t *testing.T, b []byte, change func([]File) []File) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var all []File
	for _, f := range z.File {
		data, err := unpack(f, largestFile)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, File{Name: f.Name, Data: data})
	}
	var out bytes.Buffer
	if err := pack(&out, change(all), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAChangedPackageIsSeen(t *testing.T) {
	b, err := packed(t, closed, papers())
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func([]File) []File{
		"与目录中的校验值不符":   func(f []File) []File { f[3].Data = []byte{1, 2, 4}; return f },
		"比目录所列的更大":     func(f []File) []File { f[3].Data = bytes.Repeat([]byte{0}, 1<<20); return f },
		"没有这个文件":       func(f []File) []File { return f[:3] },
		"不在“目录.json”中": func(f []File) []File { return append(f, File{Name: "03.txt"}) },
		"出现了两次":        func(f []File) []File { return append(f, f[3]) },
		"第一个文件应是":      func(f []File) []File { return f[1:] },
		"不能读取":         func(f []File) []File { f[0].Data = []byte("{"); return f },
	} {
		if _, err := open(repack(t, b, change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := open(b[:len(b)-9]); err == nil || !strings.Contains(err.Error(), "损坏") {
		t.Errorf("half a package: %v", err)
	}
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	file := func(names ...string) (all []File) {
		for _, n := range names {
			all = append(all, File{Name: n, Title: "题名"})
		}
		return all
	}
	early, years := closed, closed
	early.Closed, years.Retention = 20261101, 0
	for _, c := range []struct {
		c     Case
		files []File
		want  string
	}{{early, papers(), "办结以后才能归档"}, {years, papers(), "保管期限"}, {closed, nil, "没有文件"}, {Case{}, papers(), "缺少办件编号"},
		{closed, file("../a"), "不能用"}, {closed, file(`a\b`), "不能用"}, {closed, file(""), "不能用"}, {closed, file("a.pdf", "A.pdf"), "重复"},
		{closed, file("目录.json"), "重复"}, {closed, []File{{Name: "a"}}, "没有题名"}} {
		if _, err := packed(t, c.c, c.files); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
