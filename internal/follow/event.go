package follow

import (
	"slices"
	"strings"

	"xinban/internal/credit"
)

// Event is something that can be followed.
type Event string

// The events.
const (
	Added      Event = "new"        // 新增信息
	Ending     Event = "ending"     // 公示即将期满、已期满
	Repairable Event = "repairable" // 可申请信用修复
	Looked     Event = "looked"     // 被他人查看
	Document   Event = "document"   // 报告有变化、已作废
	Statement  Event = "statement"  // 情节说明已答复
)

// Events lists them in the order of the form.
func Events() []Event { return []Event{Added, Ending, Repairable, Looked, Document, Statement} }

// Kinds of notes. Most are an event; some events have several.
const (
	kindEnded     = "ended"     // publicity has ended
	kindWithdrawn = "withdrawn" // a report was withdrawn: cannot wait
	kindAnswer    = "answer"    // an answer to one's own request, told without following
	kindLate      = "late"      // no answer to one's own request
	kindSoon      = "soon"      // repair may be asked for soon
	kindObjection = "objection" // what became of one's own objection
	kindRepair    = "repair"    // what became of one's own application for repair
	kindCode      = "code"      // the code that confirms an address
)

// Subscription is what an account follows of a subject.
type Subscription struct {
	Subject credit.Key
	Account string
	Events  []Event
	Days    int   // how long before its end publicity is told to end
	Since   int64 // UTC ms
	looked  int64 // UTC ms up to which looks were told
	swept   credit.Date
}

// Follows tells whether an event is followed.
func (s *Subscription) Follows(e Event) bool { return slices.Contains(s.Events, e) }

func joinEvents(all []Event) string {
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = string(e)
	}
	return strings.Join(words, " ")
}

func splitEvents(s string) (all []Event) {
	for _, w := range strings.Fields(s) {
		all = append(all, Event(w))
	}
	return all
}

// note is one thing to tell.
type note struct {
	topic string // one thing in one version, unique for a recipient
	event Event
	kind  string
	link  string
	day   credit.Date // of what is told, 0 for none
}

// words are what a message outside the house says: that there is something, never what.
var words = map[string]string{
	string(Added):      "您关注的主体有新的信用信息",
	string(Ending):     "您关注的主体有信息即将公示期满",
	kindEnded:          "您关注的主体有信息公示期满",
	string(Repairable): "您关注的主体有信息可以申请信用修复",
	string(Looked):     "有人查看了您关注的主体的信用信息",
	string(Document):   "您关注的主体已出具的报告此后有变化",
	kindWithdrawn:      "您关注的主体有报告已作废，请勿再使用",
	string(Statement):  "您关注的主体有情节说明得到答复或者有变化",
	kindAnswer:         "您请求的情节说明有新的答复",
	kindLate:           "您请求的情节说明逾期未答复，已提请信用中心督办",
	kindSoon:           "您关注的主体有信息即将可以申请信用修复，请备好履行义务的证明",
	kindObjection:      "您提出的异议有新的进展",
	kindRepair:         "您申请的信用修复有新的进展",
}

// where follows the words of every message.
const where = "，请登录信用办事一体化平台，在“消息”中查看。"
