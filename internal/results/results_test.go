package results

import (
	"fmt"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/tally"
)

const today = credit.Date(20260518)

type names struct{}

func (names) Domain(id string) string { return "领域" + id }

func setup(t *testing.T, db *store.DB) *Service {
	t.Helper()
	sums, err := tally.New(t.Context(), db)
	must(t, err)
	s, err := New(t.Context(), Config{DB: db, Tally: sums, Names: names{}, Now: func() time.Time { return today.Time().Add(9 * time.Hour) }})
	must(t, err)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// happens notes reports with so many certificates each.
func (s *Service) happens(t *testing.T, day credit.Date, certs ...int) {
	t.Helper()
	for len(certs) > 0 {
		some := certs[:min(len(certs), 2000)]
		certs = certs[len(some):]
		must(t, s.c.DB.Tx(t.Context(), func(tx *store.Tx) error {
			for i, n := range some {
				d := tally.Delta{Subject: "S", ID: fmt.Sprint(day, len(certs), i), Kind: reports, Day: day, N: 1, Facets: map[string]string{"edition": "general", "channel": "page", "purpose": "tender"}}
				if err := tally.Add(tx, d); err != nil {
					return err
				}
				d.Kind, d.N = certificates, int64(n)
				if err := tally.Add(tx, d); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for {
		n, err := s.c.Tally.Roll(t.Context())
		must(t, err)
		if n == 0 {
			return
		}
	}
}

func (s *Service) figures(t *testing.T, from, to credit.Date) *Figures {
	t.Helper()
	f, err := s.Figures(t.Context(), from, to, true)
	must(t, err)
	return f
}

// The figures published for Shandong to May 2024: 20,928 reports that replaced 1,058,100 certificates saved
// 3,174,300 hours.
func TestHoursOfShandongToMay2024(t *testing.T) {
	t.Parallel()
	s := setup(t, storetest.SQLite(t))
	certs := make([]int, 20_928)
	rest := 1_058_100
	for i := range certs {
		certs[i] = min(52, rest-(len(certs)-i-1)) // nearly always all domains
		rest -= certs[i]
	}
	if rest > 0 {
		t.Fatalf("%d certificates are left over", rest)
	}
	s.happens(t, 20240531, certs...)
	f := s.figures(t, 20200101, 20240531)
	if f.Reports != 20_928 || f.Certificates != 1_058_100 || f.Hours != "3174300" || f.Minutes != 3_174_300*60 {
		t.Errorf("%d reports, %d certificates, %s hours", f.Reports, f.Certificates, f.Hours)
	}
}

// A new value of the hours counts from its day on; what was issued before keeps its own. Of two values for
// one day the later counts.
func TestANewValueOfTheHoursLeavesTheDaysBeforeAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		s.happens(t, 20260101, 10)
		s.happens(t, 20260201, 10)
		s.happens(t, 20260301, 10)
		now := today.Time()
		s.c.Now = func() time.Time { now = now.Add(time.Second); return now }
		must(t, s.SetHours(t.Context(), Hours{From: 20260201, Minutes: 60, Source: "误填的依据", Author: "甲"}))
		must(t, s.SetHours(t.Context(), Hours{From: 20260201, Minutes: 150, Source: "抽样调查报告", Author: "甲"}))
		must(t, s.SetHours(t.Context(), Hours{From: 20260301, Minutes: 120, Source: "抽样调查报告", Author: "乙"}))
		for _, c := range []struct {
			from, to credit.Date
			hours    string
		}{{20260101, 20260131, "30"}, {20260201, 20260228, "25"}, {20260301, 20260331, "20"}, {20260101, 20260331, "75"}, {20260401, 20260430, "0"}} {
			if f := s.figures(t, c.from, c.to); f.Hours != c.hours {
				t.Errorf("%v to %v: %s hours, want %s", c.from, c.to, f.Hours, c.hours)
			}
		}
		f := s.figures(t, 20260101, 20260331)
		if n := len(f.PerCertificate); n != 4 || f.PerCertificate[0].Minutes != 180 || f.PerCertificate[0].Source == "" {
			t.Errorf("%d values, the first %+v", n, f.PerCertificate[0])
		}
	})
}

func TestHoursAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int64]string{0: "0", 180: "3", 150: "2.5", 135: "2.25", 6: "0.1", 20: "0.33"} {
		if got := hoursText(minutes); got != want {
			t.Errorf("%d minutes: %s, want %s", minutes, got, want)
		}
	}
}

func TestThousandsAreSetApart(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"3174300": "3,174,300", "2.5": "2.5", "1000.25": "1,000.25", "999": "999", "0": "0"} {
		if got := grouped(s); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
}

// The public sees editions, domains and days; channels and purposes are for the centre.
func TestChannelsAndPurposesAreForTheCentre(t *testing.T) {
	t.Parallel()
	s := setup(t, storetest.SQLite(t))
	s.happens(t, today, 3)
	f, err := s.Figures(t.Context(), begun, today, false)
	must(t, err)
	if len(f.Channels)+len(f.Purposes) != 0 || len(f.Editions) != 1 || len(f.Days) != 1 || f.Days[0].Certificates != 3 {
		t.Errorf("the public is shown %+v", f)
	}
	if f = s.figures(t, begun, today); len(f.Channels) != 1 || len(f.Purposes) != 1 {
		t.Errorf("the centre is shown %+v", f)
	}
}

// Every day of a period falls into one span, whatever the values.
func TestSpansDivideAPeriod(t *testing.T) {
	t.Parallel()
	all := []Hours{{From: 20200101, Minutes: 180}, {From: 20260105, Minutes: 60}, {From: 20260105, Minutes: 90}, {From: 20260108, Minutes: 30}}
	for _, p := range [][2]credit.Date{{20191225, 20260110}, {20260105, 20260105}, {20260109, 20260110}, {20260101, 20260104}} {
		day := p[0]
		for _, x := range spans(all, p[0], p[1]) {
			if x.from != day {
				t.Errorf("%v: a span begins on %v, want %v", p, x.from, day)
			}
			day = x.to.AddDays(1)
		}
		if day != p[1].AddDays(1) {
			t.Errorf("%v: the spans end before %v", p, day)
		}
	}
}

// BenchmarkThreeYears reads what a public request of all days reads, after three years of days with 52 domains each.
func BenchmarkThreeYears(b *testing.B) {
	db := storetest.SQLite(b)
	sums, err := tally.New(b.Context(), db)
	must(b, err)
	s, err := New(b.Context(), Config{DB: db, Tally: sums, Names: names{}, Now: func() time.Time { return today.Time().Add(9 * time.Hour) }})
	must(b, err)
	var domains []string
	for i := range 52 {
		domains = append(domains, fmt.Sprint("d", i))
	}
	for day := today.AddDays(-3 * 365); day <= today; day = day.AddDays(1) {
		must(b, db.Tx(b.Context(), func(tx *store.Tx) error {
			d := tally.Delta{Subject: "S", ID: day.String(), Kind: reports, Day: day, N: 1, Facets: map[string]string{"edition": "general", "channel": "page", "purpose": "tender"}}
			if err := tally.Add(tx, d); err != nil {
				return err
			}
			d.Kind, d.N, d.Each = certificates, 52, map[string][]string{"domain": domains}
			return tally.Add(tx, d)
		}))
	}
	for n := 1; n > 0; {
		n, err = sums.Roll(b.Context())
		must(b, err)
	}
	for b.Loop() {
		if f, err := s.Figures(b.Context(), begun, today, false); err != nil || f.Certificates != 52*f.Reports || len(f.Domains) != 52 {
			b.Fatal(f, err)
		}
	}
}

// Who entered how long a certificate takes is told to those within alone.
func TestStaffAreNotNamedToThePublic(t *testing.T) {
	t.Parallel()
	s := setup(t, storetest.SQLite(t))
	must(t, s.SetHours(t.Context(), Hours{From: 20260501, Minutes: 150, Source: "办事时间抽样调查", Author: "张经办"}))
	for inside, want := range map[bool]string{false: "", true: "张经办"} {
		f, err := s.Figures(t.Context(), begun, today, inside)
		must(t, err)
		if n := len(f.PerCertificate); n != 2 || f.PerCertificate[1].Author != want {
			t.Errorf("inside %v: %+v", inside, f.PerCertificate)
		}
	}
}
