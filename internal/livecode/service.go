package livecode

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Reports makes what a code shows: the report of the day in an edition, made or made before.
type Reports interface {
	// It asks the domains chosen and no others. What cannot be chosen so is a *ChoiceError.
	Snapshot(ctx context.Context, key credit.Key, c Choice, who audit.Actor) (Snapshot, error)
	// InForce tells that a report was neither withdrawn nor replaced.
	InForce(ctx context.Context, key credit.Key, number string) (bool, error)
}

// Config is what a Service is made of.
type Config struct {
	DB      *store.DB
	Reports Reports
	// Name is a subject's present name, as it may be shown.
	Name func(ctx context.Context, key credit.Key) (string, error)
	// Domains lists the domains among which a subject may choose, by identifier and name.
	Domains func() [][2]string
	Base    string // address of the server that a phone opens, without a stroke at its end
	Now     func() time.Time
}

// Service makes codes and answers scans. It is safe for concurrent use.
type Service struct {
	c     Config
	db    *store.DB
	guess *brake
}

// New brings the tables up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{c, c.DB, newBrake(c.Now)}, c.DB.Migrate(ctx, "livecode", files)
}

// Purpose stands in the access log at the beginning of a showing and at each scan.
const Purpose = "亮码"

// Errors whose text is shown.
var (
	ErrOver = errors.New("这个码不存在、已过两分钟、已用完或已停止出示，请对方重新出示")
	// ErrUnknown is ErrOver for what never was a code, or was one long ago.
	ErrUnknown = fmt.Errorf("%w", ErrOver)
	ErrUses    = fmt.Errorf("可扫次数请填1至%d", Most)
	ErrFields  = errors.New("请选择要出示的内容")
	ErrShowing = errors.New("没有这次出示，请重新出示")
	ErrStopped = errors.New("这次出示已经结束，请重新出示")
)

// ChoiceError says in Chinese why a report as chosen cannot be made.
type ChoiceError struct{ Err error }

// Error is the text for the asker.
func (e *ChoiceError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *ChoiceError) Unwrap() error { return e.Err }

// Address is what the QR code says.
func (s *Service) Address(code string) string { return s.c.Base + "/c/" + code }
