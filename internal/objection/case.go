package objection

import (
	"encoding/json"
	"errors"

	"xinban/internal/casework"
	"xinban/internal/credit"
)

// Kind is the kind of the cases.
const Kind = "objection"

// The states of a case.
const (
	Filed      casework.State = "filed"      // 待受理
	Verifying  casework.State = "verifying"  // 核实中
	Supplement casework.State = "supplement" // 待补充
	Refused    casework.State = "refused"    // 不予受理
	Corrected  casework.State = "corrected"  // 已更正
	Upheld     casework.State = "upheld"     // 维持
	Withdrawn  casework.State = "withdrawn"  // 已撤回
)

// Machine is the states and moves of a case.
func Machine() *casework.Machine {
	verifying := []casework.State{Verifying}
	accepted := []casework.State{Verifying, Supplement}
	return &casework.Machine{Kind: Kind, Start: Filed, Moves: []casework.Move{
		{Name: "accept", From: []casework.State{Filed}, To: Verifying},
		{Name: "refuse", From: []casework.State{Filed}, To: Refused},
		{Name: "ask", From: verifying, To: Supplement},
		{Name: "supply", From: []casework.State{Supplement}, To: Verifying},
		{Name: "consult", From: verifying, To: Verifying},
		{Name: "extend", From: verifying, To: Verifying},
		{Name: "correct", From: accepted, To: Corrected},
		{Name: "uphold", From: accepted, To: Upheld},
		{Name: "withdraw", From: []casework.State{Filed, Verifying, Supplement}, To: Withdrawn},
	}}
}

// accepted tells that the matter is marked as disputed.
func accepted(s casework.State) bool { return s == Verifying || s == Supplement }

// Ground is what an objection says is wrong.
type Ground string

// The grounds.
const (
	Content     Ground = "content"     // 内容
	Attribution Ground = "attribution" // 归属
	Period      Ground = "period"      // 期限
	Result      Ground = "result"      // 修复或办理结果
)

var groundNames = map[Ground]string{Content: "内容有误", Attribution: "不是本主体的事项", Period: "公示期限有误", Result: "修复或办理结果有误"}

// Grounds lists them in the order of the form.
func Grounds() []Ground { return []Ground{Content, Attribution, Period, Result} }

// Chinese is the ground in words.
func (g Ground) Chinese() string { return groundNames[g] }

// Refusal is why an objection is not taken up.
type Refusal string

// The refusals.
const (
	Repeated   Refusal = "repeated"    // 无新证据重复提出
	NotSubject Refusal = "not_subject" // 不是该主体的事项
	Gone       Refusal = "gone"        // 事项已撤销或者撤回
)

var refusalNames = map[Refusal]string{Repeated: "同一事项、同一理由已有处理结果，没有提出新的证据", NotSubject: "不是该主体的事项", Gone: "该事项已经撤销或者撤回"}
var refusalNext = map[Refusal]string{Repeated: "有新的证据时，写明证据后可以再次提出；对原处理结果不服的，可以依法申请复议或者提起诉讼",
	NotSubject: "请核对事项编号，从本主体的事项中选择后提出", Gone: "该事项不再作为依据，不需要提出异议；仍能查到的，请联系信用中心"}

// Chinese is the refusal in words.
func (r Refusal) Chinese() string { return refusalNames[r] }

// Next is what the objector can do.
func (r Refusal) Next() string { return refusalNext[r] }

// Evidence is what an objector shows: a text, and which file lies with the body.
type Evidence struct {
	Text string      `json:"text"`
	File string      `json:"file,omitempty"` // name and whereabouts of a file
	On   credit.Date `json:"on"`
}

// Correction is a change of a matter that was recorded at a body's desk.
type Correction struct {
	Ref    string      `json:"ref"` // of the record in the ledger
	What   string      `json:"what"`
	Reason string      `json:"reason"`
	On     credit.Date `json:"on"`
}

// data is what a case keeps besides its state.
type data struct {
	Matter     string      `json:"matter"`
	Asker      string      `json:"asker,omitempty"` // account that objected, told of what comes of it
	Key        credit.Key  `json:"key"`             // under which the matter lies
	Kind       credit.Kind `json:"kind"`
	Name       string      `json:"name"` // of the subject when it objected
	DocNo      string      `json:"doc_no"`
	Title      string      `json:"title"`
	Authority  string      `json:"authority"`
	Organ      string      `json:"organ"`
	Domain     string      `json:"domain"`
	Decided    credit.Date `json:"decided"`
	Ground     Ground      `json:"ground"`
	Reasons    string      `json:"reasons"`
	Evidence   []Evidence  `json:"evidence,omitempty"`
	Filed      credit.Date `json:"filed"`
	Clock      limit       `json:"clock"`
	Extended   bool        `json:"extended,omitempty"`
	Refusal    Refusal     `json:"refusal,omitempty"`
	Earlier    string      `json:"earlier,omitempty"` // number of the case that an objection repeats
	Finding    string      `json:"finding,omitempty"` // reasons of the end
	Correction *Correction `json:"correction,omitempty"`
}

func dataOf(c *casework.Case) (d data, err error) { return d, json.Unmarshal(c.Data, &d) }

// Errors that a person can act on. Their text is shown.
var (
	ErrNoMatter     = errors.New("没有查到这个事项，或者它已经撤销、不是该主体的事项，请从本主体的事项中选择")
	ErrNoOrgan      = errors.New("作出认定的机关不在机关目录中，不能转送；请联系信用中心核实机关名称")
	ErrOpen         = errors.New("已就这个事项提出过异议，正在处理，请在原办件中补充")
	ErrNotYours     = errors.New("这件异议现由其他机关负责处理")
	ErrGround       = errors.New("请选择异议的理由")
	ErrReasons      = errors.New("请写明理由")
	ErrGone         = errors.New("该事项已经撤销或者撤回，请按“事项已撤销或者撤回”不予受理")
	ErrNoClock      = errors.New("本地区的规定没有这种延长，请在现有期限内处理")
	ErrExtended     = errors.New("期限已经延长过，不能再次延长")
	ErrNoCorrection = errors.New("没有查到提出异议之后对该事项的更正：请先在报送记录或者主体页面更正、撤回或者撤销，再选择这条更正记录")
	ErrRefusal      = errors.New("请选择不予受理的理由")
	ErrNotRepeated  = errors.New("没有查到同一事项、同一理由的处理结果，或者已有新的证据，不能以重复为由不予受理")
)
