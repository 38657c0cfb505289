package intake

import (
	"context"
	"net/http"
	"strconv"

	"xinban/internal/credit"
)

type qualityData struct {
	Quality
	Days    int
	Choices []int
	Rows    []qualityRow // with something wrong
	Clean   []qualityRow
	Chart   []qualityRow // the worst few, for the chart
	Titles  []countView
}

// qualityRow is the quality of one feed with names.
type qualityRow struct {
	SourceQuality
	Name string
	Code string // of the source
	What credit.Kind
}

// Percent is the bad share in per cent, for the chart.
func (q qualityRow) Percent() string { return strconv.FormatFloat(q.BadShare()*100, 'f', 1, 64) }

// Share is the share of all rows that went into quarantine.
func (q qualityData) Share() float64 { return share(q.Bad, q.Quality.Rows) }

// periods are the periods of the quality page in days; longer than a year is for the archive.
var periods = []int{30, 90, 365}

// worst is how many feeds the chart compares.
const worst = 10

// qualityOf sums up the loads of the caller's sources.
func (d *desk) qualityOf(ctx context.Context, sc scope, since credit.Date) (Quality, error) {
	if sc.all {
		return d.Quality(ctx, since, 0)
	}
	sum := Quality{Since: since}
	for _, src := range sc.sources {
		q, err := d.Quality(ctx, since, src.ID)
		if err != nil {
			return q, err
		}
		sum.add(q)
	}
	return sum, nil
}

// showQuality shows what was wrong with what arrived, by source and by finding.
func (d *desk) showQuality(w http.ResponseWriter, r *http.Request) error {
	days, _ := strconv.Atoi(r.URL.Query().Get("days")) // anything else is the first choice
	if days <= 0 || days > periods[len(periods)-1] {
		days = periods[1]
	}
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	q, err := d.qualityOf(r.Context(), sc, d.today().AddDays(-days))
	if err != nil {
		return err
	}
	data := qualityData{Quality: q, Days: days, Choices: periods}
	for _, s := range q.Sources {
		src, _ := sc.source(s.Source)
		row := qualityRow{s, src.Name, src.Code, s.Kind}
		if s.Bad+s.Warned == 0 {
			data.Clean = append(data.Clean, row)
		} else {
			data.Rows = append(data.Rows, row)
		}
	}
	for _, row := range data.Rows[:min(worst, len(data.Rows))] {
		if row.Bad > 0 {
			data.Chart = append(data.Chart, row)
		}
	}
	for _, c := range q.Codes {
		data.Titles = append(data.Titles, countView{c, codeTitle(c.Code, language(r))})
	}
	return d.pages.Render(w, r, http.StatusOK, "quality", data)
}
