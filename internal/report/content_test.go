package report

import (
	"slices"
	"testing"
)

// A record without particulars hides those of no other, and says of a document no more than before; only
// a document in which none has any gives counts.
func TestOneRecordWithoutParticularsHidesNoOthers(t *testing.T) {
	bare, full := Record{Kind: "penalty"}, Record{Kind: "penalty", Detail: "种类：罚款\n事实：某事"}
	for label, tt := range map[string]struct {
		records []Record
		byCount bool
	}{
		"all have some":   {[]Record{full, full}, false},
		"the first lacks": {[]Record{bare, full}, false},
		"the last lacks":  {[]Record{full, bare}, false},
		"none has any":    {[]Record{bare, bare}, true},
	} {
		c := &Content{Records: tt.records}
		d := reportData{Content: c}
		d.describe()
		told := toldOutside(c, Withdrawn, []string{"报告所列某号已撤销"})
		if d.ByCount != tt.byCount || len(d.Details) != len(tt.records) || slices.Contains(told, "报告所列某号已撤销") == tt.byCount {
			t.Errorf("%s: by count %v, told %v", label, d.ByCount, told)
		}
		if got, want := len(details(c)) > 3, !tt.byCount; got != want {
			t.Errorf("%s: the paper has details: %v", label, got)
		}
	}
}

func TestALineWithoutANameIsTheSummary(t *testing.T) {
	r := Record{Detail: "罚款；未按规定贮存\n程序：普通程序"}
	if got := r.particulars(); !slices.Equal(got, [][2]string{{"摘要", "罚款；未按规定贮存"}, {"程序", "普通程序"}}) {
		t.Errorf("%q", got)
	}
}
