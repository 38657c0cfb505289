package workday

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
)

// vectors reads start, n and end.
func vectors(t *testing.T) [][3]string {
	t.Helper()
	f, err := os.Open("testdata/workday-vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 10 {
		t.Fatalf("%d vectors, %v", len(rows), err)
	}
	var all [][3]string
	for _, row := range rows[1:] {
		all = append(all, [3]string(row))
	}
	return all
}

func date(t testing.TB, s string) credit.Date {
	t.Helper()
	d, err := credit.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestVectors(t *testing.T) {
	c := Default()
	more := [][3]string{{"2026-04-29", "10", "2026-05-15"}, {"2026-05-08", "1", "2026-05-09"}, {"2026-09-24", "10", "2026-10-15"}, {"2026-10-08", "7", "2026-10-16"}}
	for _, v := range append(vectors(t), more...) {
		start, end := date(t, v[0]), date(t, v[2])
		n, err := strconv.Atoi(v[1])
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Add(start, n); got != (Result{end, false}) {
			t.Errorf("%s + %d = %+v, want %s", start, n, got, end)
		}
		if got := c.Between(start, end); got != (Count{n, false}) {
			t.Errorf("between %s and %s = %+v, want %d", start, end, got, n)
		}
		if got := c.Between(end, start); got != (Count{-n, false}) {
			t.Errorf("between %s and %s = %+v, want %d", end, start, got, -n)
		}
	}
}

// The number of working days of each month, computed apart from this program.
func TestWorkingDaysOfEachMonth(t *testing.T) {
	c := Default()
	for year, months := range map[int][12]int{
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	} {
		for i, want := range months {
			first, _ := credit.NewDate(year, i+1, 1)
			if got := c.Between(first.AddDays(-1), first.AddMonths(1).AddDays(-1)); got.Days != want {
				t.Errorf("%d-%02d has %d working days, want %d", year, i+1, got.Days, want)
			}
		}
	}
}

func TestPastThePublishedYears(t *testing.T) {
	c := Default()
	for _, v := range []struct {
		start string
		n     int
		end   string
	}{
		{"2026-12-30", 1, "2026-12-31"}, // last published day: final
		{"2026-12-31", 1, "2027-01-04"}, // Friday 1 January rests for certain, then the weekend
		{"2027-02-04", 1, "2027-02-09"}, // the four days of Spring Festival rest; nothing made up is guessed
		{"2028-05-01", 1, "2028-05-03"},
		{"2024-04-30", 1, "2024-05-02"}, // 2 May is a holiday only since 2025
	} {
		got := c.Add(date(t, v.start), v.n)
		if got.Date != date(t, v.end) || got.Provisional != !c.Published(date(t, v.end)) {
			t.Errorf("%s + %d = %+v, want %s", v.start, v.n, got, v.end)
		}
	}
	if !c.Between(date(t, "2026-12-30"), date(t, "2027-01-05")).Provisional || c.Between(date(t, "2026-12-30"), date(t, "2026-12-31")).Provisional {
		t.Error("a count is provisional exactly when it runs over a year without a calendar")
	}
	if work, sure := c.IsWorkday(date(t, "2027-10-01")); work || !sure {
		t.Error("National Day rests for certain in any year")
	}
	if _, sure := c.IsWorkday(date(t, "2027-10-05")); sure {
		t.Error("a day between may be moved by the notice of 2027")
	}
	if got := c.Next(date(t, "2026-10-10")); got.Date != date(t, "2026-10-10") {
		t.Errorf("a make-up Saturday is a working day, got %+v", got)
	}
	if got := c.Next(date(t, "2026-10-01")); got != (Result{date(t, "2026-10-08"), false}) {
		t.Errorf("got %+v", got)
	}
}

func days() *rapid.Generator[credit.Date] {
	return rapid.Custom(func(t *rapid.T) credit.Date {
		return credit.Date(20241201).AddDays(rapid.IntRange(0, 1000).Draw(t, "day"))
	})
}

func TestCountingLaws(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		d, n, m := days().Draw(t, "start"), rapid.IntRange(0, 60).Draw(t, "n"), rapid.IntRange(0, 60).Draw(t, "m")
		end := c.Add(d, n)
		if c.Between(d, end.Date).Days != n {
			t.Fatal("between undoes add")
		}
		if two := c.Add(end.Date, m); two.Date != c.Add(d, n+m).Date {
			t.Fatal("n days and then m are n+m")
		}
		if work, _ := c.IsWorkday(end.Date); n > 0 && !work {
			t.Fatal("a count ends on a working day")
		}
		if work, _ := c.IsWorkday(d); work && n > 0 && c.Add(end.Date, -n).Date != d {
			t.Fatal("counting back from a working day undoes counting on")
		}
		if end.Provisional != (n > 0 && (!c.Published(d.AddDays(1)) || !c.Published(end.Date))) {
			t.Fatal("provisional exactly when an unpublished year was counted over")
		}
	})
}

func TestTableCanBeEdited(t *testing.T) {
	head := "year,kind,from,to,name\n"
	c, err := Parse(strings.NewReader("# 2027\n" + head + "2027,off,2027-01-01,2027-01-03,元旦\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Add(date(t, "2027-01-01"), 1); got != (Result{date(t, "2027-01-04"), false}) {
		t.Errorf("got %+v", got)
	}
	same, err := Parse(strings.NewReader("\ufeff" + head + " 2027 ,off,2027-01-01,2027-01-03,元旦\r\n\n"))
	if err != nil || same.Digest() != c.Digest() {
		t.Errorf("comments and spaces must not change the digest: %v", err)
	}
	over, err := c.Overlay(strings.NewReader(head + "2027,off,2027-03-03,2027-03-03,地方节日\n"))
	if err != nil || over.Digest() == c.Digest() {
		t.Fatalf("an overlay has a digest of its own: %v", err)
	}
	if work, _ := over.IsWorkday(date(t, "2027-03-03")); work {
		t.Error("the region rests on its own holiday")
	}
	if work, _ := c.IsWorkday(date(t, "2027-03-03")); !work {
		t.Error("an overlay must not change the calendar under it")
	}
}

func TestBadTables(t *testing.T) {
	head := "year,kind,from,to,name\n"
	for body, want := range map[string]string{
		"":                                       "publishes no year",
		"a,b\n":                                  "line 1: the columns must be",
		head + "2027,off,2027-01-01\n":           "line 2: 3 fields",
		head + "x,off,2027-01-01,2027-01-01,n\n": "not a year",
		head + "2027,rest,2027-01-01,2027-01-01,n\n":                                   "neither off nor work",
		head + "2027,off,2027-02-29,2027-03-01,n\n":                                    "not a date",
		head + "2027,off,2027-01-03,2027-01-01,n\n":                                    "must end after it begins",
		head + "2027,off,2028-01-01,2028-01-01,n\n":                                    "not of the year",
		head + "2027,work,2027-01-04,2027-01-04,n\n":                                   "no Saturday or Sunday",
		head + "2027,off,2027-01-01,2027-01-03,n\n2027,work,2027-01-03,2027-01-03,n\n": "line 3: 2027-01-03 is given twice",
	} {
		if _, err := Parse(strings.NewReader(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", body, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(national))
	f.Add("year,kind,from,to,name\n2027,off,2027-01-01,2027-01-03,n\n")
	f.Fuzz(func(t *testing.T, body string) {
		c, err := Parse(strings.NewReader(body))
		if err != nil {
			return
		}
		if len(c.Years()) == 0 || len(c.Digest()) != 64 {
			t.Fatal("a calendar that was read publishes a year and has a digest")
		}
		c.Add(credit.Date(c.Years()[0]*10000+101), 10)
	})
}
