package form

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"xinban/internal/credit"
)

// Names of the two files that every archive package begins with.
const (
	listName  = "目录.json"
	paperName = "目录.pdf"
)

// Case is what an archive package (档案包) says of the closed case.
type Case struct {
	Number      string      `json:"number"`       // 办件编号
	Subject     string      `json:"subject"`      // name
	SubjectCode string      `json:"subject_code"` // may be empty for a person
	Opened      credit.Date `json:"opened"`
	Closed      credit.Date `json:"closed"`
	// Retention is the years that the package is kept from the day on which the case was closed.
	Retention int `json:"retention_years"`
}

// KeepUntil is the last day of the retention.
func (c *Case) KeepUntil() credit.Date { return c.Closed.AddMonths(12 * c.Retention) }

// File is one paper of a case.
type File struct {
	Name  string // in the package, such as 01-信用修复申请表.pdf
	Title string
	Pages int // 0 when nobody counted
	Data  []byte
}

// Entry is how the list of a package names a file.
type Entry struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	Pages  int    `json:"pages,omitempty"`
}

// List is 目录.json.
type List struct {
	Case      Case        `json:"case"`
	KeepUntil credit.Date `json:"keep_until"`
	Files     []Entry     `json:"files"`
}

// Archive writes the package of a closed case: 目录.json, 目录.pdf by the template of catalogues, and the files in the
// order given. Equal inputs give equal bytes.
func (p *Press) Archive(w io.Writer, catalogue *Template, c Case, files []File) error {
	if err := sound(&c, files); err != nil {
		return err
	}
	paper, err := p.PDF(catalogue, catalogueValues(&c, files), c.Closed.Time())
	if err != nil {
		return err
	}
	files = append([]File{{Name: paperName, Title: catalogue.Title, Data: paper}}, files...)
	list := List{Case: c, KeepUntil: c.KeepUntil()}
	for i := range files {
		list.Files = append(list.Files, entry(&files[i]))
	}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return fmt.Errorf("form: writing the list of %s: %w", c.Number, err)
	}
	return pack(w, append([]File{{Name: listName, Data: append(text, '\n')}}, files...), c.Closed.Time())
}

func entry(f *File) Entry {
	return Entry{Name: f.Name, Title: f.Title, SHA256: digest(f.Data), Bytes: len(f.Data), Pages: f.Pages}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// pack writes the zip with one time for all files.
func pack(w io.Writer, files []File, at time.Time) error {
	z := zip.NewWriter(w)
	for i := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: files[i].Name, Method: zip.Deflate, Modified: at.UTC()})
		if err == nil {
			_, err = out.Write(files[i].Data)
		}
		if err != nil {
			return fmt.Errorf("form: packing %s: %w", files[i].Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("form: closing the package: %w", err)
	}
	return nil
}

// sound refuses a package that could not be kept or unpacked.
func sound(c *Case, files []File) error {
	switch {
	case c.Number == "" || c.Subject == "":
		return errors.New("案卷缺少办件编号或者主体名称，不能归档")
	case c.Opened == 0 || c.Closed < c.Opened:
		return fmt.Errorf("案卷%s的立卷日期“%s”与办结日期“%s”不对：办结以后才能归档", c.Number, c.Opened, c.Closed)
	case c.Retention < 1 || c.Retention > 100:
		return fmt.Errorf("案卷%s的保管期限为%d年，应在1到100年之间，请先设定", c.Number, c.Retention)
	case len(files) == 0:
		return fmt.Errorf("案卷%s没有文件，不能归档", c.Number)
	}
	seen := map[string]bool{listName: true, paperName: true}
	for i := range files {
		if err := plain(files[i].Name); err != nil {
			return fmt.Errorf("案卷%s第%d个文件：%w", c.Number, i+1, err)
		}
		name := strings.ToLower(files[i].Name)
		if seen[name] {
			return fmt.Errorf("案卷%s第%d个文件：文件名“%s”重复，请改名", c.Number, i+1, files[i].Name)
		}
		if seen[name] = true; strings.TrimSpace(files[i].Title) == "" {
			return fmt.Errorf("案卷%s第%d个文件“%s”没有题名", c.Number, i+1, files[i].Name)
		}
	}
	return nil
}

// plain refuses a name that leads out of a folder or that some system cannot keep.
func plain(name string) error {
	bad := strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7F || strings.ContainsRune(`/\:*?"<>|`, r) || r == '\uFFFD'
	})
	if bad || name == "" || len(name) > 200 || strings.Trim(name, ". ") != name {
		return fmt.Errorf("文件名“%s”不能用：不能为空、过长、以点或空格开头结尾，也不能含有 / \\ : * ? \" < > | ", name)
	}
	return nil
}

func catalogueValues(c *Case, files []File) Values {
	v := Values{Number: c.Number, Fields: map[string]string{
		"case.number": c.Number, "subject.name": c.Subject, "case.opened_on": c.Opened.Chinese(), "case.closed_on": c.Closed.Chinese(),
		"case.retention": strconv.Itoa(c.Retention), "case.keep_until": c.KeepUntil().Chinese(), "case.files": strconv.Itoa(len(files)),
	}, Lists: map[string][]map[string]string{}}
	for i := range files {
		e, pages := entry(&files[i]), "未计"
		if e.Pages > 0 {
			pages = strconv.Itoa(e.Pages)
		}
		v.Lists["files"] = append(v.Lists["files"], map[string]string{"title": e.Title, "name": e.Name, "pages": pages, "sha256": e.SHA256})
	}
	return v
}
