package bench

import (
	"testing"
)

// The whole bench at a small size: every figure is there and every promise about the data holds.
func TestSmallBench(t *testing.T) {
	if testing.Short() {
		t.Skip("loads 20,000 rows")
	}
	r, err := Run(t.Context(), Options{Dir: t.TempDir(), Records: 20_000, Subjects: 2_000, Reads: 60}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if r.ReadBack == 0 || r.IssuePDF.Calls == 0 || r.IssueBusy.Calls == 0 || r.Unchanged == 0 || r.Amended == 0 || r.Quarantined == 0 {
		t.Fatalf("a figure is missing: %+v", r)
	}
	if r.Found < .15 || r.Found > .45 {
		t.Errorf("%.0f %% of papers have findings, about 30 are promised", 100*r.Found)
	}
}

func BenchmarkIntake(b *testing.B) {
	for b.Loop() {
		r, err := Run(b.Context(), Options{Dir: b.TempDir(), Records: 200_000, Subjects: 20_000, Reads: 200}, b.Logf)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.IntakeRows, "intake-rows/s")
		b.ReportMetric(r.RawRows, "raw-rows/s")
	}
}
