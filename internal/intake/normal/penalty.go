package normal

import (
	"strings"

	"xinban/internal/credit"
)

// penaltyWords are the names of the kinds in use, the code list 01-14 first. Longer names stand
// before those they contain, since the list is also searched inside of longer text.
var penaltyWords = []struct {
	word string
	kind credit.PenaltyKind
}{
	{"限制开展生产经营活动", credit.RestrictBusiness},
	{"限制开展经营活动", credit.RestrictBusiness},
	{"限制生产经营活动", credit.RestrictBusiness},
	{"没收违法所得", credit.ConfiscateGains},
	{"没收非法所得", credit.ConfiscateGains},
	{"没收非法财物", credit.ConfiscateProperty},
	{"没收违法财物", credit.ConfiscateProperty},
	{"责令停产停业", credit.SuspendProduction},
	{"停产停业", credit.SuspendProduction},
	{"责令停业整顿", credit.SuspendProduction},
	{"责令停止建设", credit.OtherPenalty},
	{"吊销许可证件", credit.RevokeLicence},
	{"吊销许可证", credit.RevokeLicence},
	{"吊销营业执照", credit.RevokeLicence},
	{"吊销执照", credit.RevokeLicence},
	{"吊销", credit.RevokeLicence},
	{"暂扣许可证件", credit.SuspendLicence},
	{"暂扣许可证", credit.SuspendLicence},
	{"暂扣执照", credit.SuspendLicence},
	{"暂扣", credit.SuspendLicence},
	{"降低资质等级", credit.LowerQualification},
	{"降低资质", credit.LowerQualification},
	{"行政拘留", credit.Detention},
	{"拘留", credit.Detention},
	{"通报批评", credit.PublicCriticism},
	{"限制从业", credit.RestrictEmployment},
	{"责令关闭", credit.OrderClosure},
	{"警告", credit.Warning},
	{"罚款", credit.Fine},
}

// penaltyTokens finds a kind by a whole word or code.
var penaltyTokens = func() map[string]credit.PenaltyKind {
	all := map[string]credit.PenaltyKind{"其他": credit.OtherPenalty, "其它": credit.OtherPenalty, "其他行政处罚": credit.OtherPenalty,
		"法律、行政法规规定的其他行政处罚": credit.OtherPenalty}
	for _, w := range penaltyWords {
		all[w.word] = w.kind
	}
	for k := credit.Warning; k <= credit.OrderClosure; k++ {
		all[k.Chinese()] = k
		all[k.Code()] = k
		all[strings.TrimPrefix(k.Code(), "0")] = k
	}
	return all
}()

// kindsRead is what a cell of penalty kinds says.
type kindsRead struct {
	kinds   credit.PenaltyKinds
	unknown string // first word that names no kind
	guessed string // first word in which a kind was found by searching
	differs string // first word whose code and name differ
}

// parsePenalties reads one or several kinds: 罚款、没收违法所得 / 罚款;警告 / 02,03 / 01警告|02罚款.
func parsePenalties(s string) (r kindsRead) {
	if k, ok := penaltyTokens[s]; ok {
		r.kinds = credit.PenaltySet(k)
		return r
	}
	for len(s) > 0 {
		token := s
		if i := strings.IndexAny(s, "、，,;；|/+&\n\r\t "); i >= 0 {
			token = s[:i]
			_, size := runeAt(s, i)
			s = s[i+size:]
		} else {
			s = ""
		}
		if token != "" {
			r.add(token)
		}
	}
	return r
}

func (r *kindsRead) add(token string) {
	token = strings.Trim(token, "。.()（）[]【】")
	if k, ok := penaltyTokens[token]; ok {
		r.kinds |= credit.PenaltySet(k)
		return
	}
	code, name := splitCode(token)
	if code != "" {
		if k, ok := penaltyTokens[name]; ok {
			r.kinds |= credit.PenaltySet(k)
			if penaltyTokens[code] != k && r.differs == "" {
				r.differs = token
			}
			return
		}
	}
	if strings.HasPrefix(name, "其他") || strings.HasPrefix(name, "其它") {
		r.kinds |= credit.PenaltySet(credit.OtherPenalty)
		return
	}
	if found := search(token); found != 0 {
		r.kinds |= found
		if r.guessed == "" {
			r.guessed = token
		}
		return
	}
	if token == "" || absent(token) {
		return
	}
	r.kinds |= credit.PenaltySet(credit.OtherPenalty)
	if r.unknown == "" {
		r.unknown = token
	}
}

// splitCode takes a leading code apart from a name: 02罚款, 02-罚款, 02:罚款.
func splitCode(s string) (code, name string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], strings.TrimLeft(s[i:], "-_:：.—")
}

// search finds the kinds that a longer text names.
func search(s string) (found credit.PenaltyKinds) {
	for _, w := range penaltyWords {
		if strings.Contains(s, w.word) {
			found |= credit.PenaltySet(w.kind)
			s = strings.ReplaceAll(s, w.word, "")
		}
	}
	return found
}

func parseProcedure(s string) credit.Procedure {
	switch s {
	case "简易程序", "简易", "01", "1", "当场处罚", "01简易程序", "01-简易程序", "1-简易程序":
		return credit.ProcedureSimple
	case "普通程序", "一般程序", "普通", "一般", "02", "2", "02一般程序", "02普通程序", "02-一般程序", "02-普通程序", "2-普通程序":
		return credit.ProcedureOrdinary
	}
	return credit.ProcedureUnknown
}

func parseClass(s string) credit.SubjectClass {
	switch s {
	case "法人及非法人组织", "法人和非法人组织", "法人", "非法人组织", "法人或其他组织", "法人及其他组织", "企业", "企业法人", "单位", "组织", "机构", "法人组织", "事业单位", "社会组织", "农民专业合作社":
		return credit.Organisation
	case "自然人", "个人", "公民":
		return credit.NaturalPerson
	case "个体工商户", "个体户", "个体":
		return credit.IndividualTrader
	}
	return credit.ClassUnknown
}

// parseClaim reads 当前状态 and 公示状态, as code or word.
func parseClaim(s string) (credit.ClaimedState, bool) {
	switch s {
	case "0", "00", "正常", "有效", "0正常", "0-正常", "公示", "公示中":
		return credit.ClaimNormal, true
	case "1", "01", "撤销", "已撤销", "1撤销", "1-撤销":
		return credit.ClaimAnnulled, true
	case "2", "02", "异议", "异议中", "2异议", "2-异议":
		return credit.ClaimDisputed, true
	case "3", "03", "其他", "其它", "3其他", "3-其他":
		return credit.ClaimOther, true
	}
	return credit.ClaimOther, false
}

// parsePublicState reads 公示状态. It speaks of publicity alone: that publicity was withdrawn (撤销公示)
// or deleted says nothing of the decision, which stands.
func parsePublicState(s string) (credit.ClaimedState, bool) {
	switch s {
	case "撤销公示", "已撤销公示", "2", "02", "删除", "已删除", "2删除", "2-删除", "停止公示", "已停止公示":
		return credit.ClaimOther, true
	}
	c, known := parseClaim(s)
	if c == credit.ClaimAnnulled {
		c = credit.ClaimOther
	}
	return c, known
}
