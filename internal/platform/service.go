package platform

import (
	"context"
	"crypto/cipher"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/workday"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Scheme begins the target of a message to a platform; its ID follows.
const Scheme = "platform"

// The defaults of the clocks, in working days. They are settings of an office and no law.
const (
	DefaultSync  = 3
	DefaultReply = 7
)

// Config is what a Service is made of.
type Config struct {
	DB       *store.DB
	Outbox   *outbox.Outbox // takes the messages; its sender for [Scheme] is [Service.Send]
	Calendar *workday.Calendar
	Now      func() time.Time
	Key      []byte        // with which the secrets of platforms are sealed
	Client   *http.Client  // nil for one that waits [callTime] for an answer
	Pause    time.Duration // before a call that broke off is tried once more, 0 for [callPause]
	Origin   string        // our name in messages, by which an echo is known
	Rest     time.Duration // for which a page that agreed is not read again
	// Says is what the ledger says of a document of a subject.
	Says func(ctx context.Context, code, docNo string) (Said, error)
	// Repaired takes a repair that was done elsewhere. After a crash the same may come again.
	Repaired func(ctx context.Context, a Arrival) error
	// Late, if not nil, is told in the transaction of each day that passed.
	Late func(tx *store.Tx, x Shown) error
	// Changed, if not nil, is told in the transaction of each change of state that a page brought.
	Changed func(tx *store.Tx, x Shown) error
}

// Service keeps the platforms and how matters stand on them. It is safe for concurrent use.
type Service struct {
	c    Config
	seal cipher.AEAD
}

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: callTime, Transport: &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute}}
	}
	if c.Pause == 0 {
		c.Pause = callPause
	}
	if err := c.DB.Migrate(ctx, "platform", files); err != nil {
		return nil, err
	}
	seal, err := sealer(c.Key)
	return &Service{c, seal}, err
}

func (s *Service) now() int64 { return s.c.Now().UnixMilli() }

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

// What is wrong with a request.
var (
	ErrNoTarget = errors.New("没有这个平台：请核对平台编号")
	ErrNotShown = errors.New("没有这条同步记录：请核对主体、事项和平台")
)
