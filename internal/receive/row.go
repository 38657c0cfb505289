package receive

import (
	"fmt"

	"xinban/internal/credit"
)

// Rank orders the rows of a table: problems first.
type Rank int64

// The ranks.
const (
	Problem Rank = iota // must not be relied on, or does not serve
	Attend              // serves, with something to know
	Fine
)

// Row is what the table says of one file.
type Row struct {
	No      int    `json:"no"` // from 1, in the order of the files
	File    string `json:"file"`
	Size    int64  `json:"size"` // bytes
	SHA256  string `json:"sha256,omitempty"`
	Number  string `json:"number,omitempty"`
	Genuine bool   `json:"genuine"`
	Status  string `json:"status"`
	Enough  bool   `json:"enough"` // covers the need
	Rank    Rank   `json:"rank"`
	Newer   string `json:"newer,omitempty"` // what is new, only where the subject allows it to be told
	Same    int    `json:"same_as,omitempty"`
	Known   `json:"known"`
	Reasons []string `json:"reasons"`
}

// unread is the row of a file that could not be read.
func unread(file string, size int64, why string) Row {
	return Row{File: file, Size: size, Status: Unknown, Rank: Problem, Reasons: []string{why}}
}

// judge makes the row of a verified paper.
func judge(p *Paper, need *Need, today credit.Date, name func(string) string) Row {
	r := Row{Number: p.Number, Genuine: p.Genuine(), Status: p.Status, Reasons: append([]string{}, p.Reasons...)}
	if !r.Genuine {
		if len(r.Reasons) == 0 {
			r.Reasons = []string{"不能确认真实性"}
		}
		r.Status = Unknown
		return r // of its content nothing is believed
	}
	r.Known = p.Known
	lacks := need.Lacks(&p.Known, today, name)
	r.Enough = len(lacks) == 0
	r.Reasons = append(r.Reasons, lacks...)
	if n := len(p.Unanswered); n > 0 {
		r.Reasons = append(r.Reasons, fmt.Sprintf("%d个领域未作结论，报告不代替这些领域的证明", n))
	}
	switch {
	case p.Status == Withdrawn || p.Status == Replaced || !r.Enough:
		r.Rank = Problem
	case p.Status == Changed, len(p.Unanswered) > 0, p.Conclusion == Incomplete:
		r.Rank = Attend // what a paper does not answer is never taken for a good answer
	default:
		r.Rank = Fine
	}
	return r
}

// twins marks what repeats an earlier row: the same file, or the same report in another form. It is looked
// at, but its fines are not added again.
func twins(rows []Row) {
	files, numbers := map[string]int{}, map[string]int{}
	for i := range rows {
		r := &rows[i]
		if r.SHA256 == "" {
			continue
		}
		first, what := files[r.SHA256], "文件"
		if first == 0 && r.Genuine {
			first, what = numbers[r.Number], "报告"
		}
		if first == 0 {
			files[r.SHA256] = r.No
			if r.Genuine {
				numbers[r.Number] = r.No
			}
			continue
		}
		r.Same, r.Rank = first, min(r.Rank, Attend)
		r.Reasons = append(r.Reasons, fmt.Sprintf("与第%d份是同一%s，罚没金额不重复计入合计", first, what))
	}
}
