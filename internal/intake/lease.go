package intake

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"xinban/internal/store"
)

// A load is run by one process. It holds the load by a lease that it renews; a lease that ran out is
// anybody's. So that a process that was killed need not be waited for, its name is also a locked file
// beside the verdicts: the system takes the lock away with the process.
const (
	leaseTime  = 30 * time.Second
	leaseRenew = 5 * time.Second
)

// owner is the name of this process among those that run loads.
type owner struct {
	mu   sync.Mutex
	dir  string
	name string
	file *os.File
}

// token names the process, and locks the name when it is first asked for.
func (o *owner) token() (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file != nil {
		return o.name, nil
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return "", fmt.Errorf("intake: making the folder of owners: %w", err)
	}
	name := rand.Text()
	f, err := os.Create(filepath.Join(o.dir, "."+name))
	if err != nil {
		return "", fmt.Errorf("intake: naming the owner of loads: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(o.dir, name)) // under this name it is never without its lock
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("intake: naming the owner of loads: %w", err), f.Close())
	}
	o.name, o.file = name, f
	return name, nil
}

// is tells whether a name is this process's.
func (o *owner) is(name string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.file != nil && o.name == name
}

// drop gives the name up.
func (o *owner) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		return
	}
	_ = os.Remove(filepath.Join(o.dir, o.name)) // a left file is without its lock
	_ = o.file.Close()
	o.file = nil
}

// dead tells that a process of this folder is gone. Of a process elsewhere only its lease tells.
func (o *owner) dead(name string) bool {
	f, err := os.Open(filepath.Join(o.dir, filepath.Base(name)))
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// sweepOwners deletes the names of processes that are gone and of whose loads none is left running.
func (s *Service) sweepOwners(ctx context.Context) error {
	list, err := os.ReadDir(s.owner.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("intake: sweeping the owners of loads: %w", err)
	}
	for _, e := range list {
		if strings.HasPrefix(e.Name(), ".") || !s.owner.dead(e.Name()) { // with a dot it is being made
			continue
		}
		var n int64
		if err := s.db.QueryRow(ctx, "SELECT COUNT(*) FROM intake_load WHERE state = 'running' AND owner = $1", e.Name()).Scan(&n); err != nil {
			return fmt.Errorf("intake: looking for the loads of an owner: %w", err)
		}
		if n == 0 {
			_ = os.Remove(filepath.Join(s.owner.dir, e.Name())) // else the next start does
		}
	}
	return nil
}

// heldElsewhere tells whether another process runs a load.
func (s *Service) heldElsewhere(name string, leased int64) bool {
	return !s.owner.is(name) && name != "" && time.Now().UnixMilli() < leased && !s.owner.dead(name)
}

// holder is the process that a load names, and until when.
type holder struct {
	name   string
	leased int64
}

const holderQuery = "SELECT owner, leased FROM intake_load WHERE id = $1"

// holder reads who holds a load; busy when it runs, here or elsewhere.
func (s *Service) holder(row interface{ Scan(...any) error }) (h holder, busy bool, err error) {
	if err := row.Scan(&h.name, &h.leased); err != nil {
		return h, false, fmt.Errorf("intake: reading who runs a load: %w", err)
	}
	return h, s.heldElsewhere(h.name, h.leased) || s.owner.is(h.name) && time.Now().UnixMilli() < h.leased, nil
}

// take makes this process the owner of a load, unless another one is. [ErrLoading] says so.
func (s *Service) take(tx *store.Tx, load int64, token string) error {
	h, _, err := s.holder(tx.QueryRow(holderQuery, load))
	if err != nil {
		return err
	}
	if s.heldElsewhere(h.name, h.leased) {
		return ErrLoading
	}
	n, err := tx.Exec("UPDATE intake_load SET state = 'running', error = '', owner = $1, leased = $2 WHERE id = $3 AND owner = $4 AND leased = $5",
		token, leaseEnd(), load, h.name, h.leased)
	if err == nil && n == 0 { // somebody was faster
		err = store.ErrConflict
	}
	return err
}

func leaseEnd() int64 { return time.Now().Add(leaseTime).UnixMilli() }

// lease is the hold on a load while it runs here.
type lease struct {
	s     *Service
	load  int64
	token string
	lost  context.Context // ends when another process took the load
	quit  func()
	ended chan struct{}
}

// hold renews the lease of a load until it is released.
func (s *Service) hold(load int64, token string) *lease {
	ctx, quit := context.WithCancel(context.Background())
	lost, lose := context.WithCancel(context.Background())
	l := &lease{s: s, load: load, token: token, lost: lost, quit: quit, ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		tick := time.NewTicker(leaseRenew)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if mine, err := l.renew(ctx, leaseEnd()); err == nil && !mine { // an error is tried again
				lose()
				return
			}
		}
	}()
	return l
}

func (l *lease) renew(ctx context.Context, until int64) (mine bool, err error) {
	err = l.s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec("UPDATE intake_load SET leased = $1 WHERE id = $2 AND owner = $3 AND state = 'running'", until, l.load, l.token)
		mine = n > 0
		return err
	})
	return mine, err
}

// release lets another process take the load at once.
func (l *lease) release() {
	l.quit()
	<-l.ended
	_, _ = l.renew(context.Background(), 0) // else it runs out by itself
}
