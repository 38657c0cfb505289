package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// rest measures the bytes that the store takes, and reads rows back as they were received.
func rest(ctx context.Context, a *app.App, o Options, files []file, r *Result) error {
	size, err := atRest(ctx, a, o)
	if err != nil {
		return err
	}
	r.RestBytes = size
	r.RestRatio = float64(size) / float64(r.ReceivedBytes)
	r.ReadBack, err = readBack(ctx, a, files[0])
	return err
}

func atRest(ctx context.Context, a *app.App, o Options) (size int64, err error) {
	if o.Database != "" {
		err = a.DB.QueryRow(ctx, `SELECT SUM(pg_total_relation_size(quote_ident(tablename)::regclass))::bigint FROM pg_tables WHERE schemaname = current_schema()`).Scan(&size)
		return size, err
	}
	if err := a.DB.Tx(ctx, func(*store.Tx) error { return nil }); err != nil {
		return 0, err
	}
	for _, name := range []string{"xinban.db"} {
		info, err := os.Stat(filepath.Join(a.Config.Data, name))
		if err != nil {
			return 0, err
		}
		size += info.Size()
	}
	var pages, page int64
	if err := a.DB.QueryRow(ctx, "SELECT page_count FROM pragma_page_count").Scan(&pages); err != nil {
		return 0, err
	}
	if err := a.DB.QueryRow(ctx, "SELECT page_size FROM pragma_page_size").Scan(&page); err != nil {
		return 0, err
	}
	return max(size, pages*page), nil // the log may hold pages that are not in the file yet
}

// readBack compares the first rows of a file, as received, with what the ledger gives back.
func readBack(ctx context.Context, a *app.App, f file) (n int, err error) {
	const want = 500
	layout, _, err := normal.Map(f.Header(), f.Kind)
	if err != nil {
		return 0, err
	}
	var out normal.Out
	f.Cells(func(cells []string) bool {
		n++
		layout.Row(cells, &out)
		key := credit.OrgKey(out.Record.Code)
		var facts []ledger.Fact
		if facts, err = a.Ledger.Read(ctx, key); err != nil {
			return false
		}
		for _, x := range facts {
			if x.Row != int64(n) {
				continue
			}
			_, back, rerr := a.Ledger.ReadRaw(ctx, key, x.Seq)
			if rerr != nil || !slices.Equal(back, cells) {
				err = fmt.Errorf("bench: row %d of %s does not come back as received: %v\n%q\n%q", n, f.Name, rerr, back, cells)
				return false
			}
			break
		}
		return n < want
	})
	return n, err
}
