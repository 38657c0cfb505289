package receive

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

var exportHead = []string{"序号", "文件名", "核验结论", "主体名称", "代码", "报告编号", "真伪", "状态", "是否满足需要", "专版", "时段起", "时段止", "报告结论", "记录条数", "未作结论领域", "罚没金额（元）", "有无新增", "说明", "SHA-256"}

// safeCell is a cell that no program runs as a formula.
func safeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

func (r *Row) cells(name func(id string) string) []string {
	code, from, to, fines, records := "", "", "", "", ""
	if r.Genuine {
		code, from, to, fines, records = r.Subject.Code(), r.From.String(), r.To.String(), r.Fines.Yuan(), fmt.Sprint(r.Records)
	}
	all := []string{fmt.Sprint(r.No), r.File, r.Verdict(), r.Name, code, r.Number, r.GenuineText(), r.StatusText(), r.EnoughText(),
		editionNames[r.Edition], from, to, r.ConclusionText(), records, strings.Join(r.silent(name), "、"), fines, r.Newer, strings.Join(r.Reasons, "；"), r.SHA256}
	for i := range all {
		all[i] = safeCell(all[i])
	}
	return all
}

// Verdict is what was found of the paper itself, in a word: it says nothing of what stands in it.
func (r *Row) Verdict() string { return [...]string{"有问题", "需留意", "核验通过"}[r.Rank] }

// ConclusionText is what the paper concludes, in a word; empty for one of whose content nothing is believed.
func (r *Row) ConclusionText() string {
	switch r.Conclusion {
	case ConcludesNone:
		return "未查见违法违规记录"
	case ConcludesFound:
		return "查见违法违规记录"
	case Incomplete:
		return "部分领域不作结论"
	}
	return ""
}

// silent are the names of the domains that the paper does not answer for.
func (r *Row) silent(name func(id string) string) []string {
	all := make([]string, len(r.Unanswered))
	for i, id := range r.Unanswered {
		all[i] = name(id)
	}
	return all
}

// GenuineText says whether the paper is genuine.
func (r *Row) GenuineText() string {
	if r.Genuine {
		return "真实"
	}
	return "不能确认"
}

// StatusText says whether the paper is in force.
func (r *Row) StatusText() string { return statusText[r.Status] }

// EnoughText says whether the paper covers the need.
func (r *Row) EnoughText() string {
	switch {
	case !r.Genuine:
		return "未比对"
	case r.Enough:
		return "满足"
	}
	return "不满足"
}

// EditionText is the name of the edition.
func (r *Row) EditionText() string { return editionNames[r.Edition] }

// WriteCSV writes a table as CSV with a byte order mark, as office programs want it.
func (b *Batch) WriteCSV(w io.Writer, domain func(id string) string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(exportHead); err != nil {
		return err
	}
	for i := range b.Rows {
		if err := out.Write(b.Rows[i].cells(domain)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteXLSX writes a table as a workbook, every cell as text: long numbers keep their digits.
func (b *Batch) WriteXLSX(w io.Writer, domain func(id string) string) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet := f.GetSheetName(0)
	set := func(no int, cells []any) error {
		return f.SetSheetRow(sheet, fmt.Sprintf("A%d", no), &cells)
	}
	if err := set(1, anyOf(exportHead)); err != nil {
		return err
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		if err := set(i+2, anyOf(r.cells(domain))); err != nil {
			return err
		}
	}
	if err := f.SetColWidth(sheet, "B", "G", 22); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "R", "R", 60); err != nil {
		return err
	}
	return f.Write(w)
}

func anyOf(cells []string) []any {
	all := make([]any, len(cells))
	for i, c := range cells {
		all[i] = c
	}
	return all
}
