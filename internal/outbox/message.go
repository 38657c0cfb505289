package outbox

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"sync"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// State is where a message stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Refused State = "refused"
)

// Alarm is after how many tries without success a message is shown to the centre.
const Alarm = 5

// Message is the present state of one thing for one target.
type Message struct {
	Subject credit.Key
	Target  string // scheme and address, such as "webhook:ID" or "person:LOGIN"
	Topic   string // what it is about, such as "document:NUMBER"
	Version int64  // of the state; a target ignores one below the last
	Body    string
	State   State
	Tries   int64
	Due     int64 // UTC ms of the next try
	Written int64 // UTC ms
	Error   string
}

// Outbox keeps and sends messages. It is safe for concurrent use.
type Outbox struct {
	db      *store.DB
	now     func() time.Time
	senders map[string]Sender // by scheme of the target
	wake    chan struct{}

	mu   sync.Mutex
	busy map[string]int // messages under way, by target
}

// New brings the table up to date. senders are by the scheme of the target.
func New(ctx context.Context, db *store.DB, now func() time.Time, senders map[string]Sender) (*Outbox, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, "outbox", files); err != nil {
		return nil, err
	}
	return &Outbox{db: db, now: now, senders: senders, wake: make(chan struct{}, 1), busy: map[string]int{}}, nil
}

// Put writes a message in the caller's transaction; call [Outbox.Wake] after it has committed. One of a
// version that is not newer than what is there already changes nothing.
func (o *Outbox) Put(tx *store.Tx, m Message) error {
	now := o.now().UnixMilli()
	_, err := tx.Exec(`INSERT INTO outbox_message (subject, target, topic, version, body, state, tries, due, written, error)
		VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $7, '')
		ON CONFLICT (subject, target, topic) DO UPDATE SET version = excluded.version, body = excluded.body, state = excluded.state,
			tries = excluded.tries, due = excluded.due, written = excluded.written, error = excluded.error
		WHERE outbox_message.version < excluded.version`,
		string(m.Subject), m.Target, m.Topic, m.Version, m.Body, now, now)
	if err != nil {
		return fmt.Errorf("outbox: writing a message: %w", err)
	}
	return nil
}

const columns = "subject, target, topic, version, body, state, tries, due, written, error"

func scan(rows *sql.Rows, err error) ([]Message, error) {
	if err != nil {
		return nil, fmt.Errorf("outbox: listing messages: %w", err)
	}
	defer rows.Close()
	var all []Message
	for rows.Next() {
		var m Message
		if err := rows.Scan(&m.Subject, &m.Target, &m.Topic, &m.Version, &m.Body, &m.State, &m.Tries, &m.Due, &m.Written, &m.Error); err != nil {
			return nil, fmt.Errorf("outbox: listing messages: %w", err)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// due lists waiting messages whose time has come, the longest waiting first, after one of them (nil: from the first).
func (o *Outbox) due(ctx context.Context, after *Message, limit int) ([]Message, error) {
	if after == nil {
		after = &Message{Due: math.MinInt64}
	}
	return scan(o.db.Query(ctx, "SELECT "+columns+` FROM outbox_message WHERE state = 'waiting' AND due <= $1 AND (due, subject, target, topic) > ($2, $3, $4, $5)
		ORDER BY due, subject, target, topic LIMIT $6`, o.now().UnixMilli(), after.Due, string(after.Subject), after.Target, after.Topic, int64(limit)))
}

// Of lists the messages to a subject's targets about a topic.
func (o *Outbox) Of(ctx context.Context, subject credit.Key, target, topic string) (Message, bool, error) {
	all, err := scan(o.db.Query(ctx, "SELECT "+columns+" FROM outbox_message WHERE subject = $1 AND target = $2 AND topic = $3", string(subject), target, topic))
	if err != nil || len(all) == 0 {
		return Message{}, false, err
	}
	return all[0], true, nil
}

// Again lets a stuck message be tried at once, by a person's decision, and its target with it. One whose body is gone
// cannot be.
func (o *Outbox) Again(ctx context.Context, m *Message) error {
	err := o.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE outbox_message SET state = 'waiting', tries = 0, due = $1 WHERE subject = $2 AND target = $3 AND topic = $4 AND version = $5 AND state <> 'sent' AND body <> ''",
			o.now().UnixMilli(), string(m.Subject), m.Target, m.Topic, m.Version)
		if err != nil {
			return err
		}
		return answered(tx, m.Target)
	})
	if err != nil {
		return fmt.Errorf("outbox: trying a message again: %w", err)
	}
	o.Wake()
	return nil
}

// ErrUnwanted says that the target wants no message any more: it ends and is not stuck. Wrap it with the reason.
var ErrUnwanted = errors.New("不再需要")

// ErrRefused says that a target will never take the message; wrap it with the target's reason.
var ErrRefused = errors.New("对方拒收")
