package page

import (
	"fmt"
	"strconv"
)

// Tones of badges and alerts: what they mean, not a colour.
const (
	Good    = "good"    // 正常、有效
	Notice  = "notice"  // 需要留意
	Bad     = "bad"     // 失败、失效
	Neutral = "neutral" // 其他
	Info    = "info"    // 说明
)

// Badge is a short state (状态标签). Text is shown as it is; the tone is never the only sign.
type Badge struct{ Tone, Text string }

// Alert is a message at the head of a page (提示条). Texts are shown as they are.
type Alert struct{ Tone, Title, Text string }

// Stat is a figure with its title (数字卡片).
type Stat struct{ Title, Figure, Note string }

// Empty is what a list shows when there is nothing in it, and what to do about that (空状态).
type Empty struct{ Title, Text string }

// Next leads to the next page of a list that is paged by key (下一页); an empty address shows nothing.
type Next struct{ Href string }

// Progress is work under way (进度条).
type Progress struct {
	Label       string
	Done, Total int64
}

// Percent is the share done, from 0 to 100.
func (p Progress) Percent() int {
	if p.Total <= 0 {
		return 0
	}
	return int(min(100, max(0, p.Done*100/p.Total)))
}

func newProgress(label string, done, total any) (Progress, error) {
	d, err1 := strconv.ParseInt(fmt.Sprint(done), 10, 64)
	t, err2 := strconv.ParseInt(fmt.Sprint(total), 10, 64)
	if err1 != nil || err2 != nil {
		return Progress{}, fmt.Errorf("page: progress of %T and %T", done, total)
	}
	return Progress{label, d, t}, nil
}

// Step is one step of a procedure (步骤条).
type Step struct {
	Title         string
	Done, Current bool
}

// steps marks the steps before current (from 1) as done.
func steps(current int, titles []string) []Step {
	list := make([]Step, len(titles))
	for i, t := range titles {
		list[i] = Step{t, i+1 < current, i+1 == current}
	}
	return list
}

// Confirm asks before something that cannot be undone (确认): a post form that opens in place. Labels are
// shown as they are; Values are sent along.
type Confirm struct {
	Action, Label, Question string
	Values                  []Option
}

func newConfirm(action, label, question string, pairs ...string) (Confirm, error) {
	c := Confirm{Action: action, Label: label, Question: question}
	if len(pairs)%2 != 0 {
		return c, fmt.Errorf("page: confirm wants pairs of name and value, got %d values", len(pairs))
	}
	for i := 0; i < len(pairs); i += 2 {
		c.Values = append(c.Values, Option{Value: pairs[i+1], Label: pairs[i]})
	}
	return c, nil
}
