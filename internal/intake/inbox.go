package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"xinban/internal/store"
)

// inbox keeps files that were sent in until each row has its verdict, and runs their loads in the background, in
// their order. A file lies under its SHA-256, so an unfinished load finds it again after
// a restart, and a word of its own, so that the same bytes sent twice are two files.
type inbox struct {
	dir   string
	base  context.Context // ends when the service stops
	stop  context.CancelFunc
	lane  *lane
	watch sync.WaitGroup // who looks after the inbox

	mu   sync.Mutex
	used map[string]int // files that loads read, by path
}

// spoolLife is how long the file of a load that failed is kept for another try.
const spoolLife = 14 * 24 * time.Hour

func newInbox(dir string) (*inbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("intake: making the inbox: %w", err)
	}
	base, stop := context.WithCancel(context.Background())
	return &inbox{dir: dir, base: base, stop: stop, lane: newLane(), used: map[string]int{}}, nil
}

// Spooled is a file in the inbox.
type Spooled struct {
	SHA256 string
	Path   string
	Size   int64
}

// Spool keeps what r holds in the inbox; when it returns, the file survives a power cut.
func (s *Service) Spool(r io.Reader) (sp Spooled, err error) {
	f, err := os.CreateTemp(s.inbox.dir, "part-*")
	if err != nil {
		return sp, fmt.Errorf("intake: keeping an upload: %w", err)
	}
	defer os.Remove(f.Name()) // gone under this name when all went well
	h := sha256.New()
	sp.Size, err = io.Copy(io.MultiWriter(f, h), r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return sp, fmt.Errorf("intake: keeping an upload: %w", err)
	}
	sp.SHA256 = hex.EncodeToString(h.Sum(nil))
	sp.Path = filepath.Join(s.inbox.dir, sp.SHA256+"-"+rand.Text())
	if err := os.Rename(f.Name(), sp.Path); err != nil {
		return sp, fmt.Errorf("intake: keeping an upload: %w", err)
	}
	return sp, syncFolder(s.inbox.dir)
}

var shaForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Waiting finds a file that was kept before; ok is false when it is there no more.
func (s *Service) Waiting(sha string) (sp Spooled, ok bool) {
	if !shaForm.MatchString(sha) {
		return sp, false
	}
	for _, path := range s.inbox.files(sha) {
		if info, err := os.Stat(path); err == nil {
			return Spooled{sha, path, info.Size()}, true
		}
	}
	return sp, false
}

// files are those of the same bytes.
func (b *inbox) files(sha string) []string {
	all, _ := filepath.Glob(filepath.Join(b.dir, sha+"*")) // the pattern is well formed
	return all
}

// use notes that a load reads a file, or with -1 that it no longer does.
func (b *inbox) use(path string, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used[path] += n; b.used[path] == 0 {
		delete(b.used, path)
	}
}

// remove deletes a file unless a load reads it.
func (b *inbox) remove(path string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used[path] > 0 {
		return nil
	}
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// siblingLife is how long an upload may wait for its load while another one of the same bytes ends.
const siblingLife = time.Hour

// done deletes the file of a load that is in, and those of its earlier tries: each row is in the ledger
// or in quarantine, sealed. What cannot be deleted is swept later.
func (b *inbox) done(sp Spooled) {
	_ = b.remove(sp.Path)
	for _, path := range b.files(sp.SHA256) {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > siblingLife {
			_ = b.remove(path)
		}
	}
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("intake: opening the inbox: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// Accept takes a file of the inbox in: when it returns, file and load are durable and the rows are on
// their way in the background. What is wrong with the file as a whole is said at once.
func (s *Service) Accept(ctx context.Context, r Request) (Load, error) {
	s.inbox.use(r.Path, 1)
	job, err := s.enter(ctx, r)
	if err != nil {
		s.inbox.use(r.Path, -1)
		return Load{}, err
	}
	entered := job.load // from here on the load in the background writes job.load
	s.start(job, r.Path)
	return entered, nil
}

func (s *Service) start(job *loading, path string) {
	s.tasks.Add(1)
	s.setProgress(Progress{Load: job.load.ID, Size: job.file.Size()})
	job.progress = s.setProgress
	go func() {
		defer s.tasks.Done()
		defer s.dropProgress(job.load.ID)
		defer job.leave()
		in := false
		defer func() {
			if s.inbox.use(path, -1); in {
				s.inbox.done(Spooled{SHA256: job.load.SHA256, Path: path})
			}
		}()
		defer job.leaveLane()
		if job.enterLane(s.inbox.base, s.inbox.lane) != nil {
			return
		}
		r, err := job.run(s.inbox.base)
		in = err == nil && r.State == Done
	}()
}

func (s *Service) setProgress(p Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress[p.Load] = p
}

func (s *Service) dropProgress(load int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.progress, load)
}

// ProgressOf tells how far a load in the background is; ok is false when none of that number runs here.
func (s *Service) ProgressOf(load int64) (p Progress, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok = s.progress[load]
	return p, ok
}

// Resume takes up the loads that a stop or a kill cut off and whose files are in the inbox, closes those
// whose files are not, and sweeps files that nobody waits for: now, and from time to time until
// [Service.Stop]. Call it once when the program starts.
func (s *Service) Resume(ctx context.Context) error {
	err := s.tend(ctx)
	s.inbox.watch.Add(1)
	go func() {
		defer s.inbox.watch.Done()
		tick := time.NewTicker(2 * leaseTime)
		defer tick.Stop()
		for {
			select {
			case <-s.inbox.base.Done():
				return
			case <-tick.C:
			}
			_ = s.tend(s.inbox.base) // the next time tries again
		}
	}()
	return err
}

func (s *Service) tend(ctx context.Context) error {
	rows, err := s.db.Query(ctx, "SELECT "+loadColumns+" FROM intake_load WHERE state = 'running' ORDER BY id")
	if err != nil {
		return fmt.Errorf("intake: looking for unfinished loads: %w", err)
	}
	var loads []Load
	for rows.Next() {
		l, err := scanLoad(rows)
		if err != nil {
			rows.Close()
			return err
		}
		loads = append(loads, l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var errs []error
	for _, l := range loads {
		_, busy, err := s.holder(s.db.QueryRow(ctx, holderQuery, l.ID))
		if err != nil {
			return err
		}
		if busy {
			continue
		}
		if _, err := s.Retry(ctx, l); err != nil {
			if errors.Is(err, ErrNoSpool) {
				err = errCutOff
			}
			errs = append(errs, s.giveUp(ctx, l, err))
		}
	}
	return errors.Join(append(errs, s.sweep(), s.sweepOwners(ctx))...)
}

// errCutOff closes a load whose file was never in the inbox, such as one given on the command line.
var errCutOff = errors.New("装入中断，服务器上没有原文件：已写入的行不会丢失，请再次报送同一文件，将接着装入")

// giveUp closes a load that cannot go on and that no process runs, with the reason; it may be taken up
// again by hand.
func (s *Service) giveUp(ctx context.Context, l Load, why error) error {
	if errors.Is(why, ErrLoading) || ctx.Err() != nil {
		return ctx.Err()
	}
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		h, busy, err := s.holder(tx.QueryRow(holderQuery, l.ID))
		if err != nil || busy {
			return err
		}
		_, err = tx.Exec("UPDATE intake_load SET state = 'failed', ended = $1, error = $2 WHERE id = $3 AND state = 'running' AND owner = $4 AND leased = $5",
			s.now().UnixMilli(), why.Error(), l.ID, h.name, h.leased)
		return err
	})
	if err != nil {
		return fmt.Errorf("intake: closing load %d: %w", l.ID, err)
	}
	return nil
}

// ErrNoSpool says that the file of a load is there no more.
var ErrNoSpool = errors.New("原文件已不在服务器上，请重新上传")

// Retry takes up a load that did not end, from the file in the inbox. It keeps its number, and rows
// that are in stay in.
func (s *Service) Retry(ctx context.Context, l Load) (Load, error) {
	sp, ok := s.Waiting(l.SHA256)
	if !ok {
		return l, ErrNoSpool
	}
	src, err := s.SourceByID(ctx, l.Source)
	if err != nil {
		return l, err
	}
	return s.Accept(ctx, Request{Path: sp.Path, Name: l.Name, Source: src.Code, Kind: l.Kind, By: l.By, SHA256: l.SHA256,
		Arrived: time.UnixMilli(l.Started), Shrink: "继续未完成的批次", Part: l.Name == FormLoad || l.Name == PasteLoad})
}

// sweep deletes files that have lain too long and parts of uploads that were cut off.
func (s *Service) sweep() error {
	list, err := os.ReadDir(s.inbox.dir)
	if err != nil {
		return fmt.Errorf("intake: sweeping the inbox: %w", err)
	}
	for _, e := range list {
		info, err := e.Info()
		if err == nil && time.Since(info.ModTime()) > spoolLife {
			err = s.inbox.remove(filepath.Join(s.inbox.dir, e.Name()))
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("intake: sweeping the inbox: %w", err)
		}
	}
	return nil
}

// Stop ends the loads in the background and waits for them; Resume takes them up again.
func (s *Service) Stop() {
	s.inbox.stop()
	s.inbox.watch.Wait()
	s.tasks.Wait()
	s.owner.drop()
}

// Wait waits until no load runs in the background.
func (s *Service) Wait() { s.tasks.Wait() }

// Discard deletes a file of the inbox that is of no use, unless a load reads it.
func (s *Service) Discard(sp Spooled) {
	_ = s.inbox.remove(sp.Path) // a left file is swept later
}
