package intake

import "testing"

func TestWhatIsLeftIsToldByRows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p         Progress
		read      int64
		seconds   float64
		total     int64
		remaining float64
	}{
		"before the first byte":     {Progress{Size: 1000}, 0, 1, 0, 0},
		"before the first verdict":  {Progress{Size: 1000, Bytes: 100}, 10, 1, 100, 0},
		"halfway":                   {Progress{Size: 1000, Bytes: 1000, Rows: 50}, 100, 5, 100, 5},
		"read to the end":           {Progress{Size: 1000, Bytes: 1000, Rows: 100}, 100, 5, 100, 0},
		"read ahead of the verdict": {Progress{Size: 1000, Bytes: 500, Rows: 10}, 50, 1, 100, 9},
		"of a stream without size":  {Progress{Bytes: 500, Rows: 10}, 50, 1, 0, 0},
	} {
		if got := estimate(c.p, c.read, c.seconds); got.Total != c.total || got.Remaining != c.remaining {
			t.Errorf("%s: %d rows in all, %v s left; want %d and %v", name, got.Total, got.Remaining, c.total, c.remaining)
		}
	}
}
