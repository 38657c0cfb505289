package follow

import (
	"context"
	"crypto/cipher"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Subjects tells what is to be known of a subject, and who belongs to it.
type Subjects interface {
	Matters(ctx context.Context, key credit.Key) ([]Matter, error)
	Reports(ctx context.Context, key credit.Key) ([]Report, error)
	// Bound tells whether an account acts for a subject and is open.
	Bound(ctx context.Context, account string, key credit.Key) (bool, error)
}

// Config is what a Service is made of.
type Config struct {
	DB       *store.DB
	Outbox   func() *outbox.Outbox // asked for when it is needed: the outbox is opened with our senders
	Subjects Subjects
	Gateway  *Gateway
	Key      []byte // secret from which codes are made; nowhere else is a code kept
	Now      func() time.Time
}

// Service keeps subscriptions and messages. It is safe for concurrent use.
type Service struct {
	c    Config
	seal cipher.AEAD // for addresses

	sweeping sync.Mutex
	at       place // where the sweep goes on

	looking sync.Mutex
	ahead   *audit.Cursor        // where reading the access log goes on within a pass
	read    map[string]time.Time // entries after the kept cursor that were told, with their instants
}

// place is a subscription in the order in which they are swept.
type place struct {
	swept            int64
	subject, account string
}

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := c.DB.Migrate(ctx, "follow", files); err != nil {
		return nil, err
	}
	s := &Service{c: c, at: place{swept: -1}, read: map[string]time.Time{}}
	if s.seal, err = sealer(c.Key); err != nil {
		return nil, err
	}
	return s, s.sealAll(ctx)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

const subscriptionColumns = "subject, account, events, days, since, looked, swept"

func scanSubscriptions(rows *sql.Rows, err error) ([]Subscription, error) {
	if err != nil {
		return nil, fmt.Errorf("follow: listing subscriptions: %w", err)
	}
	defer rows.Close()
	var all []Subscription
	for rows.Next() {
		var x Subscription
		var events string
		if err := rows.Scan(&x.Subject, &x.Account, &events, &x.Days, &x.Since, &x.looked, &x.swept); err != nil {
			return nil, fmt.Errorf("follow: listing subscriptions: %w", err)
		}
		x.Events = splitEvents(events)
		all = append(all, x)
	}
	return all, rows.Err()
}

const ofSubject = "SELECT " + subscriptionColumns + " FROM follow_subscription WHERE subject = $1 ORDER BY account"

// Of returns what an account follows of a subject; ok is false when nothing.
func (s *Service) Of(ctx context.Context, subject credit.Key, account string) (x Subscription, ok bool, err error) {
	all, err := scanSubscriptions(s.c.DB.Query(ctx, "SELECT "+subscriptionColumns+" FROM follow_subscription WHERE subject = $1 AND account = $2",
		string(subject), account))
	if err != nil || len(all) == 0 {
		return x, false, err
	}
	return all[0], true, nil
}

// Subscribe begins or changes what an account follows of a subject. What is there already when an event is first
// followed is not told as new.
func (s *Service) Subscribe(ctx context.Context, x Subscription) error {
	before, _, err := s.Of(ctx, x.Subject, x.Account)
	if err != nil {
		return err
	}
	now := s.c.Now()
	x.Since = now.UnixMilli()
	if before.Since != 0 {
		x.Since = before.Since
	}
	x.looked = now.UnixMilli()
	if before.Follows(Looked) {
		x.looked = before.looked
	}
	known, err := s.known(ctx, &x, &before)
	if err != nil {
		return err
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO follow_subscription (subject, account, events, days, since, looked, swept) VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT (subject, account) DO UPDATE SET events = excluded.events, days = excluded.days, looked = excluded.looked, swept = 0`,
			string(x.Subject), x.Account, joinEvents(x.Events), int64(x.Days), x.Since, x.looked)
		if err != nil {
			return fmt.Errorf("follow: keeping a subscription: %w", err)
		}
		return tx.InsertMissing("follow_message", messageColumns, known)
	})
}

// known are the topics of newly followed events that are no news: matters and reports that are there.
func (s *Service) known(ctx context.Context, x, before *Subscription) (rows [][]any, err error) {
	fresh := Subscription{Subject: x.Subject, Account: x.Account, Since: x.Since}
	for _, e := range []Event{Added, Document} {
		if x.Follows(e) && !before.Follows(e) {
			fresh.Events = append(fresh.Events, e)
		}
	}
	if len(fresh.Events) == 0 {
		return nil, nil
	}
	notes, err := s.notes(ctx, &fresh)
	for _, n := range notes {
		rows = append(rows, s.row(x.Account, x.Subject, note{topic: n.topic}))
	}
	return rows, err
}

// notes reads the state of a subject and composes.
func (s *Service) notes(ctx context.Context, x *Subscription) ([]note, error) {
	matters, err := s.c.Subjects.Matters(ctx, x.Subject)
	if err != nil {
		return nil, err
	}
	var reports []Report
	if x.Follows(Document) {
		if reports, err = s.c.Subjects.Reports(ctx, x.Subject); err != nil {
			return nil, err
		}
	}
	return compose(x, matters, reports, s.today()), nil
}

// Unsubscribe stops at once: what waits is not sent any more.
func (s *Service) Unsubscribe(ctx context.Context, subject credit.Key, account string) error {
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM follow_subscription WHERE subject = $1 AND account = $2", string(subject), account); err != nil {
			return fmt.Errorf("follow: ending a subscription: %w", err)
		}
		return s.c.Outbox().Cancel(tx, subject, person(account))
	})
}

// person is the outbox's target of an account.
func person(account string) string { return "person:" + account }

var messageColumns = []string{"recipient", "topic", "id", "subject", "kind", "link", "day", "at", "seen"}

func (s *Service) row(recipient string, subject credit.Key, n note) []any {
	now := s.c.Now().UnixMilli()
	return []any{recipient, string(subject) + " " + n.topic, newID(now), string(subject), n.kind, n.link, int64(n.day), now, int64(0)}
}

// body is what the outbox carries: nothing of the subject.
type body struct {
	Kind string `json:"kind"`
}

// tell writes notes that were not told yet, and what is to be sent of them.
func (s *Service) tell(tx *store.Tx, x *Subscription, notes []note) error {
	for _, n := range notes {
		row := s.row(x.Account, x.Subject, n)
		fresh, err := tx.Exec(`INSERT INTO follow_message (recipient, topic, id, subject, kind, link, day, at, seen)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`, row...)
		if err != nil {
			return fmt.Errorf("follow: writing a message: %w", err)
		}
		if fresh == 0 {
			continue
		}
		text, err := json.Marshal(body{n.kind})
		if err != nil {
			return err
		}
		if err := s.c.Outbox().Put(tx, outbox.Message{Subject: x.Subject, Target: person(x.Account), Topic: n.topic, Version: 1, Body: string(text)}); err != nil {
			return err
		}
	}
	return nil
}

// stillBound tells whether a subscriber acts for the subject; one that no longer does stops following.
func (s *Service) stillBound(ctx context.Context, x *Subscription) (bool, error) {
	yes, err := s.c.Subjects.Bound(ctx, x.Account, x.Subject)
	if err == nil && !yes {
		err = s.Unsubscribe(ctx, x.Subject, x.Account)
	}
	return yes, err
}

var errNoEvent = errors.New("请至少选择一项要接收的消息")

// check tells what is wrong with a subscription that somebody asks for.
func (s *Subscription) check() error {
	for _, e := range s.Events {
		if !slices.Contains(Events(), e) {
			return errNoEvent
		}
	}
	if len(s.Events) == 0 {
		return errNoEvent
	}
	return nil
}
