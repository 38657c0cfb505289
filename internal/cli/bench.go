package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"

	"xinban/internal/bench"
)

type benchCmd struct {
	Records  int    `help:"Rows at the full size; the hundredth part is measured first." default:"5000000"`
	Subjects int    `help:"Subjects at the full size." default:"500000"`
	Reads    int    `help:"Subjects read, and reports issued, for each figure." default:"2000"`
	Dir      string `help:"Folder in which a scratch folder is made." default:"." type:"existingdir"`
	Store    string `help:"PostgreSQL URL; all tables of its schema are dropped. SQLite when absent."`
	RunRows  int    `help:"Rows sorted together; 0 for the default."`
	Only     string `help:"raw or intake, to measure one of the two." enum:"raw,intake," default:""`
}

func (c *benchCmd) Run(ctx context.Context, p *printer) error {
	dir, err := os.MkdirTemp(c.Dir, "xinban-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var results []bench.Result
	for _, part := range []int{100, 1} {
		o := bench.Options{Dir: fmt.Sprintf("%s/%d", dir, part), Database: c.Store, Records: c.Records / part, Subjects: c.Subjects / part,
			Reads: c.Reads, RunRows: c.RunRows, Only: c.Only}
		r, err := bench.Run(ctx, o, func(format string, args ...any) {
			if !p.json {
				fmt.Fprintf(os.Stderr, "  N=%d: "+format+"\n", append([]any{o.Records}, args...)...)
			}
		})
		if err != nil {
			return err
		}
		results = append(results, r)
		os.RemoveAll(o.Dir)
	}
	doc := map[string]any{"go": runtime.Version(), "processors": runtime.NumCPU(), "sizes": results}
	return p.print(doc, func(w io.Writer) { benchText(w, results) })
}

func benchText(w io.Writer, results []bench.Result) {
	for _, r := range results {
		fmt.Fprintf(w, "\n%s, %d records, %d subjects, %.1f MB received\n", r.Engine, r.Records, r.Subjects, float64(r.ReceivedBytes)/1e6)
		fmt.Fprintf(w, "  raw load              %.0f rows/s\n", r.RawRows)
		fmt.Fprintf(w, "  intake                %.0f rows/s, %.2f of raw (%d accepted, %d unchanged, %d amended, %d quarantined)\n",
			r.IntakeRows, r.IntakeToRaw, r.Accepted, r.Unchanged, r.Amended, r.Quarantined)
		fmt.Fprintf(w, "  at rest               %.1f MB, %.3f of received; %d rows read back exactly\n", float64(r.RestBytes)/1e6, r.RestRatio, r.ReadBack)
		fmt.Fprintf(w, "  read a subject        %s\n", r.Read)
		fmt.Fprintf(w, "  issue JSON, 8 callers %s\n", r.IssueJSON)
		fmt.Fprintf(w, "  issue PDF, 2 callers  %s\n", r.IssuePDF)
		fmt.Fprintf(w, "    with intake running %s\n", r.IssueBusy)
		fmt.Fprintf(w, "  papers with findings  %.0f %%\n", 100*r.Found)
	}
	if len(results) == 2 && results[0].Read.P50 > 0 {
		fmt.Fprintf(w, "\nread p50 at full size against a hundredth: %.2f×\n", results[1].Read.P50/results[0].Read.P50)
	}
}
