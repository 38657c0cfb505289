package demo

import (
	"strconv"

	"xinban/internal/credit"
)

// A severity is what a penalty shall be like, so that each state of a report occurs.
type severity uint8

const (
	ordinaryFine severity = iota // 普通程序，罚款等
	warningOnly                  // 普通程序，仅警告或者通报批评
	summary                      // 简易程序
	grave                        // 责令停产停业、暂扣或吊销许可证件、百万元以上罚款
)

// penaltyText is one penalty in words. Its slices are reused by the next call of compose.
type penaltyText struct {
	offence     *offence
	facts       []byte // 违法事实
	basis       []byte // 处罚依据
	content     []byte // 处罚内容
	kinds       credit.PenaltyKinds
	procedure   credit.Procedure
	fine        credit.Fen
	confiscated credit.Fen
	// pattern tells which sentences the facts are made of, whatever words and numbers fill them.
	pattern uint64
}

// compose writes a penalty of the given severity. findings is how many further findings the facts
// tell: none for a case decided on the spot, a dozen for a thick file.
func (t *penaltyText) compose(r *random, s *scene, o *offence, sev severity, findings int) {
	l := &texts().common
	t.offence, t.pattern = o, uint64(o.fineLow)<<20^uint64(len(o.Behaviour))
	t.impose(r, o, sev)
	t.facts = t.facts[:0]
	if sev != summary {
		t.facts = t.sentence(t.facts, l.Openings, r, s)
	}
	t.facts = t.sentence(t.facts, o.core, r, s)
	t.facts = t.walk(t.facts, l.Findings, findings, r, s)
	if sev != summary {
		t.facts = t.sentence(t.facts, l.Evidence, r, s)
	}
	t.facts = t.walk(t.facts, l.Hearing, findings/4, r, s)
	t.basis = t.sentence(appendBasis(t.basis[:0], o), l.Discretion, r, s)
	t.content = t.appendContent(t.content[:0], r, s)
}

// walk writes n different sentences of a list: it begins anywhere and its step shares no factor with
// the lengths of the lists.
func (t *penaltyText) walk(dst []byte, from []template, n int, r *random, s *scene) []byte {
	i, step := r.below(len(from)), pick(r, walkSteps)
	for range min(n, len(from)) {
		dst = from[i].appendTo(dst, r, s)
		t.pattern = mix(t.pattern ^ uint64(i))
		i = (i + step) % len(from)
	}
	return dst
}

var walkSteps = []int{1, 5, 7, 11, 13}

func (t *penaltyText) sentence(dst []byte, from []template, r *random, s *scene) []byte {
	i := r.below(len(from))
	t.pattern = mix(t.pattern ^ uint64(i+100))
	return from[i].appendTo(dst, r, s)
}

func appendBasis(dst []byte, o *offence) []byte {
	dst = append(dst, "当事人的行为违反了《"...)
	dst = append(dst, o.Law...)
	dst = append(dst, "》有关规定，依据《中华人民共和国行政处罚法》和《"...)
	dst = append(dst, o.Law...)
	return append(dst, "》有关罚则，参照《岚海省行政处罚裁量基准（演示）》，决定处罚。"...)
}

// impose chooses kinds, procedure and amounts.
func (t *penaltyText) impose(r *random, o *offence, sev severity) {
	t.kinds, t.fine, t.confiscated, t.procedure = 0, 0, 0, credit.ProcedureOrdinary
	switch sev {
	case warningOnly:
		t.kinds = credit.PenaltySet(pick(r, []credit.PenaltyKind{credit.Warning, credit.Warning, credit.Warning, credit.PublicCriticism}))
		return
	case summary:
		t.procedure = credit.ProcedureSimple
		if r.below(3) == 0 {
			t.kinds = credit.PenaltySet(credit.Warning)
			return
		}
		t.kinds = credit.PenaltySet(credit.Fine)
		t.fine = credit.Fen(r.between(1, 30)) * 100 * credit.Yuan
		return
	case grave:
		t.kinds = credit.PenaltySet(credit.Fine, pick(r, []credit.PenaltyKind{credit.SuspendProduction, credit.SuspendLicence, credit.RevokeLicence, credit.LowerQualification}))
		t.fine = credit.Fen(max(r.between(o.fineLow, o.fineHi), 20000)) * 2 * credit.Yuan
	default:
		t.kinds = credit.PenaltySet(credit.Fine)
		t.fine = round(r.between(o.fineLow, o.fineHi))
		for _, k := range o.kinds {
			if k != credit.SuspendProduction && k != credit.SuspendLicence && r.below(3) == 0 {
				t.kinds |= credit.PenaltySet(k)
			}
		}
	}
	if t.kinds.Has(credit.ConfiscateGains) || t.kinds.Has(credit.ConfiscateProperty) {
		t.confiscated = credit.Fen(r.between(800, 98000))*credit.Yuan + credit.Fen(r.below(100))
	}
}

// round gives a fine the shape that people decide: hundreds, or thousands from ten thousand on.
func round(yuan int) credit.Fen {
	step := 100
	if yuan >= 10000 {
		step = 1000
	}
	return credit.Fen(yuan/step*step) * credit.Yuan
}

func (t *penaltyText) appendContent(dst []byte, r *random, s *scene) []byte {
	l := &texts().common
	n := byte('1')
	item := func() {
		dst = append(dst, n, '.')
		n++
	}
	if t.procedure == credit.ProcedureOrdinary {
		item()
		dst = t.sentence(dst, l.Orders, r, s)
	}
	for _, k := range t.kinds.List() {
		item()
		switch k {
		case credit.Fine:
			dst = append(dst, "处罚款人民币"...)
			dst = appendYuan(dst, t.fine)
			dst = append(dst, "元（"...)
			dst = appendCapital(dst, t.fine)
			dst = append(dst, "）；"...)
		case credit.ConfiscateGains, credit.ConfiscateProperty:
			dst = append(dst, k.Chinese()...)
			dst = append(dst, "人民币"...)
			dst = appendYuan(dst, t.confiscated)
			dst = append(dst, "元；"...)
		case credit.SuspendLicence, credit.RevokeLicence:
			dst = append(dst, k.Chinese()...)
			dst = append(dst, "（证照编号"...)
			dst = appendBatch(dst, r.next())
			dst = append(dst, "）；"...)
		default:
			dst = append(dst, k.Chinese()...)
			dst = append(dst, "；"...)
		}
	}
	return t.sentence(dst, l.Payment, r, s)
}

// appendYuan writes an amount in yuan, without decimals when it has none.
func appendYuan(dst []byte, f credit.Fen) []byte {
	dst = strconv.AppendInt(dst, int64(f/credit.Yuan), 10)
	if fen := f % credit.Yuan; fen != 0 {
		dst = append(dst, '.', byte('0'+fen/10), byte('0'+fen%10))
	}
	return dst
}

var (
	capitalDigits = []string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	capitalPlaces = []string{"", "拾", "佰", "仟"}
)

// appendCapital writes whole yuan in the numerals of documents (大写): 12,000 yuan is 壹万贰仟元整.
func appendCapital(dst []byte, f credit.Fen) []byte {
	yuan := int(f / credit.Yuan)
	if wan := yuan / 10000; wan > 0 {
		dst = append(appendCapital4(dst, wan), "万"...)
		if yuan %= 10000; yuan > 0 && yuan < 1000 {
			dst = append(dst, "零"...)
		}
	}
	return append(appendCapital4(dst, yuan), "元整"...)
}

func appendCapital4(dst []byte, n int) []byte {
	zero, begun := false, false
	for place := 3; place >= 0; place-- {
		d := n
		for range place {
			d /= 10
		}
		d %= 10
		if d == 0 {
			zero = begun
			continue
		}
		if zero {
			dst = append(dst, "零"...)
		}
		dst = append(append(dst, capitalDigits[d]...), capitalPlaces[place]...)
		zero, begun = false, true
	}
	return dst
}
