package group

import "xinban/internal/casework"

// Kinds of cases.
const (
	Kind       = "group"
	MemberKind = "group-member"
)

// States of a request.
const (
	Running casework.State = "running" // 出具中
	Done    casework.State = "done"    // 已完成
)

// States of a member.
const (
	Waiting   casework.State = "waiting"   // 等待出具
	Issued    casework.State = "issued"    // 已出具
	Refused   casework.State = "refused"   // 未出具
	Unknown   casework.State = "unknown"   // 未查到
	Outside   casework.State = "outside"   // 省外主体
	Failed    casework.State = "failed"    // 出具失败
	Cancelled casework.State = "cancelled" // 已取消; of a request too
)

// Desks at which the program's own work waits: requests at one, the members of each request at one of their own, so that
// no request waits for all members of another. Members that failed once lie at one desk for all, also when their request was
// cancelled meanwhile.
const (
	desk       = "machine:group"
	memberDesk = "machine:group-member"
)

func desksOf(group string) string { return memberDesk + ":" + group }

// Machines are the state machines of a request and of its members.
func Machines() []*casework.Machine {
	from := func(s casework.State) []casework.State { return []casework.State{s} }
	return []*casework.Machine{
		{Kind: Kind, Start: Running, Moves: []casework.Move{
			{Name: "finish", From: from(Running), To: Done},
			{Name: "cancel", From: from(Running), To: Cancelled}}},
		{Kind: MemberKind, Start: Waiting, Moves: []casework.Move{
			{Name: "retry", From: from(Waiting), To: Waiting},
			{Name: "issue", From: from(Waiting), To: Issued},
			{Name: "refuse", From: from(Waiting), To: Refused},
			{Name: "unknown", From: from(Waiting), To: Unknown},
			{Name: "outside", From: from(Waiting), To: Outside},
			{Name: "fail", From: from(Waiting), To: Failed},
			{Name: "cancel", From: from(Waiting), To: Cancelled}}},
	}
}

// moves lead to the states that a member has before any work.
var moves = map[casework.State]string{Refused: "refuse", Unknown: "unknown", Outside: "outside"}
