package ledger

import (
	"errors"
	"runtime"
)

// openBlock is how many facts are opened at once by another goroutine; a subject with less than two
// blocks is opened by the reader alone.
const openBlock = 16

// bodyBlock is the bytes of room made at once for copies of bodies.
const bodyBlock = 16 << 10

// opener decodes the bodies of facts as they are read. The zero value is of a subject without facts.
type opener struct {
	l      *Ledger
	block  []*Fact      // read, not handed over yet
	bodies []byte       // room for copies of bodies
	blocks chan []*Fact // nil when the reader opens all
	done   chan error
}

func (l *Ledger) opener(facts int) opener {
	o := opener{l: l}
	if facts < 2*openBlock || runtime.GOMAXPROCS(0) == 1 {
		return o
	}
	o.blocks, o.done = make(chan []*Fact, facts/openBlock+1), make(chan error, 1)
	go func() { o.done <- o.all() }()
	return o
}

// one opens a fact, or hands it over with a copy of its body.
func (o *opener) one(f *Fact, body []byte) error {
	if o.blocks == nil {
		f.body = body
		err := o.l.open(f, nil)
		f.body = nil
		return err
	}
	if cap(o.bodies)-len(o.bodies) < len(body) {
		o.bodies = make([]byte, 0, max(bodyBlock, len(body)))
	}
	at := len(o.bodies)
	o.bodies = append(o.bodies, body...)
	f.body = o.bodies[at:len(o.bodies):len(o.bodies)]
	if o.block = append(o.block, f); len(o.block) == openBlock {
		o.blocks <- o.block
		o.block = make([]*Fact, 0, openBlock)
	}
	return nil
}

// wait helps with what is not opened yet and returns what went wrong.
func (o *opener) wait() error {
	if o.blocks == nil {
		return nil
	}
	o.blocks <- o.block
	close(o.blocks)
	return errors.Join(o.all(), <-o.done)
}

func (o *opener) all() error {
	for block := range o.blocks {
		for _, f := range block {
			if err := o.l.open(f, nil); err != nil {
				return err
			}
			f.body = nil
		}
	}
	return nil
}
