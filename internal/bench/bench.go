package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/intake"
	"xinban/internal/store"
)

// Options is what to measure.
type Options struct {
	Dir      string // scratch folder, removed at the end
	Database string // postgres URL on which the tables are made; empty for SQLite in Dir
	Records  int
	Subjects int
	Reads    int // subjects read, and reports issued, for each figure
	RunRows  int
	Only     string // "raw", "intake" or empty for all
}

// Result is the figures of one size.
type Result struct {
	Engine        string  `json:"engine"`
	Records       int     `json:"records"`
	Subjects      int     `json:"subjects"`
	ReceivedBytes int64   `json:"received_bytes"`
	RawRows       float64 `json:"raw_rows_per_s,omitempty"`
	IntakeRows    float64 `json:"intake_rows_per_s"`
	IntakeToRaw   float64 `json:"intake_to_raw,omitempty"`
	Accepted      int64   `json:"accepted"`
	Unchanged     int64   `json:"unchanged"`
	Amended       int64   `json:"amended"`
	Quarantined   int64   `json:"quarantined"`
	RestBytes     int64   `json:"bytes_at_rest"`
	RestRatio     float64 `json:"at_rest_to_received"`
	ReadBack      int     `json:"rows_read_back_exactly"`
	Read          Latency `json:"read_subject"`
	IssueJSON     Latency `json:"issue_json_8_callers"`
	IssuePDF      Latency `json:"issue_pdf_2_callers_idle"`
	IssueBusy     Latency `json:"issue_pdf_2_callers_with_intake"`
	Found         float64 `json:"papers_with_findings"`
	PeakMiB       uint64  `json:"go_heap_mib"`
}

// Run measures one size. tell is told what is being done.
func Run(ctx context.Context, o Options, tell func(string, ...any)) (r Result, err error) {
	r = Result{Engine: "SQLite", Records: o.Records, Subjects: o.Subjects}
	if o.Database != "" {
		r.Engine = "PostgreSQL"
	}
	data := demo.Bench{Seed: 20260518, Records: o.Records, Subjects: o.Subjects}
	files, err := write(o.Dir, data, &r)
	if err != nil {
		return r, err
	}
	tell("%d rows, %.1f MB of CSV", o.Records, float64(r.ReceivedBytes)/1e6)
	if o.Only != "intake" {
		if r.RawRows, err = raw(ctx, o, data); err != nil {
			return r, fmt.Errorf("bench: raw load: %w", err)
		}
		tell("raw load %.0f rows/s", r.RawRows)
	}
	if o.Only == "raw" {
		return r, nil
	}
	a, done, err := open(ctx, o)
	if err != nil {
		return r, err
	}
	defer done()
	if err := load(ctx, a, files, &r); err != nil {
		return r, fmt.Errorf("bench: intake: %w", err)
	}
	if r.RawRows > 0 {
		r.IntakeToRaw = r.IntakeRows / r.RawRows
	}
	tell("intake %.0f rows/s, %.2f of raw", r.IntakeRows, r.IntakeToRaw)
	if err := rest(ctx, a, o, files, &r); err != nil {
		return r, err
	}
	tell("at rest %.3f of what was received", r.RestRatio)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r.PeakMiB = m.HeapSys >> 20
	return r, serve(ctx, a, o, data, &r, tell)
}

// file is a bench file on disk.
type file struct {
	demo.BenchFile
	path string
}

func write(dir string, data demo.Bench, r *Result) ([]file, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	var files []file
	for _, f := range data.Files() {
		path := filepath.Join(dir, f.Name)
		w, err := os.Create(path)
		if err != nil {
			return nil, err
		}
		n, err := f.WriteCSV(w)
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("bench: writing %s: %w", path, err)
		}
		r.ReceivedBytes += n
		files = append(files, file{f, path})
	}
	return files, nil
}

// open makes an empty store with the bench's sources.
func open(ctx context.Context, o Options) (*app.App, func(), error) {
	dir := filepath.Join(o.Dir, "store")
	if err := os.RemoveAll(dir); err != nil {
		return nil, nil, err
	}
	if o.Database != "" {
		if err := wipe(ctx, o.Database); err != nil {
			return nil, nil, err
		}
	}
	a, err := app.Open(ctx, app.Config{Data: dir, Database: o.Database, Now: demo.Today, Demo: true, RunRows: o.RunRows})
	if err != nil {
		return nil, nil, err
	}
	if err := feeds(ctx, a); err != nil {
		a.Close()
		return nil, nil, err
	}
	return a, func() { a.Close() }, nil
}

// feeds registers the bench's feeds, each for every domain. Of the kinds that count and that the bench
// does not send there is a zero report: the domains answer as in a store that is whole.
func feeds(ctx context.Context, a *app.App) error {
	open := func(source string, kind credit.Kind) (intake.Source, error) {
		s, err := a.Intake.AddSource(ctx, intake.Source{Code: source, Name: "测速来源" + source})
		if err == nil {
			err = a.Intake.AddFeed(ctx, intake.Feed{Source: s.ID, Kind: kind, Basis: "测速", Rhythm: 30, Since: 20200601})
		}
		return s, err
	}
	sent := map[credit.Kind]bool{}
	for _, f := range (demo.Bench{Seed: 1, Records: 20000, Subjects: 2000}).Files() {
		if _, err := open(f.Source, f.Kind); err != nil {
			return err
		}
		sent[f.Kind] = true
	}
	book, err := a.Books.Book("")
	if err != nil {
		return err
	}
	rules, err := book.ReportRulesByID(ruleSet, demo.Today)
	if err != nil {
		return err
	}
	for _, k := range rules.Kinds("") {
		if sent[k] {
			continue
		}
		s, err := open("bench-zero", k)
		if err == nil {
			err = a.Intake.ReportZero(ctx, intake.ZeroReport{Source: s.ID, Kind: k, From: 20200601, To: demo.Today, By: "bench"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wipe drops every table of the URL's schema, which belongs to the bench alone.
func wipe(ctx context.Context, url string) error {
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
			LOOP EXECUTE 'DROP TABLE ' || quote_ident(t) || ' CASCADE'; END LOOP; END $$`)
		return err
	})
}

func load(ctx context.Context, a *app.App, files []file, r *Result) error {
	start := time.Now()
	var rows int64
	var errs []error
	requests := make([]intake.Request, len(files))
	for i, f := range files {
		requests[i] = intake.Request{Path: f.path, Source: f.Source, Kind: f.Kind, By: "bench"}
	}
	stopped := a.Intake.LoadFiles(ctx, requests, func(_ int, res intake.Result, err error) {
		errs = append(errs, err)
		rows += res.Rows
		r.Accepted += res.Accepted
		r.Unchanged += res.Unchanged
		r.Amended += res.Amended
		r.Quarantined += res.Quarantined
	})
	if err := errors.Join(append(errs, stopped)...); err != nil {
		return err
	}
	r.IntakeRows = float64(rows) / time.Since(start).Seconds()
	if got := r.Accepted + r.Unchanged + r.Amended + r.Quarantined; got != rows || rows != int64(r.Records) {
		return fmt.Errorf("%d rows sent, %d read, %d verdicts", r.Records, rows, got)
	}
	return nil
}
