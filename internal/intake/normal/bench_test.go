package normal

import (
	"strings"
	"testing"
)

func BenchmarkPenaltyRow(b *testing.B) {
	l := penaltyLayout(b)
	row := penaltyRow(b, "违法事实", strings.Repeat("经查，该单位未按规定对生产过程中产生的污染物进行收集处理，", 9),
		"处罚内容", "依据《岚海省环境保护条例》第十条的规定，决定给予罚款人民币贰仟元整（￥2000.00）的行政处罚。")
	size := 0
	for _, c := range row {
		size += len(c) + 1
	}
	var out Out
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		l.Row(row, &out)
	}
	if len(out.Findings) != 0 {
		b.Fatal(out.Findings)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
