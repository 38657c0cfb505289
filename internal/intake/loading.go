package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// loading is one load as it runs: a reader, workers that normalise and pack, and a merger that
// writes one run while the next is read.
//
//	reader ─► chunks ─► workers ─► collector (file order) ─► run ─► merger ─► verdicts
type loading struct {
	s        *Service
	load     Load
	lease    *lease
	file     *read.File
	layout   *normal.Layout
	layoutID int64
	tags     []ledger.Tag
	progress func(Progress)
	findings []FileFinding
	verdicts *verdictWriter
	late     [2]int64 // published late, arrived late
	started  time.Time
	fileErr  error // the file ended badly; rows before it count
	arrived  time.Time
	limits   Limits // in force on the day of arrival
	trial    bool   // the source answers for the domains of which it sends rows
	snapshot bool   // of a list; who is absent is proposed for removal
	part     bool   // typed or mended rows: the list goes on beyond them
	refs     int    // column of references into quarantine, -1 when the file is no mended quarantine file
	counts   tally
	met      ledger.Met // matters met in unchanged rows

	answered   map[credit.Key]bool // of which it was answered whose they are
	answeredTo int64               // the last such answer read, UTC ms

	pace  pace
	place place // among the loads of files

	mu   sync.Mutex
	seen map[string]bool // domains of the rows
}

// chunkRows is how many rows a worker takes at once.
const chunkRows = 256

// headRows is how many rows are read first, to learn the columns and train the dictionary.
const headRows = 6000

// chunk is a piece of the file; out keeps the file's order.
type chunk struct {
	rows []read.Row
	out  chan []prepared
}

func (j *loading) run(ctx context.Context) (Result, error) {
	j.started = time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(j.lease.lost, func() { cancel(ErrLoading) })()
	err := j.stream(ctx)
	if err == nil && j.fileErr == nil {
		err = j.finish(ctx)
	}
	if j.lease.lost.Err() != nil { // the verdicts are the other process's to write
		return Result{j.load, j.findings}, errors.Join(ErrLoading, j.verdicts.discard())
	}
	if j.verdicts != nil {
		err = errors.Join(err, j.verdicts.close())
	}
	if ctx.Err() != nil { // stopped: the load stays running and the next send takes it up
		return Result{j.load, j.findings}, ctx.Err()
	}
	err = roomless(errors.Join(err, j.fileErr))
	if err != nil {
		j.load.Error = err.Error()
	}
	j.load.Encoding = j.file.Encoding()
	if end := j.s.end(ctx, j); end != nil {
		err = roomless(errors.Join(err, end))
	}
	return Result{j.load, j.findings}, err
}

// ErrRoom says that the disk is full and what to do.
var ErrRoom = errors.New("磁盘已满，装入中断，已写入的行不会丢失：请腾出空间后再次报送同一文件，将接着装入")

// roomless puts what to do before an error that comes from a full disk.
func roomless(err error) error {
	if errors.Is(err, ErrRoom) || !errors.Is(err, store.ErrDiskFull) && !errors.Is(err, syscall.ENOSPC) {
		return err
	}
	return fmt.Errorf("%w（%w）", ErrRoom, err)
}

func (j *loading) sawDomains(seen map[string]bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for d := range seen {
		j.seen[d] = true
	}
}

// stream reads the file to its end, run by run.
func (j *loading) stream(ctx context.Context) (err error) {
	if j.layoutID, err = j.s.ledger.Layout(ctx, j.file.Header()); err != nil {
		return err
	}
	if j.verdicts, err = newVerdictWriter(j.s.VerdictFile(j.load.ID), j.lease.token); err != nil {
		return err
	}
	head, more := j.readRows(headRows)
	if err := j.learn(ctx, head); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	ordered, work, runs := make(chan *chunk, 4*workers), make(chan *chunk, 4*workers), make(chan *run)
	g.Go(func() error {
		defer close(ordered)
		defer close(work)
		for len(head) > 0 || more {
			if len(head) == 0 {
				head, more = j.readRows(chunkRows)
				continue
			}
			n := min(chunkRows, len(head))
			c := &chunk{head[:n], make(chan []prepared, 1)}
			head = head[n:]
			if !send(ctx, ordered, c) || !send(ctx, work, c) {
				return ctx.Err()
			}
		}
		return nil
	})
	for range workers {
		g.Go(func() error { return j.work(ctx, work) })
	}
	g.Go(func() error {
		defer close(runs)
		if err := j.collect(ctx, ordered, runs); err != nil {
			return err
		}
		j.wasRead(ctx)
		return nil
	})
	g.Go(func() error {
		if err := j.mayWrite(ctx); err != nil {
			return err
		}
		for r := range runs {
			if err := j.merge(ctx, r); err != nil {
				return err
			}
			if err := j.follow(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

// readRows reads up to n rows; more is false at the end of the file, also a bad one.
func (j *loading) readRows(n int) (rows []read.Row, more bool) {
	rows = make([]read.Row, 0, n)
	defer func() { j.readOn(len(rows)) }()
	for len(rows) < n {
		var r read.Row
		if err := j.file.Next(&r); err != nil {
			if !errors.Is(err, io.EOF) {
				j.fileErr = err
			}
			return rows, false
		}
		rows = append(rows, r)
	}
	return rows, true
}

// collect puts the chunks together in file order and hands on a run when it is full.
func (j *loading) collect(ctx context.Context, ordered <-chan *chunk, runs chan<- *run) error {
	r, limit := newRun(1), j.s.firstRun()
	for c := range ordered {
		select {
		case rows := <-c.out:
			r.add(rows)
		case <-ctx.Done():
			return ctx.Err()
		}
		if r.size() >= limit {
			if !send(ctx, runs, r) {
				return ctx.Err()
			}
			r, limit = newRun(r.next()), min(2*limit, j.s.runRows)
		}
	}
	if r.size() > 0 && !send(ctx, runs, r) {
		return ctx.Err()
	}
	return nil
}

func (j *loading) note(f FileFinding) {
	if len(j.findings) < maxFindings {
		j.findings = append(j.findings, f)
	}
}
