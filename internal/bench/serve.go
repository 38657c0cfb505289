package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/demo"
	"xinban/internal/intake"
	"xinban/internal/report"
)

// ruleSet is the one under which the bench issues.
const ruleSet = "SD-2023"

// serve measures reading and issuing. Every issuing call asks for a subject not asked before.
func serve(ctx context.Context, a *app.App, o Options, data demo.Bench, r *Result, tell func(string, ...any)) (err error) {
	keys := data.Keys(min(o.Subjects, 4*o.Reads))
	rand.New(rand.NewPCG(7, 7)).Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if keys, err = onRecord(ctx, a, keys); err != nil {
		return err
	}
	part := len(keys) / 4
	r.Read, err = measure(1, data.Keys(min(o.Subjects, 2*o.Reads)), func(k demo.BenchKey) error { // evenly over all sizes
		_, err := a.Ledger.Read(ctx, k.Key)
		return err
	})
	if err != nil {
		return err
	}
	tell("read a subject %s", r.Read)
	var found atomic.Int64
	issue := func(paper bool) func(demo.BenchKey) error {
		return func(k demo.BenchKey) error {
			d, err := a.Report.Issue(ctx, report.Request{Key: k.Key, Edition: "general", RuleSet: ruleSet, Paper: paper}, audit.Actor{ID: "bench", Channel: "command"})
			if err == nil && d.Content.Conclusion == report.ConcludesFound {
				found.Add(1)
			}
			return err
		}
	}
	if r.IssueJSON, err = measure(8, keys[:part], issue(false)); err != nil {
		return err
	}
	tell("issue JSON, 8 callers %s", r.IssueJSON)
	if r.IssuePDF, err = measure(2, keys[part:2*part], issue(true)); err != nil {
		return err
	}
	tell("issue PDF, 2 callers %s", r.IssuePDF)
	if r.IssueBusy, err = busy(ctx, a, o, keys[2*part:], issue(true)); err != nil {
		return err
	}
	tell("issue PDF, 2 callers, intake running %s", r.IssueBusy)
	r.Found = float64(found.Load()) / float64(len(keys))
	return nil
}

// onRecord leaves out subjects all of whose few rows are in quarantine.
func onRecord(ctx context.Context, a *app.App, keys []demo.BenchKey) ([]demo.BenchKey, error) {
	var known []demo.BenchKey
	for _, k := range keys {
		_, ok, err := a.Ledger.Subject(ctx, k.Key)
		if err != nil {
			return nil, err
		}
		if ok {
			known = append(known, k)
		}
	}
	return known, nil
}

// busy measures while files that were not sent before are taken in, one after the other.
func busy(ctx context.Context, a *app.App, o Options, keys []demo.BenchKey, fn func(demo.BenchKey) error) (Latency, error) {
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var failed error
	started := make(chan struct{})
	wg.Add(1)
	go func() {
		defer wg.Done()
		for seed := uint64(2); ; seed++ {
			extra := demo.Bench{Seed: seed, Records: max(o.Records/10, 20000), Subjects: max(o.Subjects/10, 2000)}.Files()[0]
			path := filepath.Join(o.Dir, fmt.Sprintf("busy-%d.csv", seed))
			f, err := os.Create(path)
			if err == nil {
				_, err = extra.WriteCSV(f)
				f.Close()
			}
			if seed == 2 {
				close(started)
			}
			if err == nil {
				sub, cancel := context.WithCancel(ctx)
				go func() {
					select {
					case <-stop:
						cancel()
					case <-sub.Done():
					}
				}()
				_, err = a.Intake.LoadFile(sub, intake.Request{Path: path, Source: extra.Source, Kind: extra.Kind, By: "bench"})
				cancel()
			}
			select {
			case <-stop:
				return
			default:
			}
			if err != nil {
				failed = err
				return
			}
		}
	}()
	<-started
	time.Sleep(200 * time.Millisecond) // let the load begin to write
	l, err := measure(2, keys, fn)
	close(stop)
	wg.Wait()
	if err == nil {
		err = failed
	}
	return l, err
}
