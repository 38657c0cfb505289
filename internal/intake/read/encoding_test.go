package read

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func encode(t testing.TB, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const chineseTable = "行政相对人名称,处罚内容\n岚港海蓝渔具有限公司,罚款人民币2000元\n𠮷祥㙍远洋有限公司,警告\n"

func TestEveryEncodingReadsAlike(t *testing.T) {
	ascii := "name,text\n" + strings.Repeat("A,B\n", 100_000)
	for name, text := range map[string]string{
		UTF8:    chineseTable,
		UTF8BOM: "\uFEFF" + chineseTable,
		GB18030: encode(t, simplifiedchinese.GB18030, chineseTable),
		UTF16LE: encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), chineseTable),
		UTF16BE: encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), chineseTable),
	} {
		f, err := NewReader(strings.NewReader(text), name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := [][]string{f.Header()}
		for range 2 {
			var row Row
			if err := f.Next(&row); err != nil || row.Err != nil {
				t.Fatalf("%s: %v, %v", name, err, row.Err)
			}
			got = append(got, row.Cells)
		}
		if f.Encoding() != name || got[0][0] != "行政相对人名称" || got[2][0] != "𠮷祥㙍远洋有限公司" || got[1][1] != "罚款人民币2000元" {
			t.Errorf("%s read as %s: %q", name, f.Encoding(), got)
		}
	}
	for name, e := range map[string]encoding.Encoding{UTF8: encoding.Nop, GB18030: simplifiedchinese.GB18030} {
		all, faults, _ := rows(t, ascii+encode(t, e, "岚港,溯岚县\n"))
		if last := all[len(all)-1]; !slices.Equal(last, []string{"岚港", "溯岚县"}) || faults[len(faults)-1] != "" {
			t.Errorf("%s behind 400 kB of ASCII: %q", name, last)
		}
	}
}

func TestOneBadByteDamagesOneRow(t *testing.T) {
	for name, text := range map[string]string{
		UTF8:    strings.Replace(chineseTable, "2000元", "2000\xB8", 1),
		GB18030: encode(t, simplifiedchinese.GB18030, "甲乙丙丁戊己,庚辛壬癸\n") + "\xB8\xDB\xFF,1\n" + encode(t, simplifiedchinese.GB18030, "岚港海,1\n"),
	} {
		f, err := NewReader(strings.NewReader(text), name)
		if err != nil {
			t.Fatal(err)
		}
		var bad, good Row
		if f.Next(&bad) != nil || f.Next(&good) != nil || f.Next(&Row{}) != io.EOF {
			t.Fatal(name, "does not have two rows")
		}
		if f.Encoding() != name || codeOf(bad.Err) != "bad_encoding" || bad.Number != 1 || good.Err != nil {
			t.Errorf("%s read as %s: %v, %v", name, f.Encoding(), bad.Err, good.Err)
		}
	}
}

func TestShortSamplesAreToldApart(t *testing.T) {
	for _, s := range []string{"岚", "港口", "联通", "公司名称", "一二三", "·", "甲·乙", "处罚内容：罚款", "姓名"} {
		if got := Detect([]byte(s)); got != UTF8 {
			t.Errorf("%s in UTF-8 taken for %q", s, got)
		}
		if s == "·" {
			continue
		}
		if got := Detect([]byte(encode(t, simplifiedchinese.GB18030, s))); got != GB18030 {
			t.Errorf("%s in GB18030 taken for %q", s, got)
		}
	}
}

func FuzzDecoderLosesNothing(f *testing.F) {
	f.Add("岚港,a\n", false)
	f.Add("ASCII and 𠮷", true)
	f.Fuzz(func(t *testing.T, s string, gb bool) {
		s = strings.ToValidUTF8(s, "")
		text := s
		if gb {
			enc, err := simplifiedchinese.GB18030.NewEncoder().String(s)
			if err != nil {
				return
			}
			text = enc
		}
		d := &decoder{raw: iotestHalf{strings.NewReader(text)}}
		out, err := io.ReadAll(d)
		if err != nil {
			return
		}
		want := map[bool]string{true: s, false: strings.TrimPrefix(s, "\uFEFF")}[gb]
		if (d.encoding() == GB18030) == gb && d.encoding() != UTF16BE && d.encoding() != UTF16LE && string(out) != want {
			t.Fatalf("%q became %q as %s", want, out, d.encoding())
		}
	})
}

// iotestHalf reads one byte at a time.
type iotestHalf struct{ r io.Reader }

func (h iotestHalf) Read(p []byte) (int, error) { return h.r.Read(p[:min(1, len(p))]) }

func TestEveryTwoByteCodeDecodesAsTheLibraryDecodesIt(t *testing.T) {
	var text []byte
	for r := rune(0x80); r < 0x20000; r++ {
		if enc, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(string(r))); err == nil && r != '\uFFFD' {
			text = append(append(text, enc...), ' ')
		}
	}
	want, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(newGBReader(bytes.NewReader(text)))
	if err != nil || !bytes.Equal(got, want) {
		t.Fatal("differs", err)
	}
}

func FuzzCleanTextIsUTF8(f *testing.F) {
	for _, s := range []string{"岚港", "岚\xE6(a", "\xE5(\x80", "a\x00", "\uFFFD", "，。", "\xE5", "\xE5\xE5\xE5\xE5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := utf8.ValidString(s) && !strings.Contains(s, "\x00") && !strings.Contains(s, "\uFFFD")
		if clean(s) != want {
			t.Fatalf("%q: %v", s, !want)
		}
	})
}
