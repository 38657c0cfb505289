package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// walLimit is the size in bytes of the write-ahead log at which bulk work waits for a checkpoint.
const walLimit = 512 << 20

// groupLimit is how many service transactions share one flush.
const groupLimit = 64

var errClosed = errors.New("store: closed")

// writer is the only one that writes an SQLite file. Service jobs go first and share a flush; bulk
// jobs run one at a time in the gaps.
type writer struct {
	db      *sql.DB
	path    string
	service chan *job
	bulk    chan *job
	quit    chan struct{}
	ended   chan struct{} // closed when no job will be taken any more
	done    sync.WaitGroup
	walFull atomic.Bool
	ready   chan struct{} // told when a checkpoint has ended

	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	full  bool // synchronous=FULL is set
}

type job struct {
	ctx context.Context
	fn  func(*Tx) error
	err chan error
}

func newWriter(db *sql.DB, path string) *writer {
	w := &writer{db: db, path: path, service: make(chan *job), bulk: make(chan *job, 1),
		quit: make(chan struct{}), ended: make(chan struct{}), ready: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}, full: true}
	w.done.Add(2)
	go w.run()
	go w.checkpoints()
	return w
}

func (w *writer) do(ctx context.Context, fn func(*Tx) error, bulk bool) error {
	queue := w.service
	if bulk {
		queue = w.bulk
	}
	return w.start(ctx, fn, queue)()
}

// start puts a job into a queue; the function waits for its end.
func (w *writer) start(ctx context.Context, fn func(*Tx) error, queue chan<- *job) (wait func() error) {
	j := &job{ctx, fn, make(chan error, 1)}
	select {
	case queue <- j:
		return func() error { return w.result(j) }
	case <-ctx.Done():
		return ctx.Err
	case <-w.quit:
		return func() error { return errClosed }
	}
}

// result waits for a job; one that still stood in its queue when the writer stopped was not run.
func (w *writer) result(j *job) error {
	select {
	case err := <-j.err:
		return err
	case <-w.ended:
	}
	select {
	case err := <-j.err:
		return err
	default:
		return errClosed
	}
}

func (w *writer) close() {
	close(w.quit)
	w.done.Wait()
	for _, st := range w.stmts {
		st.Close()
	}
	if w.conn != nil {
		w.conn.Close()
	}
}

func (w *writer) run() {
	defer w.done.Done()
	defer close(w.ended)
	for {
		select {
		case j := <-w.service:
			w.group(j)
			continue
		case <-w.quit:
			return
		default:
		}
		bulk := w.bulk
		if w.walFull.Load() {
			bulk = nil
		}
		select {
		case j := <-w.service:
			w.group(j)
		case j := <-bulk:
			j.err <- w.one(j, false)
		case <-w.ready:
		case <-w.quit:
			return
		}
	}
}

// group commits j and the service jobs waiting behind it with one flush.
func (w *writer) group(first *job) {
	jobs := []*job{first}
collect:
	for len(jobs) < groupLimit {
		select {
		case j := <-w.service:
			jobs = append(jobs, j)
		default:
			break collect
		}
	}
	if len(jobs) == 1 {
		first.err <- w.one(first, true)
		return
	}
	w.many(jobs)
}

func (w *writer) many(jobs []*job) {
	errs := make([]error, len(jobs))
	whole := w.begin(true)
	for i, j := range jobs {
		if whole != nil {
			break
		}
		if errs[i] = j.ctx.Err(); errs[i] != nil {
			continue
		}
		if whole = w.exec("SAVEPOINT job"); whole != nil {
			break
		}
		errs[i] = w.call(j)
		switch {
		case errs[i] == nil:
			whole = w.exec("RELEASE job")
		default:
			if undo := w.exec("ROLLBACK TO job; RELEASE job"); undo != nil {
				whole = fmt.Errorf("%w (while undoing: %w)", errs[i], undo)
			}
		}
	}
	if whole == nil {
		whole = w.exec("COMMIT")
	}
	if whole != nil {
		w.rollback()
	}
	for i, j := range jobs {
		if errs[i] == nil {
			errs[i] = whole
		}
		j.err <- errs[i]
	}
}

func (w *writer) one(j *job, full bool) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	if err := w.begin(full); err != nil {
		return err
	}
	if err := w.call(j); err != nil {
		w.rollback()
		return err
	}
	if err := w.exec("COMMIT"); err != nil {
		w.rollback()
		return err
	}
	return nil
}

// call runs the job's function; a panic in it becomes an error, because it must not stop the writer.
func (w *writer) call(j *job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("store: a transaction panicked: %v", r)
		}
	}()
	return j.fn(&Tx{ctx: context.WithoutCancel(j.ctx), engine: SQLite, conn: w.conn, stmts: w.stmts})
}

func (w *writer) begin(full bool) error {
	if w.conn == nil {
		c, err := w.db.Conn(context.Background())
		if err != nil {
			return fmt.Errorf("store: taking the writing connection: %w", translate(err))
		}
		w.conn = c
	}
	if full != w.full {
		mode := "NORMAL"
		if full {
			mode = "FULL"
		}
		if err := w.exec("PRAGMA synchronous=" + mode); err != nil {
			return err
		}
		w.full = full
	}
	return w.exec("BEGIN IMMEDIATE")
}

func (w *writer) exec(query string) error {
	_, err := w.conn.ExecContext(context.Background(), query)
	return translate(err)
}

// rollback undoes the transaction; the engine may have undone it already, as after a full disk.
func (w *writer) rollback() { _ = w.exec("ROLLBACK") }

// log tells how many bytes of the write-ahead log are in use, and of which generation the log is: its file keeps its size
// when it begins anew, and frames behind the present ones bear older salts (sqlite.org/fileformat2.html, section 4). It reads
// the log and never the index beside it: closing any file drops the locks that the process holds on it, and those of the engine
// are on the index and on the store (sqlite.org/howtocorrupt.html, section 2.2).
func (w *writer) log() (size int64, salts uint64) {
	f, err := os.Open(w.path + "-wal")
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	info, err := f.Stat()
	var head [logHead]byte
	if _, short := f.ReadAt(head[:], 0); short != nil || err != nil {
		return 0, 0
	}
	salts = binary.BigEndian.Uint64(head[16:])
	frame := frameHead + int64(binary.BigEndian.Uint32(head[8:]))
	used := sort.Search(int((info.Size()-logHead)/frame), func(i int) bool {
		var own [8]byte
		_, err := f.ReadAt(own[:], logHead+int64(i)*frame+8)
		return err != nil || binary.BigEndian.Uint64(own[:]) != salts
	})
	return int64(used) * frame, salts
}

// Bytes before the first frame of the log, and before the page of each frame.
const logHead, frameHead = 32, 24

// checkpoints moves the log into the file on a connection of its own, so that the writer never pays for it.
func (w *writer) checkpoints() {
	defer w.done.Done()
	db, err := sql.Open("sqlite", dsn(w.path, "busy_timeout(1000)"))
	if err != nil {
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	var copied uint64 // the generation of the log of which nothing is left to copy
	for {
		select {
		case <-w.quit:
			_, _ = db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
			return
		case <-tick.C:
		}
		size, salts := w.log()
		if size < walLimit/8 || salts == copied {
			continue
		}
		// Passive copying never blocks the writer, so nearly all is copied before bulk work is made to wait
		// for the short rest, after which the log begins anew in the same file.
		_, _ = db.Exec("PRAGMA wal_checkpoint(PASSIVE)")
		if size < walLimit {
			continue
		}
		_, _ = db.Exec("PRAGMA wal_checkpoint(PASSIVE)")
		w.walFull.Store(true)
		var busy, all, done int64 // a busy log is tried again
		if err := db.QueryRow("PRAGMA wal_checkpoint(RESTART)").Scan(&busy, &all, &done); err == nil && busy == 0 && all == done {
			copied = salts
		}
		if w.walFull.Swap(false) {
			select {
			case w.ready <- struct{}{}:
			default:
			}
		}
	}
}
