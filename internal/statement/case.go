package statement

import (
	"encoding/json"
	"errors"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/decision"
)

// Kind is the kind of the cases.
const Kind = "statement"

// The states of a case.
const (
	Asked     casework.State = "asked"     // 待答复
	Answered  casework.State = "answered"  // 已答复
	Refused   casework.State = "refused"   // 不予答复
	Withdrawn casework.State = "withdrawn" // 已撤回
)

// Machine is the states and moves of a case.
func Machine() *casework.Machine {
	open := []casework.State{Asked}
	return &casework.Machine{Kind: Kind, Start: Asked, Moves: []casework.Move{
		{Name: "answer", From: open, To: Answered},
		{Name: "refuse", From: open, To: Refused},
		{Name: "withdraw", From: open, To: Withdrawn},
	}}
}

// Verdict is what the organ finds.
type Verdict string

// The verdicts.
const (
	NotMajor  Verdict = "not_major" // 不属于重大违法
	Major     Verdict = "major"     // 属于重大违法
	Undecided Verdict = "undecided" // 不能认定
)

var verdictNames = map[Verdict]string{NotMajor: "不属于重大违法", Major: "属于重大违法", Undecided: "不能认定是否重大违法"}

// Verdicts lists them in the order of the form.
func Verdicts() []Verdict { return []Verdict{NotMajor, Major, Undecided} }

// Chinese is the verdict in words.
func (v Verdict) Chinese() string { return verdictNames[v] }

// Penalty is a found penalty of which a statement may be asked.
type Penalty struct {
	ID         string // of the matter
	Subject    string // name of the subject
	DocNo      string
	Title      string
	Authority  string // deciding organ, as the register calls it
	Organ      string // its identifier in the register, empty when it is not there
	Domain     string
	DomainName string
	Decided    credit.Date
	Fine       *credit.Fen
	Content    string // kinds of the penalty
}

// data is what a case keeps besides its state.
type data struct {
	Matter     string            `json:"matter"`
	Name       string            `json:"name"` // of the subject when it asked
	DocNo      string            `json:"doc_no"`
	Title      string            `json:"title"`
	Authority  string            `json:"authority"`
	Organ      string            `json:"organ"`
	Domain     string            `json:"domain"`
	DomainName string            `json:"domain_name"`
	Decided    credit.Date       `json:"decided"`
	Content    string            `json:"content"`
	Why        string            `json:"why"`
	Asker      string            `json:"asker,omitempty"` // account that asked, told of what comes of it
	Days       int               `json:"days"`
	Working    bool              `json:"working"`
	Source     string            `json:"source"` // of the time limit
	Sureness   decision.Sureness `json:"sureness"`
}

func dataOf(c *casework.Case) (d data, err error) { return d, json.Unmarshal(c.Data, &d) }

// Errors that a person can act on. Their text is shown.
var (
	ErrNoPenalty   = errors.New("没有查到这项行政处罚，或者它不属于可以说明的范围，请从出具前体检中选择")
	ErrNoOrgan     = errors.New("作出处罚的机关不在机关目录中，不能转送；请联系信用中心核实机关名称")
	ErrOpen        = errors.New("已就这项处罚提出过请求，正在等待机关答复")
	ErrHas         = errors.New("这项处罚已有有效的情节说明，不必再次请求")
	ErrNotYours    = errors.New("这项处罚现由其他机关负责答复")
	ErrNoStatement = errors.New("没有这份情节说明：请核对编号与核验码是否抄写完整")
	ErrChanged     = errors.New("这份情节说明刚刚被他人处理，请刷新后再操作")
)
