package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/credit"
)

// Op is what a fact is.
type Op int64

// The operations.
const (
	OpAssertion Op = 1
	OpEvent     Op = 2
)

// Fact is one entry of a subject's sequence.
type Fact struct {
	Subject   credit.Key
	Seq       int64
	Op        Op
	Kind      credit.Kind
	Matter    credit.MatterID // zero for events of the subject itself
	Source    int64           // who sent it; 0 for the system
	Load      int64           // in which load; 0 for a form or an event
	Row       int64           // in which row of the load, from 1
	Effective credit.Date     // decision date of an assertion, effective date of an event
	Recorded  int64           // instant, UTC ms
	Digest    int64           // of the normal form, of a fact that is written; 0 in one that was read, see [Fact.Says]
	Record    credit.Record   // of an assertion
	Event     *Event          // of an event
	body      []byte
}

const factColumns = "subject, seq, op, kind, matter, source, load, row, effective, recorded, digest, body"

var factColumnList = []string{"subject", "seq", "op", "kind", "matter", "source", "load", "row", "effective", "recorded", "digest", "body"}

func (f *Fact) values() []any {
	return []any{string(f.Subject), f.Seq, int64(f.Op), int64(f.Kind), f.Matter[:], f.Source, f.Load, f.Row,
		int64(f.Effective), f.Recorded, f.Digest, f.body}
}

// NewAssertion makes the fact that source said r, now (UTC ms), outside any load.
func (l *Ledger) NewAssertion(key credit.Key, matter credit.MatterID, source int64, r *credit.Record, raw *Raw, now int64) Fact {
	form := AppendRecord([]byte{codecVersion}, r)
	digest := RecordDigest(form)
	if raw == nil {
		raw = &Raw{}
	}
	body := l.codec.pack(r.Kind, nil, appendRaw(form, raw, r, nil))
	return Fact{Subject: key, Op: OpAssertion, Kind: r.Kind, Matter: matter, Source: source,
		Effective: r.Decided, Recorded: now, Digest: digest, Record: *r, body: body}
}

// NewEvent makes the fact that e happened to a matter, or to the subject when matter is zero.
func NewEvent(key credit.Key, kind credit.Kind, matter credit.MatterID, e Event, now int64) (Fact, error) {
	body, err := e.encode()
	if err != nil {
		return Fact{}, err
	}
	return Fact{Subject: key, Op: OpEvent, Kind: kind, Matter: matter, Effective: e.On, Recorded: now, Event: &e, body: body}, nil
}

// Says tells whether an assertion has the same normal form as r.
func (f *Fact) Says(r *credit.Record) bool {
	return bytes.Equal(AppendRecord(nil, &f.Record), AppendRecord(nil, r))
}

// open decodes the body.
func (l *Ledger) open(f *Fact, raw *Raw, room *room) error {
	body, err := l.unpack(f.body, room)
	if err != nil {
		return fmt.Errorf("ledger: opening fact %d of a subject: %w", f.Seq, err)
	}
	if f.Op == OpEvent {
		f.Event = &Event{On: f.Effective}
		if err := json.Unmarshal([]byte(body), f.Event); err != nil {
			return fmt.Errorf("%w: %w", errBody, err)
		}
		return nil
	}
	return decodeRecord(body, f.Kind, &f.Record, raw)
}

// unpack opens a body. Another process may have trained a dictionary since this one read them.
func (l *Ledger) unpack(body []byte, room *room) (string, error) {
	s, err := l.codec.unpack(body, room)
	if errors.Is(err, errDictionary) {
		if err := l.readDictionaries(context.Background()); err != nil {
			return "", err
		}
		s, err = l.codec.unpack(body, room)
	}
	return s, err
}
