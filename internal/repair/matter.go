package repair

import (
	"context"
	"errors"

	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
)

// Matter is a matter of a subject with what the rules on repair say of it today.
type Matter struct {
	ID         string
	Lies       credit.Key // under which its facts lie
	Seen       int64      // the last fact of Lies that the answer rests on
	Kind       credit.Kind
	DocNo      string
	Title      string
	Authority  string
	Organ      string // identifier in the register, empty when it is not there
	Domain     string
	DomainName string
	Decided    credit.Date
	Content    string
	Fine       *credit.Fen
	Disputed   bool
	Open       string // number of the item that is open for it, empty for none
	Answer     law.RepairAnswer
}

// Blocked are the reasons for which a matter cannot be asked for today: what is a plain no. What is unknown, such as whether
// duties are performed, is for the body to look into.
func (m *Matter) Blocked() (all []decision.Reason) {
	for _, r := range m.Answer.Decision.Reasons {
		if r.Outcome == decision.No {
			all = append(all, r)
		}
	}
	return all
}

// Missing are the reasons that are not yet known, with how to supply them.
func (m *Matter) Missing() (all []decision.Reason) {
	for _, r := range m.Answer.Decision.Reasons {
		if r.Outcome == decision.Unknown {
			all = append(all, r)
		}
	}
	return all
}

// Can tells that it may be asked for today.
func (m *Matter) Can() bool { return len(m.Blocked()) == 0 && !m.Disputed && m.Open == "" }

// Matters tells of a subject's matters that can be repaired at all, with the subject's name.
type Matters interface {
	Repairable(ctx context.Context, subject credit.Key) (all []Matter, name string, err error)
}

// Errors that a person can act on. Their text is shown.
var (
	ErrNoCase     = errors.New("没有查到这件信用修复：请核对编号")
	ErrNone       = errors.New("请至少勾选一项要修复的信息")
	ErrMany       = errors.New("一次最多申请200项：请分几次提交，各次分别得到查询码")
	ErrNotYours   = errors.New("所选信息不在该主体名下，或者不属于可以修复的失信信息；请刷新页面后从列表中选择")
	ErrDisputed   = errors.New("所选信息有异议正在处理，请在异议办结后申请")
	ErrTwice      = errors.New("所选信息已有修复申请正在办理，不需要重复申请；请在“我的申请”中查看进度")
	ErrForbidden  = errors.New("该事项由认定机关或者其职责承继机关办理，本单位不能办理")
	ErrGone       = errors.New("该信息已不在该主体名下或者已经撤销、修复，不需要再办理")
	ErrRefusal    = errors.New("请选择不予修复的理由")
	ErrExtended   = errors.New("已经延长过一次，不能再次延长")
	errMovedOn    = errors.New("repair: facts came in between")
	ErrUnverified = errors.New("请先核实失信行为已纠正、义务已履行完毕，并写明核实的方式")
)

// NotNow says that a matter cannot be asked for today, with the reasons.
type NotNow struct {
	DocNo   string
	Reasons []decision.Reason
}

func (e *NotNow) Error() string {
	text := "“" + e.DocNo + "”现在不能申请："
	for i, r := range e.Reasons {
		if i > 0 {
			text += "；"
		}
		text += r.Condition + "：" + r.Outcome.Chinese()
		if r.Value != "" {
			text += "（" + r.Value + "）"
		}
		if r.WouldChange != "" {
			text += "，" + r.WouldChange
		}
	}
	return text
}
