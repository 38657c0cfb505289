package ledger

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

func testLedger(tb testing.TB) *Ledger {
	tb.Helper()
	db, err := store.Open(context.Background(), filepath.Join(tb.TempDir(), "ledger.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	keys, err := NewKeyring(1, make([]byte, 64))
	if err != nil {
		tb.Fatal(err)
	}
	l, err := Open(context.Background(), db, keys)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func benchRecord(r *rand.Rand, i int) (credit.Record, []string) {
	words := []string{"未按规定设置安全警示标志", "擅自倾倒工业固体废物", "未取得许可从事经营活动", "使用未经检验合格的设备", "超过核定载重量运输", "未按照要求保存台账记录", "拒不改正违法行为", "污染防治设施不正常运行"}
	var b strings.Builder
	for b.Len() < 900 {
		fmt.Fprintf(&b, "%s，现场检查发现第%d处问题；", words[r.IntN(len(words))], r.IntN(400))
	}
	rec := credit.Record{Kind: credit.Penalty, Class: credit.Organisation, Name: fmt.Sprintf("岚港演示%d号运输有限公司", i),
		DocNo: fmt.Sprintf("岚交罚〔2025〕%d号", i), Facts: b.String(), Basis: "《道路运输条例》有关规定", Content: "罚款人民币贰仟元整",
		Penalties: credit.PenaltySet(credit.Fine), Procedure: credit.ProcedureOrdinary, Fine: credit.Amount{Fen: 200000, Known: true},
		Decided: 20250310, Authority: "岚港市交通运输局", AuthorityCode: "11000000000000000X"}
	return rec, []string{rec.Name, rec.DocNo, rec.Facts, rec.Basis, rec.Content, "0.2", "2025-03-10", rec.Authority, rec.AuthorityCode}
}

var benchTags = []Tag{TagName, TagDocNo, TagFacts, TagBasis, TagContent, TagFine, TagDecided, TagAuthority, TagAuthorityCode}

func fill(tb testing.TB, l *Ledger, n, subjects int) (bytes int) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(1, 2))
	p := l.NewPacker()
	var samples [][]byte
	for i := range 3000 {
		rec, cells := benchRecord(r, i)
		plain, _ := p.Plain(&rec, &Raw{Layout: 1, Cells: cells}, benchTags)
		samples = append(samples, append([]byte(nil), plain...))
	}
	if err := l.Train(ctx, credit.Penalty, samples, 0); err != nil {
		tb.Fatal(err)
	}
	start := time.Now()
	rows := make([]Incoming, n)
	for i := range rows {
		rec, cells := benchRecord(r, i)
		for _, c := range cells {
			bytes += len(c)
		}
		id, _ := credit.IdentifyMatter(&rec, rec.Authority)
		body, digest := p.Pack(nil, &rec, &Raw{Layout: 1, Cells: cells}, benchTags)
		rows[i] = Incoming{Key: credit.Key(fmt.Sprintf("91%016d", r.IntN(subjects))), Name: rec.Name, Kind: rec.Kind, Matter: id,
			Row: int64(i + 1), Effective: rec.Decided, Digest: digest, Body: body}
	}
	packed := 0
	for _, r := range rows {
		packed += len(r.Body)
	}
	tb.Logf("packing: %v/row, body %d of %d bytes", time.Since(start)/time.Duration(n), packed/n, bytes/n)
	start = time.Now()
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Key < rows[j].Key })
	for i := 0; i < len(rows); i += 1000000 {
		err := l.Merge(ctx, Batch{Source: 1, Load: 1}, rows[i:min(len(rows), i+1000000)], func(context.Context, *store.Tx, []Incoming, []Outcome) error { return nil }, func([]Incoming, []Outcome) {})
		if err != nil {
			tb.Fatal(err)
		}
	}
	tb.Logf("merge: %.0f rows/s", float64(n)/time.Since(start).Seconds())
	return bytes
}

func BenchmarkRead(b *testing.B) {
	l := testLedger(b)
	fill(b, l, 300000, 30000)
	ctx := context.Background()
	r := rand.New(rand.NewPCG(1, 3))
	b.ResetTimer()
	n := 0
	for b.Loop() {
		f, err := l.Read(ctx, credit.Key(fmt.Sprintf("91%016d", r.IntN(30000))))
		if err != nil {
			b.Fatal(err)
		}
		n += len(f)
	}
	b.ReportMetric(float64(n)/float64(b.N), "facts/op")
}

func BenchmarkReadLarge(b *testing.B) {
	l := testLedger(b)
	fill(b, l, 100000, 200)
	ctx := context.Background()
	r := rand.New(rand.NewPCG(1, 3))
	b.ResetTimer()
	n := 0
	for b.Loop() {
		f, err := l.Read(ctx, credit.Key(fmt.Sprintf("91%016d", r.IntN(200))))
		if err != nil {
			b.Fatal(err)
		}
		n += len(f)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/fact")
}
