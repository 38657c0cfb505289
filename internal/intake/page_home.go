package intake

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"xinban/internal/credit"
)

// feedView is one feed as the desk shows it.
type feedView struct {
	line
	Last   time.Time
	Due    credit.Date // 0 when it never arrived
	State  string      // key of ok, late or never
	Tone   string
	Arrive float64 // share that arrived after its time limit
	Decide float64 // share sent after the time limit of publishing
}

func (d *desk) view(l line) feedView {
	v := feedView{line: l, Last: at(l.LastArrival), State: "intake.state.ok", Tone: "good",
		Arrive: share(l.LateArrive, l.Rows), Decide: share(l.LatePublish, l.Rows)}
	switch {
	case l.LastArrival == 0:
		v.State, v.Tone = "intake.state.never", "notice"
	default:
		v.Due = l.due()
		if l.overdue(d.today()) {
			v.State, v.Tone = "intake.state.late", "bad"
		}
	}
	return v
}

// waiting is rows of one load that wait to be mended.
type waiting struct {
	Load
	Open int64
}

// loadView is a load with the name of its source.
type loadView struct {
	Load
	From string
	When time.Time
}

// Tone is how the load's state is shown.
func (l loadView) Tone() string {
	switch {
	case l.State == Failed:
		return "bad"
	case l.State == Running:
		return "info"
	case l.Quarantined > 0:
		return "notice"
	}
	return "good"
}

// Word is the key of the load's state.
func (l loadView) Word() string {
	if l.State == Done && l.Quarantined > 0 {
		return "intake.load.done.bad"
	}
	return "intake.load." + string(l.State)
}

type homeData struct {
	Centre  bool
	Sources []Source
	Feeds   []feedView
	Waiting []waiting
	Open    int64
	Items   []Item
	Loads   []loadView
	Late    int
}

// recentLoads is how many loads the desk shows.
const recentLoads = 8

// home is the clerk's desk: what is late, what waits, what was sent last.
func (d *desk) home(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	sc, err := d.scope(ctx)
	if err != nil {
		return err
	}
	data := homeData{Centre: sc.centre, Sources: sc.sources}
	lines, err := d.lines(ctx, sc)
	if err != nil {
		return err
	}
	for _, l := range lines {
		v := d.view(l)
		if v.Tone == "bad" {
			data.Late++
		}
		data.Feeds = append(data.Feeds, v)
	}
	if sc.centre { // the centre sees feeds on its own page
		data.Feeds = nil
	}
	if err := d.waits(ctx, sc, &data); err != nil {
		return err
	}
	data.Loads, _, err = d.loadViews(ctx, sc, 0, recentLoads)
	if err != nil {
		return err
	}
	return d.pages.Render(w, r, http.StatusOK, "intake_home", data)
}

// waits collects what waits for the caller.
func (d *desk) waits(ctx context.Context, sc scope, data *homeData) error {
	open := map[int64]int64{}
	for _, src := range sc.sources {
		some, err := d.OpenLoads(ctx, src.ID)
		if err != nil {
			return err
		}
		maps.Copy(open, some)
		if sc.centre {
			continue
		}
		items, err := d.OpenItemsOf(ctx, Removal, src.ID, 0, "", 50)
		if err != nil {
			return err
		}
		data.Items = append(data.Items, items...)
	}
	ids := slices.SortedFunc(maps.Keys(open), func(a, b int64) int { return int(b - a) })
	for _, id := range ids {
		data.Open += open[id]
	}
	for _, id := range ids[:min(len(ids), recentLoads)] {
		l, err := d.LoadByID(ctx, id)
		if err != nil {
			return err
		}
		data.Waiting = append(data.Waiting, waiting{l, open[id]})
	}
	return nil
}

// loadViews lists the caller's loads before a number, newest first, and the number to go on from, 0 at
// the end.
func (d *desk) loadViews(ctx context.Context, sc scope, before int64, limit int) (views []loadView, next int64, err error) {
	var all []Load
	if sc.all {
		all, err = d.Loads(ctx, 0, before, limit+1)
	} else {
		for _, src := range sc.sources {
			some, err := d.Loads(ctx, src.ID, before, limit+1)
			if err != nil {
				return nil, 0, err
			}
			all = append(all, some...)
		}
		slices.SortFunc(all, func(a, b Load) int { return int(b.ID - a.ID) })
	}
	if err != nil {
		return nil, 0, err
	}
	if len(all) > limit {
		next, all = all[limit-1].ID, all[:limit]
	}
	for _, l := range all {
		src, _ := sc.source(l.Source)
		views = append(views, loadView{l, src.Name, at(l.Started)})
	}
	return views, next, nil
}

type loadsData struct {
	Loads []loadView
	Next  string
	All   bool
}

// loadsPage is how many loads a page lists.
const loadsPage = 40

// listLoads lists the caller's loads.
func (d *desk) listLoads(w http.ResponseWriter, r *http.Request) error {
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // anything else starts at the newest
	views, next, err := d.loadViews(r.Context(), sc, before, loadsPage)
	if err != nil {
		return err
	}
	data := loadsData{Loads: views, All: sc.centre}
	if next != 0 {
		data.Next = "/intake/loads?before=" + strconv.FormatInt(next, 10)
	}
	return d.pages.Render(w, r, http.StatusOK, "intake_loads", data)
}
