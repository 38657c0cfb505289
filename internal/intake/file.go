package intake

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
)

// Request is one file to load.
type Request struct {
	Path   string
	Name   string      // as the sender named it; empty for the name in Path
	Source string      // code of the source
	Kind   credit.Kind // 0 to tell by the headings
	By     string      // login of the sender
	// Arrived is when the file came in, for files taken in later than that; zero for now.
	Arrived time.Time
	// SHA256 of the file where the caller knows it; empty to compute it.
	SHA256 string
	// Shrink is why a snapshot may be much smaller than the list on record; empty stops such a file.
	Shrink string
	// Part tells that the rows were typed or pasted: they are no whole list, whatever the feed sends otherwise. A
	// mended quarantine file is known by its column of references.
	Part bool
	// Progress is told of bytes read out of size as the load goes; nil for nobody.
	Progress func(Progress)
}

// FileFinding is one thing to tell of a file or of a row in it.
type FileFinding struct {
	Row     int64  `json:"row"` // from 1, 0 for the file itself
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
	Block   bool   `json:"-"`
}

// Result is what became of a file.
type Result struct {
	Load
	// Findings are those on the file and the first on rows; the verdict file holds all.
	Findings []FileFinding
}

// maxFindings bounds the findings that a Result carries.
const maxFindings = 1000

// LoadFile brings one file in. A fault of the file is returned as an error after all rows before it
// got their verdicts; sending the mended file again changes nothing that is in already.
func (s *Service) LoadFile(ctx context.Context, r Request) (Result, error) {
	job, err := s.enter(ctx, r)
	if err != nil {
		return Result{}, roomless(err)
	}
	defer job.leave()
	return job.run(ctx)
}

// LoadFiles brings files in, one after another: each is read while the one before it is written. done is told of each in
// its order. No file is begun after ctx has ended, whose error is then returned; of those nothing is told.
func (s *Service) LoadFiles(ctx context.Context, files []Request, done func(i int, r Result, err error)) (stopped error) {
	l, before := newLane(), make(chan struct{})
	close(before)
	for i, r := range files {
		if stopped = ctx.Err(); stopped != nil {
			break
		}
		if i > 0 && r.Source == files[i-1].Source {
			<-before // the list it is compared with
		}
		job, err := s.enter(ctx, r)
		if errors.Is(err, ErrLoading) { // perhaps the same bytes of another source
			<-before
			job, err = s.enter(ctx, r)
		}
		if err == nil {
			err = job.enterLane(ctx, l)
		}
		last, over := before, make(chan struct{})
		before = over
		go func() {
			defer close(over)
			var res Result
			if err == nil {
				res, err = job.run(ctx)
			}
			if job != nil {
				job.leaveLane()
				job.leave()
			}
			<-last
			done(i, res, roomless(err))
		}()
	}
	<-before
	return stopped
}

// enter opens a file and registers its load; nothing is read beyond the headings. leave the job when it is over.
func (s *Service) enter(ctx context.Context, r Request) (_ *loading, err error) {
	src, err := s.SourceByCode(ctx, r.Source)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(r.Path); err != nil {
		return nil, fmt.Errorf("打不开文件%s：%w", r.Path, err)
	} else if info.IsDir() {
		return nil, fmt.Errorf("%s是文件夹，请给出其中的文件", r.Path)
	}
	f, err := read.Open(r.Path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	layout, kind, notes, err := mapColumns(f.Header(), r.Kind)
	if err != nil {
		return nil, err
	}
	arrived := r.Arrived
	if arrived.IsZero() {
		arrived = s.now()
	}
	layout.Today = credit.DateOf(arrived)
	feed, err := s.feed(ctx, src, kind)
	if err != nil {
		return nil, err
	}
	part := r.Part || refColumn(f.Header()) >= 0
	if !part {
		if err := s.checkShrink(ctx, feed, r); err != nil {
			return nil, err
		}
	}
	limits, err := s.clocks.Limits(layout.Today)
	if err != nil {
		return nil, err
	}
	digest := r.SHA256
	if digest == "" {
		if digest, err = fileDigest(r.Path); err != nil {
			return nil, err
		}
	}
	if !s.lock(digest + kind.String()) {
		return nil, ErrLoading
	}
	defer func() {
		if err != nil {
			s.unlock(digest + kind.String())
		}
	}()
	token, err := s.owner.token()
	if err != nil {
		return nil, err
	}
	name := r.Name
	if name == "" {
		name = filepath.Base(r.Path)
	}
	l, err := s.begin(ctx, token, Load{Source: src.ID, Kind: kind, Name: name, SHA256: digest, Encoding: f.Encoding(),
		State: Running, Started: arrived.UnixMilli(), By: r.By})
	if err != nil {
		return nil, err
	}
	job := &loading{s: s, load: l, lease: s.hold(l.ID, token), file: f, layout: layout, progress: r.Progress, arrived: arrived, limits: limits, snapshot: feed.Snapshot, part: part,
		trial: src.Trial, seen: map[string]bool{}, refs: refColumn(f.Header())}
	for _, n := range f.Findings() {
		job.note(FileFinding{Code: n.Code, Message: n.Message(), Fix: n.Fix()})
	}
	for _, n := range notes {
		job.note(FileFinding{Field: n.Field, Code: n.Code, Message: n.Message, Fix: n.Fix})
	}
	return job, nil
}

// leave closes the file and lets it be sent again.
func (j *loading) leave() {
	_ = j.file.Close() // it was read to its end or will be read again
	j.lease.release()
	j.s.unlock(j.load.SHA256 + j.load.Kind.String())
}

// ErrLoading says that the same file is on its way in.
var ErrLoading = errors.New("同一文件正在装入，请等它结束后查看结果")

func mapColumns(header []string, kind credit.Kind) (*normal.Layout, credit.Kind, []normal.Finding, error) {
	if kind == 0 {
		guess, ok := normal.Guess(header)
		if !ok {
			return nil, 0, nil, errors.New("从表头看不出是哪一类信息：请用 --kind 指明，例如 --kind penalty（行政处罚）")
		}
		kind = guess
	}
	layout, notes, err := normal.Map(header, kind)
	return layout, kind, notes, err
}

func (s *Service) lock(file string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loading[file] {
		return false
	}
	s.loading[file] = true
	return true
}

func (s *Service) unlock(file string) {
	s.mu.Lock()
	delete(s.loading, file)
	s.mu.Unlock()
}
