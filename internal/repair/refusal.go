package repair

// Refusal is a structured reason for an end without repair.
type Refusal struct {
	Code string
	Text string
	Next string // what the subject can do
}

// refusals are the reasons a body chooses from, in the order of the form. The codes are ours.
var refusals = []Refusal{
	{"DUTY_NOT_PERFORMED", "决定载明的义务尚未履行完毕", "履行完毕后重新申请"},
	{"PROOF_MISSING", "没有义务履行完毕的证明，系统内也查不到", "补充缴款凭证、整改验收等证明后重新申请"},
	{"PROOF_UNREADABLE", "提交的证明无法辨认", "重新提交清晰的证明"},
	{"MIN_PERIOD_NOT_REACHED", "最短公示期未满", "期满后重新申请"},
	{"RESTRICTION_STILL_RUNNING", "限制期限未满", "限制期满后重新申请"},
	{"EXPRESSLY_NOT_REPAIRABLE", "法律、法规或者政策文件明确规定不可修复", "到期自动停止公示"},
	{"WRONG_BODY", "不是本机关认定的信息", "由信用中心核实认定机关后转送"},
	{"RECORD_NOT_FOUND", "没有查到这项认定", "核对文书号后提出异议或者重新申请"},
	{"COMMITMENT_MISSING", "信用承诺不完整", "重新作出信用承诺"},
	{"OTHER", "其他（在说明中写明）", "按说明办理"},
}

// Refusals lists the reasons a body chooses from.
func Refusals() []Refusal { return refusals }

func refusalOf(code string) (Refusal, bool) {
	for _, r := range refusals {
		if r.Code == code {
			return r, true
		}
	}
	return Refusal{}, false
}
