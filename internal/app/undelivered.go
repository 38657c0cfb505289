package app

import (
	"context"
	"errors"
	"strings"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/receive"
	"xinban/internal/undelivered"
)

// undelivered is the centre's desk for messages that did not arrive.
func (a *App) undelivered(pages *page.Renderer) *undelivered.Desk {
	return &undelivered.Desk{Outbox: a.Outbox, Pages: pages, Whom: a.targetName, About: topicName}
}

// targetName is a target of messages in words.
func (a *App) targetName(ctx context.Context, target string) (string, error) {
	scheme, rest, _ := strings.Cut(target, ":")
	switch scheme {
	case receive.Scheme:
		h, _, err := a.Receive.HookByID(ctx, rest)
		if err != nil || h.Receiver == "" {
			return "已不在册的接收地址", err
		}
		name, err := a.granteeName(ctx, h.Receiver)
		return "接收方：" + name, err
	case "desk":
		code := strings.TrimPrefix(rest, "organ:")
		for _, o := range a.Organs.All() {
			if o.ID == code || o.Code == code {
				return "部门：" + o.Name, nil
			}
		}
		return "部门：" + code, nil
	case "person":
		name, err := a.granteeName(ctx, consent.AccountGrantee(rest))
		return "用户：" + name, err
	}
	return "其他接收方", nil
}

func (a *App) granteeName(ctx context.Context, g consent.Grantee) (string, error) {
	kind, id, _ := strings.Cut(string(g), ":")
	if kind == "subject" {
		return a.shownName(ctx, credit.Key(id))
	}
	if a.accounts == nil {
		return id, nil
	}
	x, err := a.accounts.ByID(ctx, id)
	if errors.Is(err, account.ErrNoAccount) {
		return "已注销的账号", nil
	}
	return x.Name, err
}

// topics are what messages are about, by the beginning of their topic.
var topics = [][2]string{{"document:", "报告状态变化："}, {"statement", "情节说明办理提醒"}, {"objection", "异议办理提醒"}, {"code", "接收方式确认码"}}

// topicName is a topic in words.
func topicName(topic string) string {
	for _, t := range topics {
		if rest, ok := strings.CutPrefix(topic, t[0]); ok {
			if strings.HasSuffix(t[0], ":") {
				number, _, _ := strings.Cut(rest, ":")
				return t[1] + number
			}
			return t[1]
		}
	}
	return "关注提醒"
}
