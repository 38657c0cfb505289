package intake

import (
	"context"
	"sync"
)

// lane lets the loads of files follow one another in their order: a file is read and prepared while the one
// before it is written. A load that needs what the one before it leaves waits for its end.
type lane struct {
	reading, writing chan struct{} // full while a load reads, or writes

	mu   sync.Mutex
	last *loading // that took the writing last
}

func newLane() *lane {
	return &lane{reading: make(chan struct{}, 1), writing: make(chan struct{}, 1)}
}

// place is a load's place in a lane; one that was typed has none and waits for nobody.
type place struct {
	lane           *lane
	reads, writes  bool
	writingStarted chan struct{}
}

// enterLane waits until the load may be read.
func (j *loading) enterLane(ctx context.Context, l *lane) error {
	j.place = place{lane: l, writingStarted: make(chan struct{})}
	if !send(ctx, l.reading, struct{}{}) {
		return ctx.Err()
	}
	j.place.reads = true
	l.mu.Lock()
	wait := l.last != nil && j.needs(l.last)
	l.mu.Unlock()
	if wait {
		return j.mayWrite(ctx)
	}
	return nil
}

// needs tells whether a load waits for the end of another before it is read: a feed's files speak of the
// same matters, and a mended file of rows that another holds.
func (j *loading) needs(before *loading) bool { return j.load.Source == before.load.Source }

// mayWrite waits until the loads before this one are written.
func (j *loading) mayWrite(ctx context.Context) error {
	p := &j.place
	if p.lane == nil || p.writes {
		return nil
	}
	if !send(ctx, p.lane.writing, struct{}{}) {
		return ctx.Err()
	}
	p.writes = true
	p.lane.mu.Lock()
	p.lane.last = j
	p.lane.mu.Unlock()
	close(p.writingStarted)
	return nil
}

// wasRead lets the next file be read. It keeps its place behind this one, which has begun to be written.
func (j *loading) wasRead(ctx context.Context) {
	p := &j.place
	if p.lane == nil {
		return
	}
	select {
	case <-p.writingStarted:
		p.reads = false
		<-p.lane.reading
	case <-ctx.Done(): // leaveLane does it
	}
}

// leaveLane gives back what the load holds.
func (j *loading) leaveLane() {
	p := &j.place
	if p.writes {
		p.lane.mu.Lock()
		if p.lane.last == j {
			p.lane.last = nil
		}
		p.lane.mu.Unlock()
		<-p.lane.writing
	}
	if p.reads {
		<-p.lane.reading
	}
	j.place = place{}
}
