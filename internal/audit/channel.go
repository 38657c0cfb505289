package audit

import "slices"

// Channel is how something was asked for (渠道). The access log keeps it and the results count by it; a new way of
// asking gets a name here.
type Channel string

// The channels.
const (
	Page       Channel = "page"       // 网页
	API        Channel = "api"        // 接口
	Command    Channel = "command"    // 命令行
	Window     Channel = "window"     // 综合窗口
	Kiosk      Channel = "kiosk"      // 自助机
	Embedded   Channel = "embed"      // 嵌入页面
	Group      Channel = "group"      // 集团批量
	Authorised Channel = "authorised" // 授权查询
	Organ      Channel = "organ"      // 机关依法查询
	LiveCode   Channel = "livecode"   // 亮码
)

// Channels lists them in the order in which they are explained.
func Channels() []Channel {
	return []Channel{Page, API, Command, Window, Kiosk, Embedded, Group, Authorised, Organ, LiveCode}
}

// By is the actor with another channel: that of the service through which it asks.
func (a Actor) By(c Channel) Actor {
	a.Channel = string(c)
	return a
}

// Key is the message that names the channel; one that is not known goes under other.
func (c Channel) Key() string {
	if !slices.Contains(Channels(), c) {
		return "channel.other"
	}
	return "channel." + string(c)
}
