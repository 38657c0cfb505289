package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"xinban/internal/store"
)

// inbox keeps files that were sent in until each row has its verdict, and runs their loads one after
// another in the background. A file lies under its SHA-256, so an unfinished load finds it again after
// a restart.
type inbox struct {
	dir  string
	base context.Context // ends when the service stops
	stop context.CancelFunc
	slot chan struct{}
}

// spoolLife is how long the file of a load that failed is kept for another try.
const spoolLife = 14 * 24 * time.Hour

func newInbox(dir string) (inbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return inbox{}, fmt.Errorf("intake: making the inbox: %w", err)
	}
	base, stop := context.WithCancel(context.Background())
	return inbox{dir: dir, base: base, stop: stop, slot: make(chan struct{}, 1)}, nil
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
	sp.Path = s.spoolPath(sp.SHA256)
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
	info, err := os.Stat(s.spoolPath(sha))
	if err != nil {
		return sp, false
	}
	return Spooled{sha, s.spoolPath(sha), info.Size()}, true
}

func (s *Service) spoolPath(sha string) string { return filepath.Join(s.inbox.dir, sha) }

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
	job, err := s.enter(ctx, r)
	if err != nil {
		return Load{}, err
	}
	s.start(job, r.Path)
	return job.load, nil
}

func (s *Service) start(job *loading, path string) {
	s.tasks.Add(1)
	s.setProgress(Progress{Load: job.load.ID, Size: job.file.Size()})
	job.progress = s.setProgress
	go func() {
		defer s.tasks.Done()
		defer s.dropProgress(job.load.ID)
		defer job.leave()
		select {
		case s.inbox.slot <- struct{}{}:
			defer func() { <-s.inbox.slot }()
		case <-s.inbox.base.Done():
			return
		}
		r, err := job.run(s.inbox.base)
		if err == nil && r.State == Done {
			_ = os.Remove(path) // each row is in the ledger or in quarantine, sealed; a left file is swept later
		}
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

// Resume takes up the loads that a stop or a kill cut off and whose files are in the inbox, and sweeps
// files that nobody waits for. Call it once when the program starts.
func (s *Service) Resume(ctx context.Context) error {
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
		if _, ok := s.Waiting(l.SHA256); ok {
			if _, err := s.Retry(ctx, l); err != nil {
				errs = append(errs, s.giveUp(ctx, l, err))
			}
		}
	}
	return errors.Join(append(errs, s.sweep(), s.sweepOwners(ctx))...)
}

// giveUp closes a load that cannot go on, with the reason; it may be taken up again by hand.
func (s *Service) giveUp(ctx context.Context, l Load, why error) error {
	if errors.Is(why, ErrLoading) || ctx.Err() != nil {
		return ctx.Err()
	}
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE intake_load SET state = 'failed', ended = $1, error = $2 WHERE id = $3 AND state = 'running'",
			s.now().UnixMilli(), why.Error(), l.ID)
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
		Arrived: time.UnixMilli(l.Started), Shrink: "继续未完成的批次", Part: l.Name == FormLoad})
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
			err = os.Remove(filepath.Join(s.inbox.dir, e.Name()))
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
	s.tasks.Wait()
	s.owner.drop()
}

// Wait waits until no load runs in the background.
func (s *Service) Wait() { s.tasks.Wait() }

// Discard deletes a file of the inbox that is of no use, unless a load of the same bytes runs.
func (s *Service) Discard(sp Spooled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.loading {
		if strings.HasPrefix(name, sp.SHA256) {
			return
		}
	}
	_ = os.Remove(sp.Path) // a left file is swept later
}
