package casework

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

// walk is a case led about at random, and what a person with paper and pencil knows of it.
type walk struct {
	*clocked
	r      *rapid.T
	c      Case
	due    credit.Date // of its deadline, 0 without one
	stood  credit.Date // since when the deadline stands
	fired  []int       // the days of the stages that fired for this day
	steps  int64
	asked  []string // desks whose word is awaited
	pauses int
	killed bool // the sweep is stopped after the callback, as if the process had died
}

var errKilled = errors.New("killed")

// Whatever is done in whatever order: no deadline is lost, no stage fires twice, a paused case fires nothing, no case has two ends, and its
// row agrees with its history.
func TestRandomWalksOfAllTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		rapid.Check(t, func(r *rapid.T) {
			s.on(20260518)
			w := &walk{clocked: s, r: r, c: open(t, s.Service, firm, "a"), steps: 1}
			for range rapid.IntRange(5, 25).Draw(r, "length") {
				w.step(rapid.SampledFrom([]string{"day", "day", "set", "pause", "resume", "sweep", "sweep", "kill", "move", "move", "urge", "hand", "back",
					"ask", "answer", "stale"}).Draw(r, "do"))
				w.check()
			}
			w.finish()
		})
	})
}

func (w *walk) step(name string) {
	switch name {
	case "day":
		w.on(w.today().AddDays(rapid.IntRange(1, 4).Draw(w.r, "days")))
	case "set":
		w.setDay(w.today().AddDays(rapid.IntRange(-1, 8).Draw(w.r, "due")))
	case "sweep":
		w.sweepAll()
	case "kill":
		w.killed = true
		w.sweepAll()
		w.killed = false
	case "move":
		w.moveOn(rapid.SampledFrom([]string{"take", "take", "ask", "grant", "refuse"}).Draw(w.r, "move"))
	case "stale":
		old := w.c
		old.Version--
		if err := w.do(func(tx *store.Tx) error { return w.Note(tx, &old, "note", By{}, "") }); err == nil {
			w.r.Fatal("a version of before is let through")
		}
	default:
		w.act(name)
	}
}

func (w *walk) setDay(d credit.Date) {
	if w.c.Closed != 0 {
		return
	}
	must(w.t, w.do(func(tx *store.Tx) error {
		return w.Set(tx, Deadline{Subject: firm, Case: w.c.ID, Name: "answer", Due: d})
	}))
	if d != w.due {
		w.due, w.fired = d, nil
	}
	if w.stood == 0 {
		w.stood = w.c.Paused
		if w.c.Paused != 0 {
			w.stood = w.today()
		}
	}
}

// act does one of the things that leave the state as it is, and expects of each exactly when it is allowed.
func (w *walk) act(name string) {
	wasPaused, desk := w.c.Paused != 0, w.c.Desk
	acts := map[string]func(tx *store.Tx) error{
		"pause":  func(tx *store.Tx) error { return w.Pause(tx, &w.c, "调查", By{}) },
		"resume": func(tx *store.Tx) error { return w.Resume(tx, &w.c, "", By{}) },
		"urge":   func(tx *store.Tx) error { return w.Urge(tx, &w.c, By{}, "") },
		"hand":   func(tx *store.Tx) error { return w.HandOver(tx, &w.c, desk+"x", By{}, "转办") },
		"back":   func(tx *store.Tx) error { return w.Return(tx, &w.c, By{}, "退回") },
		"ask":    func(tx *store.Tx) error { return w.Ask(tx, &w.c, "b", "意见", By{}) },
		"answer": func(tx *store.Tx) error { return w.Answer(tx, &w.c, "b", Agree, By{}, "可以") },
	}
	err := w.do(acts[name])
	if w.c.Closed != 0 && err == nil {
		w.r.Fatalf("%s of an ended case", name)
	}
	if err != nil {
		return
	}
	w.steps++
	switch name {
	case "pause":
		w.pauses++
		if w.due != 0 {
			w.stood = w.today()
		}
	case "resume":
		if !wasPaused {
			w.r.Fatal("a running case is resumed")
		}
		w.resumed()
	case "ask":
		w.asked = append(w.asked, "b")
	case "answer":
		w.asked = w.asked[:len(w.asked)-1]
	}
}

// resumed counts the deadline on, day by day.
func (w *walk) resumed() {
	works := func(d credit.Date) bool { work, _ := workday.Default().IsWorkday(d); return work }
	if w.due != 0 && w.due >= w.stood {
		was := w.due
		for d := w.stood.AddDays(1); d <= w.today(); d = d.AddDays(1) {
			if works(d) {
				for w.due = w.due.AddDays(1); !works(w.due); w.due = w.due.AddDays(1) {
				}
			}
		}
		if was != w.due {
			w.fired = nil
		}
	}
	w.stood = 0
}

func (w *walk) moveOn(name string) {
	to, ok := loan().Next(w.c.State, name)
	ok = ok && len(w.asked) == 0
	if err := move(w.t, w.Service, &w.c, name); (err == nil) != ok {
		w.r.Fatalf("%s while %v are asked: %v", name, w.asked, err)
	}
	if !ok {
		return
	}
	w.steps++
	if loan().End(to) {
		w.due, w.stood, w.fired = 0, 0, nil
	}
}

// sweepAll sweeps today: each stage of the case that fires is noted in its history and on paper.
func (w *walk) sweepAll() {
	var noted []int
	c := w.c
	err := w.Sweep(w.t.Context(), w.today(), func(tx *store.Tx, d Due) error {
		next := c
		if err := w.Note(tx, &next, "told", By{}, d.Stage.Name); err != nil {
			return err
		}
		if w.killed {
			return errKilled
		}
		if d.Due != w.due || w.stood != 0 || slices.Contains(append(w.fired, noted...), d.Stage.Days) {
			w.r.Fatalf("%+v fires at %v after %v, stood %v", d, w.due, w.fired, w.stood)
		}
		c, noted = next, append(noted, d.Stage.Days)
		return nil
	})
	if err != nil && !errors.Is(err, errKilled) {
		w.r.Fatal(err)
	}
	w.c, w.fired, w.steps = c, append(w.fired, noted...), w.steps+int64(len(noted))
	if !w.killed {
		w.complete()
	}
}

// complete makes sure that every stage has fired whose day has come.
func (w *walk) complete() {
	for _, st := range w.stages["answer"] {
		come := w.due != 0 && w.stood == 0 && workday.Default().Add(w.due, st.Days).Date <= w.today()
		if come && !slices.Contains(w.fired, st.Days) {
			w.r.Fatalf("stage %s of %v is lost on %v: fired %v", st.Name, w.due, w.today(), w.fired)
		}
	}
}

// check compares the row, the history, the deadline, the pauses and the questions with what is known.
func (w *walk) check() {
	got, err := w.Get(w.t.Context(), firm, w.c.ID)
	must(w.t, err)
	running := w.due
	if w.stood != 0 {
		running = 0
	}
	if got.Version != w.steps || got.State != w.c.State || got.Desk != w.c.Desk || got.Due != running || got.Waiting != int64(len(w.asked)) {
		w.r.Fatalf("row %+v, want version %d, due %v, %d asked", got, w.steps, running, len(w.asked))
	}
	list, err := w.Steps(w.t.Context(), &w.c)
	must(w.t, err)
	ends := 0
	for _, p := range list {
		if loan().End(p.State) {
			ends++
		}
	}
	if int64(len(list)) != w.steps || list[len(list)-1].State != got.State || ends > 1 || (ends == 1) != (got.Closed != 0) {
		w.r.Fatalf("history %+v of %+v", list, got)
	}
	days, err := w.Deadlines(w.t.Context(), &w.c)
	if must(w.t, err); fmt.Sprint(len(days)) != fmt.Sprint(min(int(w.due), 1)) || w.due != 0 && days[0].Due != w.due {
		w.r.Fatalf("deadlines %v, want %v", days, w.due)
	}
	pauses, err := w.Pauses(w.t.Context(), &w.c)
	if must(w.t, err); len(pauses) != w.pauses || w.pauses > 0 && (pauses[w.pauses-1].Until == 0) != (got.Paused != 0) {
		w.r.Fatalf("pauses %+v of %+v", pauses, got)
	}
}

// finish lets everything come that is still to come, and takes the deadline away from the next walk.
func (w *walk) finish() {
	if w.c.Paused != 0 {
		w.act("resume")
	}
	w.on(20261120)
	w.sweepAll()
	w.check()
	must(w.t, w.do(func(tx *store.Tx) error { return w.Drop(tx, firm, w.c.ID, "answer") }))
}
