package demo

import (
	"io"

	"xinban/internal/credit"
)

// Bench is a stream of rows of any length, made from a seed: the data with which the program is
// measured. Records is the number of rows in all files together.
//
//   - Half of the subjects have one or two records, one in a hundred 500 or more, one 20,000 at five
//     million records (see [benchShape] for smaller ones).
//   - The texts of a penalty (behaviour, facts, basis, content) have a median of at least 800 and a
//     95th percentile of at least 3,000 bytes of UTF-8.
//   - Eight rows in a hundred are dirty (see [Dirts]), three are an earlier row with changed content,
//     five an earlier row as it was.
//   - A general report on three subjects in ten finds something.
//
// Rows arrive in an order that has nothing to do with their subjects.
type Bench struct {
	Seed     uint64
	Records  int
	Subjects int
}

// How often a penalty comes again: in the old layout, from another source, in the same file with
// other content.
const (
	bothEvery     = 222
	sourcesEvery  = 250
	contentsEvery = 2000
)

// benchFeeds is over how many sources the penalties are spread.
const benchFeeds = 4

// A BenchFile is one file of a [Bench]. It is made anew each time that it is read, in constant memory.
type BenchFile struct {
	Name   string
	Source string
	Kind   credit.Kind
	Delta  bool // rows of the source's first file again, changed or not
	Rows   int

	plan   *benchPlan
	feed   int
	old    bool
	layout *layout
}

// BenchKey is a subject to ask a report of.
type BenchKey struct {
	Key     credit.Key
	Name    string
	Records int
	// Found tells whether a general report of rule set SD-2023 over all domains and five years finds a
	// record on [Today].
	Found bool
}

// benchPlan is a bench with what is worked out once.
type benchPlan struct {
	Bench
	lib     *library
	shape   benchShape
	slots   shuffle // arrival of a penalty to its slot
	licence shuffle // arrival of a licence to its slot
	ranks   shuffle // rank to the number of the subject
	asked   shuffle // order in which subjects are asked for
	layouts [benchFeeds]*layout
}

func (b Bench) plan() *benchPlan {
	p := &benchPlan{Bench: b, lib: texts(), shape: b.shape()}
	p.slots = newShuffle(b.Seed, "slots", p.shape.penalties)
	p.licence = newShuffle(b.Seed, "licences", p.shape.licences)
	p.ranks = newShuffle(b.Seed, "ranks", b.Subjects)
	p.asked = newShuffle(b.Seed, "asked", b.Subjects)
	p.layouts = [benchFeeds]*layout{penaltyNew, newLayout(penaltyNew.columns, true),
		penaltyNew.reordered(b.Seed, "bench-3", false), penaltyNew.reordered(b.Seed, "bench-4", true)}
	return p
}

// every counts the numbers below n that leave the rest r when divided by d.
func every(n, d, r int) int {
	if n <= r {
		return 0
	}
	return (n-r-1)/d + 1
}

// Files lists the files in the order in which they are to be taken in: the first load of each feed,
// the licences, the old layout, then the deltas.
func (b Bench) Files() []BenchFile {
	p := b.plan()
	n := p.shape.penalties
	var files []BenchFile
	total := 0
	add := func(f BenchFile) {
		f.plan = p
		total += f.Rows
		files = append(files, f)
	}
	for feed := range benchFeeds {
		rows := every(n, benchFeeds, feed)
		for i := feed; i < n; i += benchFeeds {
			if i%sourcesEvery == sourcesRest+1 {
				rows++
			}
			if i%contentsEvery == contentsRest {
				rows++
			}
		}
		add(BenchFile{Name: benchName("penalty", feed), Source: benchSource(feed), Kind: credit.Penalty, Rows: rows, feed: feed, layout: p.layouts[feed]})
	}
	add(BenchFile{Name: "bench-licence.csv", Source: "bench-licence", Kind: credit.Licence, Rows: p.shape.licences, layout: licenceNew})
	add(BenchFile{Name: "bench-old.csv", Source: "bench-old", Kind: credit.Penalty, Rows: every(n, bothEvery, bothRest), old: true, layout: penaltyOld})
	left := b.Records - total
	for feed := range benchFeeds {
		rows := left / (benchFeeds - feed)
		left -= rows
		add(BenchFile{Name: benchName("delta", feed), Source: benchSource(feed), Kind: credit.Penalty, Delta: true, Rows: rows, feed: feed, layout: p.layouts[feed]})
	}
	return files
}

const (
	bothRest     = 17
	sourcesRest  = 31
	contentsRest = 77
)

func benchSource(feed int) string { return "bench-" + string(rune('1'+feed)) }

func benchName(part string, feed int) string {
	return benchSource(feed) + "-" + part + ".csv"
}

// Header is the headings of the file.
func (f BenchFile) Header() []string { return f.layout.header() }

// each makes the rows of the file one after the other, in the same place of memory.
func (f BenchFile) each(yield func(*benchRow) bool) {
	p := f.plan
	row := newBenchRow(f.layout)
	switch {
	case f.Delta:
		n := every(p.shape.penalties, benchFeeds, f.feed)
		again := newShuffle(p.Seed, f.Name, n)
		for k := range f.Rows {
			change := asBefore
			if k%8 < 3 {
				change = amended
			}
			if p.penalty(row, again.of(k%n)*benchFeeds+f.feed, change, f.feed); !yield(row) {
				return
			}
		}
	case f.old:
		for i := bothRest; i < p.shape.penalties; i += bothEvery {
			if p.penalty(row, i, again, benchFeeds); !yield(row) {
				return
			}
		}
	case f.Kind == credit.Licence:
		for i := range p.shape.licences {
			if p.licenceRow(row, i); !yield(row) {
				return
			}
		}
	default:
		f.first(row, yield)
	}
}

// first makes the first load of a feed.
func (f BenchFile) first(row *benchRow, yield func(*benchRow) bool) {
	for i := f.feed; i < f.plan.shape.penalties; i += benchFeeds {
		if f.plan.penalty(row, i, asBefore, f.feed); !yield(row) {
			return
		}
		if i%sourcesEvery == sourcesRest+1 { // the decision before it, which another source has sent too
			if f.plan.penalty(row, i-1, again, f.feed); !yield(row) {
				return
			}
		}
		if i%contentsEvery == contentsRest {
			if f.plan.penalty(row, i, contradicted, f.feed); !yield(row) {
				return
			}
		}
	}
}

// WriteCSV writes the file as CSV in UTF-8, heading first, and returns its bytes.
func (f BenchFile) WriteCSV(w io.Writer) (int64, error) {
	out := make([]byte, 0, 1<<20)
	for i, h := range f.Header() {
		out = appendCell(out, h, i > 0)
	}
	out = append(out, '\n')
	var total int64
	var err error
	f.each(func(row *benchRow) bool {
		if out = row.appendCSV(out); len(out) > 1<<20-1<<16 {
			var n int
			n, err = w.Write(out)
			total, out = total+int64(n), out[:0]
		}
		return err == nil
	})
	if err == nil {
		var n int
		n, err = w.Write(out)
		total += int64(n)
	}
	return total, err
}

// Cells gives the rows as cells under the file's header, for a loader that starts from rows in memory.
// The slice is used again for the next row, the strings are not.
func (f BenchFile) Cells(yield func(cells []string) bool) {
	var cells []string
	f.each(func(row *benchRow) bool {
		cells = row.appendCells(cells[:0])
		return yield(cells)
	})
}

// Rows gives the rows of all files in turn, with the place of the file in [Bench.Files].
func (b Bench) Rows(yield func(file int, cells []string) bool) {
	going := true
	for i, f := range b.Files() {
		f.Cells(func(cells []string) bool {
			going = yield(i, cells)
			return going
		})
		if !going {
			return
		}
	}
}

// Keys returns n different subjects drawn evenly, at most all, with the largest in the middle.
func (b Bench) Keys(n int) []BenchKey {
	p := b.plan()
	n = min(n, b.Subjects)
	keys := make([]BenchKey, n)
	for k := range keys {
		keys[k] = p.key(p.asked.of(k))
	}
	if n == 0 {
		return keys
	}
	giant := p.key(0)
	for i, k := range keys {
		if k.Key == giant.Key {
			keys[i] = keys[n/2]
		}
	}
	keys[n/2] = giant
	return keys
}

func (p *benchPlan) key(rank int) BenchKey {
	who := p.who(rank)
	return BenchKey{Key: credit.OrgKey(string(who.code[:])), Name: string(who.name), Records: p.shape.records(rank),
		Found: p.shape.standing(rank) == standingFound}
}
