package intake

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
	sums "xinban/internal/tally"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Organs resolves the deciding organ and the list of a row, so that name, code, alias and old name lead to
// one matter.
type Organs interface {
	// Organ returns the identifier of the organ with a name or code on a day; ok is false when the
	// register does not know it.
	Organ(name, code string, on credit.Date) (id string, ok bool)
	// Area is the administrative code of the organ with a code, empty when the register does not tell it.
	Area(code string) string
	// List returns the identifier of the list of a kind that has a name or alias, or that an entry without
	// a name stands on; ok is false when the rules do not know it.
	List(kind credit.Kind, name string) (id string, ok bool)
	// Domains is the domain of a record, followed by the others to which it may belong.
	Domains(r *credit.Record) []string
	// FindDomain finds a domain by its identifier, name or alias.
	FindDomain(name string) (id string, ok bool)
}

// Clocks are the time limits for a decision's way to the platform.
type Clocks interface {
	// Limits returns the limits in force on a day.
	Limits(on credit.Date) (Limits, error)
}

// Limits tells by which days a decision must be published and must have arrived: 0 where there is no
// limit or its day is not final, as past the last published calendar.
type Limits func(decided credit.Date) (publish, arrive credit.Date)

// Service is the intake of one store. It is safe for concurrent use; loads of one file exclude each other.
type Service struct {
	db      *store.DB
	ledger  *ledger.Ledger
	organs  Organs
	clocks  Clocks
	now     func() time.Time
	dir     string // verdict files
	runRows int

	inbox *inbox
	owner owner          // of the loads that run in this process
	tasks sync.WaitGroup // loads in the background

	mu       sync.Mutex
	loading  map[string]bool // files being loaded in this process
	progress map[int64]Progress
	states   stateCache
}

// Config is what a Service is made of.
type Config struct {
	Ledger  *ledger.Ledger
	Organs  Organs
	Clocks  Clocks
	Now     func() time.Time
	Dir     string // folder for verdict files, made when absent
	RunRows int    // rows sorted together, 0 for the default; fewer take less memory and load slower
}

// DefaultRunRows is about 700 MB of packed rows while one run is sorted and the next is read. Large
// runs cost memory and save writing: each run rewrites about every page of a large store once.
const DefaultRunRows = 1_000_000

// firstRunRows is the least rows of a file's first run, small so that writing begins while the file is
// still read; each further run is twice as large until they are all as large as allowed. A run writes a
// page for nearly each of its subjects, so in a large store a small run costs a page a row: the first is
// then as large as the store has pages.
const firstRunRows = 32_000

func (s *Service) firstRun() int {
	return min(max(firstRunRows, 2*int(s.db.Pages())), s.runRows)
}

// New brings the tables up to date and returns the service.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := c.Ledger.DB().Migrate(ctx, "intake", files); err != nil {
		return nil, err
	}
	if _, err := sums.New(ctx, c.Ledger.DB()); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("intake: making the folder of verdict files: %w", err)
	}
	if c.RunRows == 0 {
		c.RunRows = DefaultRunRows
	}
	box, err := newInbox(filepath.Join(c.Dir, "inbox"))
	if err != nil {
		return nil, err
	}
	s := &Service{inbox: box, progress: map[int64]Progress{}, db: c.Ledger.DB(), ledger: c.Ledger, organs: c.Organs, clocks: c.Clocks, now: c.Now, dir: c.Dir,
		runRows: c.RunRows, loading: map[string]bool{}, owner: owner{dir: filepath.Join(c.Dir, "owners")}}
	_, err = s.AddSource(ctx, Source{Code: Local, Name: "本机试用来源", Trial: true})
	return s, err
}

// today is the civil date of intake.
func (s *Service) today() credit.Date { return credit.DateOf(s.now()) }

// VerdictFile is the path of the verdict file of a load.
func (s *Service) VerdictFile(load int64) string {
	return filepath.Join(s.dir, fmt.Sprintf("load-%d.csv", load))
}
