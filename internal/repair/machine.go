package repair

import "xinban/internal/casework"

// Kinds of cases.
const (
	Kind     = "repair"      // an application
	ItemKind = "repair_item" // one of its matters
)

// The states of an application.
const (
	Open  casework.State = "open"  // 办理中
	Ended casework.State = "ended" // 已办结
)

// The states of an item.
const (
	Forwarded    casework.State = "forwarded"    // 待受理
	Supplement   casework.State = "supplement"   // 待补正
	Review       casework.State = "review"       // 审核中
	Consultation casework.State = "consultation" // 会商中
	Visit        casework.State = "visit"        // 实地核查中
	Granted      casework.State = "granted"      // 已修复
	Refused      casework.State = "refused"      // 不予修复
	Declined     casework.State = "declined"     // 不予受理
	Withdrawn    casework.State = "withdrawn"    // 已撤回
	Lapsed       casework.State = "lapsed"       // 逾期未补正
	Moot         casework.State = "moot"         // 无需修复
)

// Machines are the machine of an application and that of an item.
func Machines() []*casework.Machine {
	one := func(s ...casework.State) []casework.State { return s }
	open := one(Forwarded, Supplement, Review, Consultation, Visit)
	return []*casework.Machine{
		{Kind: Kind, Start: Open, Moves: []casework.Move{{Name: "end", From: one(Open), To: Ended}}},
		{Kind: ItemKind, Start: Forwarded, Moves: []casework.Move{
			{Name: "accept", From: one(Forwarded), To: Review},
			{Name: "decline", From: one(Forwarded), To: Declined},
			{Name: "ask", From: one(Forwarded), To: Supplement},
			{Name: "supply", From: one(Supplement), To: Forwarded},
			{Name: "lapse", From: one(Supplement), To: Lapsed},
			{Name: "consult", From: one(Review), To: Consultation},
			{Name: "visit", From: one(Review), To: Visit},
			{Name: "resume", From: one(Consultation, Visit), To: Review},
			{Name: "extend", From: one(Review), To: Review},
			{Name: "grant", From: one(Review), To: Granted},
			{Name: "refuse", From: one(Review), To: Refused},
			{Name: "withdraw", From: open, To: Withdrawn},
			{Name: "moot", From: open, To: Moot},
		}},
	}
}
