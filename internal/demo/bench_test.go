package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"hash/maphash"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
)

var sample = Bench{Seed: 7, Records: 100_000, Subjects: 10_000}

func TestShapeGivesEverySlotOneSubject(t *testing.T) {
	for _, b := range []Bench{{1, 2_000, 200}, {1, 20_000, 2_000}, sample, {1, 333_333, 31_111}} {
		s := b.shape()
		count := make([]int, b.Subjects)
		last := -1
		for slot := range s.penalties + s.licences {
			rank, ordinal := s.place(slot)
			if ordinal != count[rank] {
				t.Fatalf("%+v: slot %d is record %d of rank %d, want %d", b, slot, ordinal, rank, count[rank])
			}
			if rank < last {
				t.Fatalf("%+v: slot %d goes back to rank %d", b, slot, rank)
			}
			last = rank
			count[rank]++
		}
		for rank, n := range count {
			if n != s.records(rank) || n == 0 {
				t.Fatalf("%+v: rank %d has %d records, records says %d", b, rank, n, s.records(rank))
			}
		}
	}
}

func TestFiveMillionHaveOneSubjectOfTwentyThousand(t *testing.T) {
	s := Bench{Seed: 1, Records: 5_000_000, Subjects: 500_000}.shape()
	if s.giantSize != 20_000 || s.largeSize != 500 || s.large+s.giant != 5_000 || s.small != 250_000 {
		t.Errorf("shape %+v", s)
	}
}

// TestBenchIsDistributedAsPromised looks at the rows themselves, not at how they were made.
func TestBenchIsDistributedAsPromised(t *testing.T) {
	s := survey{first: map[string]uint64{}, texts: map[uint64]bool{}, bySubject: map[string]int{}}
	p := sample.plan()
	for rank := range sample.Subjects {
		who := p.who(rank)
		s.bySubject[string(who.code[:])] = 0
	}
	for _, f := range sample.Files() {
		rows := 0
		f.Cells(func(cells []string) bool {
			rows++
			s.look(f, cells)
			return true
		})
		if rows != f.Rows {
			t.Errorf("%s has %d rows, says %d", f.Name, rows, f.Rows)
		}
	}
	if s.rows != sample.Records {
		t.Errorf("%d rows, want %d", s.rows, sample.Records)
	}
	slices.Sort(s.bodies)
	median, p95 := s.bodies[len(s.bodies)/2], s.bodies[len(s.bodies)*95/100]
	t.Logf("bodies: median %d, p95 %d bytes; %d texts of facts besides names and digits; delta: %d same, %d changed", median, p95, len(s.texts), s.same, s.changed)
	if median < 800 || p95 < 3000 {
		t.Errorf("bodies: median %d, p95 %d bytes", median, p95)
	}
	if len(s.texts) < 2000 {
		t.Errorf("%d fact patterns", len(s.texts))
	}
	within(t, "resent rows in 1,000", s.same*1000/s.rows, 47, 53)
	within(t, "changed rows in 1,000", s.changed*1000/s.rows, 28, 33)
	small, large, most := 0, 0, 0
	for _, n := range s.bySubject {
		if n <= 2 {
			small++
		}
		if n >= 470 { // the codes of some rows are spoilt
			large++
		}
		most = max(most, n)
	}
	within(t, "subjects with one or two records in 1,000", small*1000/sample.Subjects, 495, 530)
	within(t, "subjects with 500 records in 10,000", large*10000/sample.Subjects, 95, 105)
	within(t, "largest subject", most, 950, 1010)
}

type survey struct {
	rows, same, changed int
	bodies              []int
	first               map[string]uint64 // document to the row of the first load
	texts               map[uint64]bool
	bySubject           map[string]int
}

var surveySeed = maphash.MakeSeed()

func (s *survey) look(f BenchFile, cells []string) {
	s.rows++
	cell := func(c role) string { return cells[f.layout.at[c]-1] }
	if f.old {
		return
	}
	key, row := cell(rAuthority)+cell(rDocNo), maphash.String(surveySeed, strings.Join(cells, "\x00"))
	if f.Delta {
		switch s.first[key] {
		case row:
			s.same++
		default:
			s.changed++
		}
		return
	}
	if n, ok := s.bySubject[cell(rCode)]; ok && s.first[key] == 0 {
		s.bySubject[cell(rCode)] = n + 1
	}
	s.first[key] = row
	if f.Kind != credit.Penalty {
		return
	}
	facts := cell(rFacts)
	s.bodies = append(s.bodies, len(facts)+len(cell(rBehaviour))+len(cell(rBasis))+len(cell(rContent)))
	s.texts[withoutNumbers(strings.ReplaceAll(facts, cell(rName), ""))] = true
}

// withoutNumbers is a digest of a text but for its numbers.
func withoutNumbers(text string) uint64 {
	b := make([]byte, 0, len(text))
	for i := range len(text) {
		if c := text[i]; c < '0' || c > '9' {
			b = append(b, c)
		}
	}
	return maphash.Bytes(surveySeed, b)
}

// TestFactsHaveManyPatterns counts which sentences the facts are made of, whatever words and numbers
// stand in them.
func TestFactsHaveManyPatterns(t *testing.T) {
	p := sample.plan()
	row := newBenchRow(penaltyNew)
	seen := map[uint64]bool{}
	for i := range 20_000 {
		p.penalty(row, i, asBefore, 0)
		seen[row.text.pattern] = true
	}
	t.Logf("%d patterns of sentences in 20,000 penalties", len(seen))
	if len(seen) < 2000 {
		t.Errorf("%d patterns", len(seen))
	}
}

func within(t *testing.T, what string, got, lo, hi int) {
	t.Helper()
	if got < lo || got > hi {
		t.Errorf("%s: %d, want %d to %d", what, got, lo, hi)
	}
}

func readBack(t *testing.T, f BenchFile) [][]string {
	t.Helper()
	var b bytes.Buffer
	n, err := f.WriteCSV(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("%s: %d bytes of %d, %v", f.Name, n, b.Len(), err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	if !slices.Equal(rows[0], f.Header()) {
		t.Fatalf("%s begins with %q", f.Name, rows[0])
	}
	return rows[1:]
}

func TestEightRowsInAHundredAreDirty(t *testing.T) {
	p := sample.plan()
	seen := map[string]int{}
	for i := range p.shape.penalties {
		if d := p.dirt("penalty-dirt", i); d != nil {
			seen[d.ID]++
		}
	}
	for i := range p.shape.licences {
		if d := p.dirt("licence-dirt", i); d != nil {
			seen[d.ID]++
		}
	}
	seen[dirtBothLayouts] = every(p.shape.penalties, bothEvery, bothRest)
	seen[dirtTwoSources] = every(p.shape.penalties, sourcesEvery, sourcesRest)
	seen[dirtTwoContents] = every(p.shape.penalties, contentsEvery, contentsRest)
	total := 0
	for _, d := range Dirts() {
		if seen[d.ID] == 0 {
			t.Errorf("no row is dirty by %s", d.ID)
		}
		total += seen[d.ID]
	}
	t.Log(total, seen)
	within(t, "dirty rows in 1,000", total*1000/(p.shape.penalties+p.shape.licences), 76, 84)
}

func TestTwoRunsGiveIdenticalBytes(t *testing.T) {
	b := Bench{Seed: 3, Records: 5_000, Subjects: 500}
	sum := func() (s [sha256.Size]byte) {
		h := sha256.New()
		for _, f := range b.Files() {
			if _, err := f.WriteCSV(h); err != nil {
				t.Fatal(err)
			}
		}
		h.Sum(s[:0])
		return s
	}
	if first, second := sum(), sum(); first != second {
		t.Error("two runs of one seed differ")
	}
}

func TestRowsInMemoryAreThoseOfTheFiles(t *testing.T) {
	b := Bench{Seed: 3, Records: 5_000, Subjects: 500}
	files := b.Files()
	var want [][]string
	for _, f := range files {
		want = append(want, readBack(t, f)...)
	}
	i := 0
	b.Rows(func(file int, cells []string) bool {
		if !slices.Equal(cells, want[i]) {
			t.Fatalf("row %d of %s: %q, in the file %q", i, files[file].Name, cells, want[i])
		}
		i++
		return true
	})
	if i != len(want) {
		t.Errorf("%d rows in memory, %d in files", i, len(want))
	}
}

func TestThreePapersInTenFindSomething(t *testing.T) {
	keys := sample.Keys(2_000)
	found, seen := 0, map[credit.Key]bool{}
	for _, k := range keys {
		if k.Found {
			found++
		}
		if seen[k.Key] {
			t.Fatalf("%s is asked for twice", k.Key)
		}
		seen[k.Key] = true
		if credit.CheckUSCC(string(k.Key)).Verdict != credit.Valid {
			t.Fatalf("key %s is not valid", k.Key)
		}
	}
	within(t, "papers with findings in 100", found*100/len(keys), 27, 33)
	if keys[1000].Records != 1000 {
		t.Errorf("the subject in the middle has %d records", keys[1000].Records)
	}
}

// decidedDay is the day of the i-th penalty.
func (p *benchPlan) decidedDay(i int) int {
	slot := p.slots.of(i)
	rank, ordinal := p.shape.place(slot)
	r := at(p.Seed, "penalty", slot)
	_, day := p.severity(&r, rank, ordinal == 0 && p.shape.standing(rank) == standingFound)
	return day
}

func BenchmarkWriteCSV(b *testing.B) {
	f := Bench{Seed: 1, Records: 100_000, Subjects: 10_000}.Files()[0]
	for b.Loop() {
		n, err := f.WriteCSV(io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
}

func TestFilesTogetherHaveTheRecordsAskedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Bench{Seed: rapid.Uint64().Draw(t, "seed"), Records: rapid.IntRange(2_000, 60_000).Draw(t, "records")}
		b.Subjects = b.Records / rapid.IntRange(8, 14).Draw(t, "records a subject")
		total := 0
		for _, f := range b.Files() {
			if f.Rows < 0 {
				t.Fatalf("%+v: %s has %d rows", b, f.Name, f.Rows)
			}
			total += f.Rows
		}
		if total != b.Records {
			t.Fatalf("%+v: %d rows", b, total)
		}
	})
}

func BenchmarkFilesOfFiveMillion(b *testing.B) {
	for b.Loop() {
		Bench{Seed: 1, Records: 5_000_000, Subjects: 500_000}.Files()
	}
}
