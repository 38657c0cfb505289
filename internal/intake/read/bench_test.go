package read

import (
	"bytes"
	"encoding/csv"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// sample is about n bytes of penalty rows of 24 columns and 1.2 KB.
func sample(n int) []byte {
	facts := strings.Repeat("经查，该单位未按规定对生产过程中产生的污染物进行收集处理，", 9)
	row := "岚港海蓝渔具有限公司,法人及非法人组织,91000000MA0000001X,,,蓝小舟,,,岚环罚〔2026〕12号,未按规定排放污染物," + facts +
		",《岚海省环境保护条例》第十条,罚款,罚款人民币2000元,0.2,,,2026-03-05,,2027-03-05,岚港市生态环境局,11000000000000001X,岚港市生态环境局,普通程序\n"
	var b bytes.Buffer
	b.WriteString(strings.Repeat("列,", 23) + "列\n")
	for b.Len() < n {
		b.WriteString(row)
	}
	return b.Bytes()
}

func BenchmarkCSV(b *testing.B) {
	data := sample(16 << 20)
	quoted := bytes.ReplaceAll(data, []byte(",罚款人民币2000元,"), []byte(`,"罚款人民币2000元",`))
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(data)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []byte
	}{{"utf8", data}, {"quoted", quoted}, {"gb18030", gb}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				f, err := NewReader(bytes.NewReader(c.data), "bench")
				if err != nil {
					b.Fatal(err)
				}
				var row Row
				for err = f.Next(&row); err == nil; err = f.Next(&row) {
					if row.Err != nil {
						b.Fatal(row.Err)
					}
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
		})
	}
	// The standard library checks neither that the text is UTF-8 nor that it has no NUL; the second
	// run adds what an intake must check anyway.
	for _, checked := range []bool{false, true} {
		name := map[bool]string{false: "encoding-csv", true: "encoding-csv-checked"}[checked]
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(data))
				r.ReuseRecord = true
				for {
					row, err := r.Read()
					if err != nil {
						break
					}
					for _, cell := range row {
						if checked && (!utf8.ValidString(cell) || strings.IndexByte(cell, 0) >= 0) {
							b.Fatal(cell)
						}
					}
				}
			}
		})
	}
}
