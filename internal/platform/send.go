package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// Waits before a matter that disagrees is sent again: the first, twice as long each time, at most the last.
const (
	firstWait = 2 * time.Second
	lastWait  = time.Hour
)

func wait(tries int64) time.Duration { return min(lastWait, firstWait<<min(max(tries-1, 0), 20)) }

// errOther is a platform's plain no to one matter: the platform works, the matter does not agree.
var errOther = errors.New("对方不予办理")

// Send tells a platform and reads its page back; it is the sender of the messages of [Scheme]. A platform that does not answer
// as it must is at fault itself and rests. One that answers, but whose page disagrees, is asked again about this matter later,
// and the others go on.
func (s *Service) Send(ctx context.Context, m outbox.Message) error {
	id := strings.TrimPrefix(m.Target, Scheme+":")
	t, err := s.target(ctx, id)
	if errors.Is(err, ErrNoTarget) || err == nil && t.Closed {
		return fmt.Errorf("%w：平台已停用", outbox.ErrUnwanted)
	}
	if err != nil {
		return err
	}
	x, err := s.Of(ctx, m.Subject, m.Topic, id)
	if err != nil {
		return err
	}
	if messageVersion(&x) != m.Version {
		return fmt.Errorf("%w：已有更新的状态", outbox.ErrUnwanted)
	}
	p, err := pushOf(s.c.Origin, &t, &x)
	if err != nil {
		return err
	}
	return s.deliver(ctx, &t, &x, &p)
}

func (s *Service) deliver(ctx context.Context, t *Target, x *Shown, p *Push) error {
	ev := event{what: agrees, version: x.Version}
	err := s.push(ctx, t, p)
	if err == nil {
		ev, err = s.look(ctx, t, x, p)
	}
	switch {
	case errors.Is(err, errOther):
		ev.what, ev.text = differs, err.Error()
	case err != nil:
		_, noted := s.apply(context.WithoutCancel(ctx), x, event{what: silent, version: x.Version, text: err.Error()})
		return errors.Join(err, noted)
	}
	came, err := s.apply(ctx, x, ev)
	if err == nil && ev.what == differs && came.Version == x.Version {
		return outbox.Later{Until: s.c.Now().Add(wait(came.Tries))}
	}
	return err
}

func pushOf(origin string, t *Target, x *Shown) (p Push, err error) {
	if err := json.Unmarshal([]byte(x.body), &p.Effect); err != nil {
		return p, fmt.Errorf("platform: reading an effect: %w", err)
	}
	if p.Matter, err = credit.ParseMatterID(x.Matter); err != nil {
		return p, err
	}
	p.Key = fmt.Sprintf("%s-%s-%d-%d", t.ID, x.Matter, x.Version, x.Round)
	p.Code, p.ID, p.Manner, p.Origin = x.Subject.Code(), x.Matter, t.Manner, origin
	return p, nil
}

// push hands an effect over. The answer must name the attempt and accept it.
func (s *Service) push(ctx context.Context, t *Target, p *Push) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	a, err := s.call(ctx, t, http.MethodPost, t.Push, p.Key, body)
	if err != nil {
		return err
	}
	var r Receipt
	if json.Unmarshal(a.body, &r) != nil || r.Key != p.Key {
		return fmt.Errorf("答复无法识别（状态%d）", a.status)
	}
	if a.status >= 300 || !r.Accepted {
		return fmt.Errorf("%w：%s", errOther, r.Reason)
	}
	return nil
}

// Of is how a matter stands on a platform; [ErrNotShown] when it was never told of it.
func (s *Service) Of(ctx context.Context, subject credit.Key, matter, target string) (Shown, error) {
	return scanShown(s.c.DB.QueryRow(ctx, "SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 AND target = $3", string(subject), matter, target))
}

// OfMatter lists how a matter stands on all platforms, by their ID.
func (s *Service) OfMatter(ctx context.Context, subject credit.Key, matter credit.MatterID) ([]Shown, error) {
	return listShown(s.c.DB.Query(ctx, "SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 ORDER BY target", string(subject), matter.String()))
}

// apply lets an event happen to a matter on a platform and returns how it stands then.
func (s *Service) apply(ctx context.Context, x *Shown, e event) (came Shown, err error) {
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		came, err = s.happen(tx, x, e)
		return err
	})
	s.c.Outbox.Wake()
	return came, err
}

// happen is apply in a transaction. What begins a new round is sent again.
func (s *Service) happen(tx *store.Tx, x *Shown, e event) (Shown, error) {
	was, err := scanShown(tx.QueryRow("SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 AND target = $3", string(x.Subject), x.Matter, x.Target))
	if err != nil {
		return was, err
	}
	if e.what == differs && was.State == Confirmed {
		if e.due, e.provisional, err = s.newDay(tx, syncDays); err != nil {
			return was, err
		}
	}
	e.at = s.now()
	came, changed := next(was, e)
	if !changed {
		return came, nil
	}
	if err := keep(tx, &came); err != nil {
		return came, err
	}
	if came.Round != was.Round {
		if err := s.send(tx, &came); err != nil {
			return came, err
		}
	}
	if came.State != was.State && s.c.Changed != nil {
		return came, s.c.Changed(tx, came)
	}
	return came, nil
}
