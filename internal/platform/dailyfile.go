package platform

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"xinban/internal/credit"
)

// Row is what a platform shows of one document of a subject.
type Row struct {
	Line   int // in the file, from 1; for rows of an API their place
	Code   string
	DocNo  string
	Shown  bool
	EndsOn credit.Date // end of publicity as the platform shows it, 0 when it does not say
}

// ErrFile says that a daily file cannot be read.
var ErrFile = errors.New("每日公示文件有误")

// fileColumns are the columns of a daily file; the last may be missing.
var fileColumns = []string{"统一社会信用代码", "决定书文号", "是否公示", "公示截止日期"}

const mostRows = 2_000_000

// ReadFile reads a platform's daily file: CSV in UTF-8 with [fileColumns] as its first line, and 是 or 否 for what is shown.
// A fault names its line; nothing of a file with a fault is compared, because what is missing would be taken for hidden.
func ReadFile(r io.Reader) ([]Row, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	c.ReuseRecord = true
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("%w：第1行应为列名%s", ErrFile, strings.Join(fileColumns, "、"))
	}
	width := len(head)
	if err := headFault(head); err != nil {
		return nil, err
	}
	all, seen := []Row{}, map[string]int{}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, brokenLine(err)
		}
		line, _ := c.FieldPos(0)
		row, err := readRow(cells, line, width)
		if err != nil {
			return nil, err
		}
		key := row.Code + "\n" + row.DocNo
		if first := seen[key]; first != 0 {
			return nil, fmt.Errorf("%w：第%d行与第%d行是同一份文书，请只保留一行", ErrFile, line, first)
		}
		if seen[key] = line; len(all) == mostRows {
			return nil, fmt.Errorf("%w：超过%d行，请分成几个文件", ErrFile, mostRows)
		}
		all = append(all, row)
	}
}

func brokenLine(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return fmt.Errorf("%w：第%d行的引号不成对或者位置不对，请按CSV格式改正", ErrFile, at.Line)
	}
	return fmt.Errorf("%w：没有读完，请重新上传", ErrFile)
}

func headFault(head []string) error {
	if len(head) < len(fileColumns)-1 || len(head) > len(fileColumns) {
		return fmt.Errorf("%w：第1行应为列名%s", ErrFile, strings.Join(fileColumns, "、"))
	}
	for i, name := range head {
		if i == 0 {
			name = strings.TrimPrefix(name, "\ufeff")
		}
		if strings.TrimSpace(name) != fileColumns[i] {
			return fmt.Errorf("%w：第1行第%d列应为“%s”", ErrFile, i+1, fileColumns[i])
		}
	}
	return nil
}

func readRow(cells []string, line, width int) (r Row, err error) {
	fault := func(why string, args ...any) (Row, error) {
		return r, fmt.Errorf("%w：第%d行%s", ErrFile, line, fmt.Sprintf(why, args...))
	}
	if len(cells) != width {
		return fault("有%d列，应为%d列", len(cells), width)
	}
	r = Row{Line: line, Code: credit.NormalCode(strings.TrimSpace(cells[0])), DocNo: credit.NormalDocNo(cells[1])}
	if _, c := credit.CheckCode(r.Code); c.Verdict == credit.Invalid {
		return fault("的统一社会信用代码“%s”不正确", r.Code)
	}
	if r.DocNo == "" {
		return fault("没有决定书文号")
	}
	switch strings.TrimSpace(cells[2]) {
	case "是":
		r.Shown = true
	case "否":
	default:
		return fault("“是否公示”应为“是”或“否”，不能是“%s”", cells[2])
	}
	if width == len(fileColumns) && strings.TrimSpace(cells[3]) != "" {
		if r.EndsOn, err = credit.ParseDate(strings.TrimSpace(cells[3])); err != nil {
			return fault("的公示截止日期“%s”不是日期，请写成 2026-05-18", cells[3])
		}
	}
	return r, nil
}
