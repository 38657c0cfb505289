package bench

import (
	"cmp"
	"context"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// parsed is a row in memory: its body before compression and what the tables need besides.
type parsed struct {
	in    ledger.Incoming
	plain []byte
}

// raw loads rows that are already parsed into an empty store and returns rows a second.
func raw(ctx context.Context, o Options, data demo.Bench) (float64, error) {
	o.Dir = filepath.Join(o.Dir, "raw")
	a, done, err := open(ctx, o)
	if err != nil {
		return 0, err
	}
	defer done()
	defer debug.SetGCPercent(debug.SetGCPercent(15)) // the rows of a province fill half of a machine's memory
	rows, err := parse(ctx, a, data)
	if err != nil {
		return 0, err
	}
	runtime.GC()
	start := time.Now()
	if err := insert(ctx, a, rows, cmp.Or(o.RunRows, intake.DefaultRunRows)); err != nil {
		return 0, err
	}
	took := time.Since(start)
	n := len(rows)
	rows = nil
	debug.FreeOSMemory()
	return float64(n) / took.Seconds(), nil
}

// chunk is after how many rows parsing looks whether it is to stop.
const chunk = 4096

// parse normalises all rows and trains the dictionaries, none of which is timed. Rows that intake
// would quarantine are kept too, so that both loads move the same bytes.
func parse(ctx context.Context, a *app.App, data demo.Bench) ([]parsed, error) {
	rows := make([]parsed, 0, data.Records)
	var arena []byte
	pack := a.Ledger.NewPacker()
	var out normal.Out
	for _, f := range data.Files() {
		layout, _, err := normal.Map(f.Header(), f.Kind)
		if err != nil {
			return nil, err
		}
		layout.Today = demo.Today
		var samples [][]byte
		n := int64(0)
		tags := make([]ledger.Tag, len(f.Header()))
		f.Cells(func(cells []string) bool {
			if n++; n%chunk == 0 && ctx.Err() != nil {
				return false
			}
			layout.Row(cells, &out)
			if n < 50 {
				for i, c := range cells {
					tags[i] = max(tags[i], ledger.TagOf(&out.Record, c))
				}
			}
			plain, digest := pack.Plain(&out.Record, &ledger.Raw{Layout: 1, Cells: cells}, tags)
			if cap(arena)-len(arena) < len(plain) {
				arena = make([]byte, 0, 8<<20)
			}
			at := len(arena)
			arena = append(arena, plain...)
			rec := &out.Record
			id, _ := credit.IdentifyMatter(rec, rec.Authority)
			name := strings.Clone(rec.Name) // a part would keep the text of its whole row in memory
			key := credit.Key(strings.Clone(string(credit.OrgKey(rec.Code))))
			if key == "" {
				key = "reg:" + credit.Key(name)
			}
			rows = append(rows, parsed{ledger.Incoming{Key: key, Class: rec.Class, Name: name, Kind: rec.Kind, Matter: id, Row: n,
				Effective: rec.Decided, Digest: digest}, arena[at:len(arena):len(arena)]})
			if len(samples) < 6000 {
				samples = append(samples, rows[len(rows)-1].plain)
			}
			return true
		})
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := a.Ledger.Train(ctx, f.Kind, samples, 0); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// insert packs, sorts and writes: one run is packed while the one before is written.
func insert(ctx context.Context, a *app.App, rows []parsed, runRows int) error {
	g, ctx := errgroup.WithContext(ctx)
	runs := make(chan []parsed)
	g.Go(func() error {
		defer close(runs)
		for part := range slices.Chunk(rows, runRows) {
			packAll(a, part)
			slices.SortFunc(part, func(x, y parsed) int { return cmp.Or(cmp.Compare(x.in.Key, y.in.Key), cmp.Compare(x.in.Row, y.in.Row)) })
			select {
			case runs <- part:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		seqs := map[credit.Key]int64{}
		for run := range runs {
			for part := range slices.Chunk(run, ledger.PartRows) {
				if err := a.DB.Bulk(ctx, func(tx *store.Tx) error { return insertPart(a, tx, part, seqs) }); err != nil {
					return err
				}
			}
		}
		return a.DB.Tx(ctx, func(*store.Tx) error { return nil })
	})
	return g.Wait()
}

func packAll(a *app.App, part []parsed) {
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := w; i < len(part); i += workers {
				part[i].in.Body = a.Ledger.PackPlain(part[i].in.Kind, nil, part[i].plain)
			}
		}()
	}
	wg.Wait()
}

func insertPart(a *app.App, tx *store.Tx, part []parsed, seqs map[credit.Key]int64) error {
	in := make([]ledger.Incoming, len(part))
	for i := range part {
		in[i] = part[i].in
	}
	return a.Ledger.InsertRaw(tx, ledger.Batch{Source: 1, Load: 1}, in, seqs)
}
