package follow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// Send hands a message to the address of an account: the sender of the outbox for targets "person:ACCOUNT". Who has
// stopped following, or has confirmed no address, is sent nothing.
func (s *Service) Send(ctx context.Context, m outbox.Message) error {
	account := strings.TrimPrefix(m.Target, person(""))
	var b body
	if err := json.Unmarshal([]byte(m.Body), &b); err != nil {
		return fmt.Errorf("%w：消息内容无法读取", outbox.ErrRefused)
	}
	to, err := s.address(ctx, account)
	if err != nil {
		return err
	}
	if b.Kind == kindCode {
		if to.Asked != m.Version || to.Confirmed != 0 { // another address was entered since, or it is confirmed
			return nil
		}
		return s.c.Gateway.Send(ctx, Text{id(&m), to.Address, "验证码 " + s.code(account, &to) + "，用于确认接收信用消息，10分钟内有效。如非本人操作请忽略。"})
	}
	wants, err := s.wants(ctx, &m, account, b.Kind)
	if err != nil || !wants || to.Confirmed == 0 {
		return err
	}
	if until, yes := quiet(s.c.Now()); yes && canWait(b.Kind) {
		return outbox.Later{Until: until}
	}
	said, ok := words[b.Kind]
	if !ok {
		return fmt.Errorf("%w：没有“%s”这种消息", outbox.ErrRefused, b.Kind)
	}
	by, err := s.c.Gateway.send(ctx, Text{id(&m), to.Address, said + where})
	if err != nil {
		return err
	}
	return s.taken(ctx, sent{id: id(&m), account: account, kind: b.Kind}, by)
}

// wants tells whether an account is to be sent a message: one that follows, or one that asked and still acts for the
// subject.
func (s *Service) wants(ctx context.Context, m *outbox.Message, account, kind string) (yes bool, err error) {
	if kind == kindAnswer || kind == kindLate {
		return s.c.Subjects.Bound(ctx, account, m.Subject)
	}
	_, yes, err = s.Of(ctx, m.Subject, account)
	return yes, err
}

// id names a message for providers, telling nothing of it.
func id(m *outbox.Message) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(m.Subject), m.Target, m.Topic, fmt.Sprint(m.Version)}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// DeliverDesk puts a message before the clerks of an organ: the sender of the outbox for targets "desk:organ:CODE".
func (s *Service) DeliverDesk(ctx context.Context, m outbox.Message) error {
	var b struct {
		Kind, Link string
		Day        credit.Date
	}
	if err := json.Unmarshal([]byte(m.Body), &b); err != nil {
		return fmt.Errorf("%w：消息内容无法读取", outbox.ErrRefused)
	}
	row := s.row(strings.TrimPrefix(m.Target, "desk:"), m.Subject, note{topic: m.Topic, kind: b.Kind, link: b.Link, day: b.Day})
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error { return tx.InsertMissing("follow_message", messageColumns, [][]any{row}) })
}
