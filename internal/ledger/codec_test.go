package ledger

import (
	"bytes"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/s2"
	"pgregory.net/rapid"

	"xinban/internal/credit"
)

// anyRecord fills every field of a record by reflection, so that a new field without a tag is found out.
func anyRecord(t *rapid.T) credit.Record {
	var r credit.Record
	v := reflect.ValueOf(&r).Elem()
	text := rapid.OneOf(rapid.Just(""), rapid.String(), rapid.StringN(1, 40, -1))
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch x := f.Addr().Interface().(type) {
		case *string:
			*x = text.Draw(t, name)
		case *bool:
			*x = rapid.Bool().Draw(t, name)
		case *credit.Date:
			*x = credit.Date(rapid.Int32Range(0, 99991231).Draw(t, name))
		case *credit.Amount:
			if rapid.Bool().Draw(t, name+" known") {
				*x = credit.Amount{Fen: credit.Fen(rapid.Int64Range(0, 1<<62).Draw(t, name)), Known: true}
			}
		case *[]credit.Field:
			for range rapid.IntRange(0, 4).Draw(t, name) {
				*x = append(*x, credit.Field{Heading: text.Draw(t, "heading"), Text: text.Draw(t, "text")})
			}
		default:
			if !f.CanUint() {
				t.Fatalf("credit.Record.%s has a type that this test cannot draw", name)
			}
			f.SetUint(uint64(rapid.Uint8().Draw(t, name)))
		}
	}
	r.Kind = credit.Penalty // travels in the envelope
	return r
}

// anyRow is a record with the row that it was read from: some cells are fields of the record.
func anyRow(t *rapid.T) (credit.Record, Raw, []Tag) {
	r := anyRecord(t)
	raw := Raw{Layout: rapid.Int64Range(0, 1<<40).Draw(t, "layout"), Cells: []string{}}
	tags := []Tag{}
	for range rapid.IntRange(0, 12).Draw(t, "cells") {
		tag := Tag(rapid.IntRange(0, int(tagCount)-1).Draw(t, "tag"))
		cell := rapid.String().Draw(t, "cell")
		if s := text(&r, tag); s != nil && rapid.Bool().Draw(t, "same") {
			cell = *s
		}
		raw.Cells, tags = append(raw.Cells, cell), append(tags, tag)
	}
	return r, raw, tags
}

// A stored body gives back every field of the record and every cell of the row exactly, with and
// without a dictionary.
func TestBodyRoundTrip(t *testing.T) {
	l := testLedger(t)
	roundTrip := func(t *rapid.T) {
		r, raw, tags := anyRow(t)
		body, digest := l.NewPacker().Pack([]byte("before"), &r, &raw, tags)
		plain, err := l.unpack(body[len("before"):], &room{})
		if err != nil {
			t.Fatal(err)
		}
		var r2 credit.Record
		var raw2 Raw
		if err := decodeRecord(plain, r.Kind, &r2, &raw2); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(r, r2) {
			t.Fatalf("the record changed:\n%#v\n%#v", r, r2)
		}
		if !reflect.DeepEqual(raw, raw2) {
			t.Fatalf("the row changed:\n%#v\n%#v", raw, raw2)
		}
		if d := RecordDigest(AppendRecord([]byte{codecVersion}, &r2)); d != digest {
			t.Fatalf("the digest of the same record changed: %d, %d", digest, d)
		}
	}
	t.Run("without a dictionary", rapid.MakeCheck(roundTrip))
	if err := l.Train(t.Context(), credit.Penalty, trainingSamples(l), 0); err != nil {
		t.Fatal(err)
	}
	if !l.Trained(credit.Penalty) {
		t.Fatal("no dictionary was made from enough samples")
	}
	t.Run("with a dictionary", rapid.MakeCheck(roundTrip))
}

// Two records that differ in any field have different digests: a changed row is never taken for unchanged.
func TestEveryFieldCounts(t *testing.T) {
	zero := AppendRecord(nil, &credit.Record{Kind: credit.Penalty})
	v := reflect.TypeFor[credit.Record]()
	for i := range v.NumField() {
		name := v.Field(i).Name
		if name == "Kind" {
			continue
		}
		var r credit.Record
		switch x := reflect.ValueOf(&r).Elem().Field(i).Addr().Interface().(type) {
		case *string:
			*x = "x"
		case *bool:
			*x = true
		case *credit.Amount:
			x.Known = true // zero yuan is something else than not said
		case *[]credit.Field:
			*x = []credit.Field{{}}
		default:
			f := reflect.ValueOf(&r).Elem().Field(i)
			if f.CanInt() {
				f.SetInt(1)
			} else {
				f.SetUint(1)
			}
		}
		if bytes.Equal(AppendRecord(nil, &r), zero) {
			t.Errorf("a change of %s does not change the digest", name)
		}
	}
}

func trainingSamples(l *Ledger) [][]byte {
	p, r := l.NewPacker(), rngOf(7)
	var all [][]byte
	for i := range trainRows + 100 {
		rec, cells := benchRecord(r, i)
		plain, _ := p.Plain(&rec, &Raw{Layout: 1, Cells: cells}, benchTags)
		all = append(all, bytes.Clone(plain))
	}
	return all
}

// A damaged body is an error, never a panic, and what decodes encodes to the same again.
func FuzzDecodeRecord(f *testing.F) {
	r, cells := benchRecord(rngOf(1), 1)
	r.Extra = []credit.Field{{Heading: "备用", Text: "甲"}}
	form := AppendRecord([]byte{codecVersion}, &r)
	f.Add(appendRaw(form, &Raw{Layout: 3, Cells: cells}, &r, benchTags))
	f.Add([]byte{codecVersion, byte(tagEnd), 0, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{codecVersion, byte(TagExtra), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add([]byte{2})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		var r, again credit.Record
		var raw Raw
		if DecodeRecord(body, credit.Penalty, &r, &raw) != nil {
			return
		}
		form := AppendRecord([]byte{codecVersion}, &r)
		if err := DecodeRecord(append(form, 0, 0), credit.Penalty, &again, &Raw{}); err != nil {
			t.Fatalf("what was decoded does not decode again: %v", err)
		}
		if !bytes.Equal(AppendRecord([]byte{codecVersion}, &again), form) {
			t.Fatalf("what was decoded changes:\n%#v\n%#v", r, again)
		}
	})
}

// A damaged stored form is an error, never a panic, and unfolds to no more than the limit.
func FuzzUnpack(f *testing.F) {
	l := testLedger(f)
	if err := l.Train(f.Context(), credit.Penalty, trainingSamples(l), 0); err != nil {
		f.Fatal(err)
	}
	rec, cells := benchRecord(rngOf(1), 1)
	body, _ := l.NewPacker().Pack(nil, &rec, &Raw{Cells: cells}, benchTags)
	f.Add(body)
	f.Add([]byte{formPlain, '{', '}'})
	f.Add(append([]byte{formS2, 0}, s2.Encode(nil, []byte(strings.Repeat("甲", 400)))...))
	f.Add([]byte{formS2, 0, 0xff, 0xff, 0xff, 0x7f})
	f.Add([]byte{formS2, 0xff})
	f.Fuzz(func(t *testing.T, stored []byte) {
		out, err := l.codec.unpack(stored, &room{})
		if err == nil && len(out) > maxBody {
			t.Fatalf("%d bytes unfolded to %d", len(stored), len(out))
		}
		if err != nil && !errors.Is(err, errBody) && !errors.Is(err, errDictionary) {
			t.Fatalf("an error that says nothing of the body: %v", err)
		}
	})
}

// A small body that claims to be huge takes no memory for it.
func TestHostileSizesTakeNoMemory(t *testing.T) {
	l := testLedger(t)
	claims := map[string][]byte{ // what the form and the S2 block in it claim; neither holds a byte
		"4 GB":           {formS2, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"the limit":      append([]byte{formS2, 0, 0x80, 0x80, 0x80, 0x08}, s2.Encode(nil, []byte("x"))...),
		"over the limit": {formS2, 0, 0x81, 0x80, 0x80, 0x08, 0x81, 0x80, 0x80, 0x08},
	}
	for name, stored := range claims {
		before := allocated()
		if _, err := l.unpack(stored, &room{}); !errors.Is(err, errBody) || strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: got %v, want a damaged body said plainly", name, err)
		}
		if took := allocated() - before; took > 1<<20 {
			t.Errorf("%s: %d bytes took %d", name, len(stored), took)
		}
	}
	body := append([]byte{codecVersion, byte(tagEnd), 0}, 0xff, 0xff, 0xff, 0xff, 0x7f) // cells: 32 G
	before := allocated()
	var r credit.Record
	if err := DecodeRecord(append(body, make([]byte, 1000)...), credit.Penalty, &r, &Raw{}); err == nil {
		t.Error("a row of more cells than bytes was read")
	}
	if took := allocated() - before; took > 1<<20 {
		t.Errorf("a body of 1 kB took %d bytes", took)
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// A body that another process packed with a dictionary trained meanwhile can be read at once.
func TestDictionaryOfAnotherProcess(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		other := reopen(t, l)
		if err := other.Train(t.Context(), credit.Penalty, trainingSamples(other), 0); err != nil {
			t.Fatal(err)
		}
		rec, cells := benchRecord(rngOf(3), 3)
		id, _ := credit.IdentifyMatter(&rec, rec.Authority)
		f := other.NewAssertion("91000000000000000A", id, 1, &rec, &Raw{Cells: cells}, 1)
		appendFacts(t, other, Subject{Key: f.Subject, Name: rec.Name}, f)
		facts, err := l.Read(t.Context(), f.Subject)
		if err != nil || len(facts) != 1 || facts[0].Record.Facts != rec.Facts {
			t.Fatalf("got %d facts, %v", len(facts), err)
		}
	})
}
