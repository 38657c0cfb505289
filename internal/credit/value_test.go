package credit

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func dates() *rapid.Generator[Date] {
	return rapid.Custom(func(t *rapid.T) Date { return Date(19900101).AddDays(rapid.IntRange(0, 25000).Draw(t, "day")) })
}

// Month arithmetic of 民法典 art. 202: the corresponding day, or the last of the month.
func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from   Date
		months int
		to     Date
	}{
		{20260410, 3, 20260710}, {20260410, 12, 20270410}, {20261130, 3, 20270228}, {20260531, 12, 20270531},
		{20260531, 36, 20290531}, {20280229, 12, 20290228}, {20270228, 12, 20280228}, {20261231, 2, 20270228},
		{20270331, -1, 20270228}, {20260115, -1, 20251215}, {20260115, -12, 20250115}, {20261130, 0, 20261130},
	} {
		if got := c.from.AddMonths(c.months); got != c.to {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.months, got, c.to)
		}
	}
}

func TestDateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n, m := dates().Draw(t, "date"), rapid.IntRange(-3000, 3000).Draw(t, "days"), rapid.IntRange(0, 60).Draw(t, "months")
		if d.DaysUntil(d.AddDays(n)) != n || (n > 0) != (d.AddDays(n) > d) {
			t.Fatal("days are added and counted alike, and dates order as numbers")
		}
		later := d.AddMonths(m)
		if later.Day() > d.Day() || later.AddDays(1).Day() != 1 && later.Day() != d.Day() {
			t.Fatalf("%s + %d months = %s is neither the corresponding day nor the last of the month", d, m, later)
		}
		if back, err := ParseDate(d.String()); err != nil || back != d || DateOf(d.Time()) != d {
			t.Fatal("a date reads back")
		}
		if _, ok := NewDate(d.Year(), d.Month(), d.Day()); !ok {
			t.Fatal("every date exists")
		}
	})
}

func TestDatesThatDoNotExist(t *testing.T) {
	for _, s := range []string{"2022-09-31", "2026-02-29", "2026-00-10", "2026-13-01", "0000-01-01", "2026-1-1", "20260101", "2026/01/01", "２０２６-01-01", ""} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q is read as %s", s, d)
		}
	}
	if got := DateOf(time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC)); got != 20260401 {
		t.Errorf("16:00 UTC is the next day in Shanghai, got %s", got)
	}
	b, err := json.Marshal(map[string]Date{"none": 0, "some": 20260401})
	if err != nil || string(b) != `{"none":"","some":"2026-04-01"}` {
		t.Errorf("got %s, %v", b, err)
	}
}

// Amounts of the exchange files in 万元 with six decimals are whole fen: nothing is rounded.
func TestMoneyIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(0, 99_999_999_999_999_999).Draw(t, "fen"))
		if back, err := ParseWanYuan(f.WanYuan()); err != nil || back != f {
			t.Fatalf("%d fen is %s 万元 and reads back as %d, %v", f, f.WanYuan(), back, err)
		}
		if f > 99_999_999_999_999 {
			return
		}
		for _, s := range []string{f.Yuan(), f.Grouped()} {
			if back, err := ParseYuan(s); err != nil || back != f {
				t.Fatalf("%d fen is %s yuan and reads back as %d, %v", f, s, back, err)
			}
		}
	})
}

func TestAmounts(t *testing.T) {
	for s, want := range map[string]Fen{"0.2": 200_000, "0.000001": 1, "12": 12_000_000, ".5": 500_000, "0.2000000": 200_000, "0": 0, "1,000": 1_000_000_000} {
		if got, err := ParseWanYuan(s); err != nil || got != want {
			t.Errorf("%s 万元 = %d fen, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", ".", "-1", "+1", "0.0000001", "1e3", "1.2.3", "一万", "1_000", "0x10", "1234567890123", "NaN"} {
		if got, err := ParseWanYuan(s); err == nil {
			t.Errorf("%q is read as %d fen", s, got)
		}
	}
	if got := Fen(-123456789).Grouped(); got != "-1,234,567.89" {
		t.Errorf("got %s", got)
	}
	if got := Fen(-200_000).WanYuan(); got != "-0.2" {
		t.Errorf("got %s", got)
	}
}

func TestNormalText(t *testing.T) {
	for in, want := range map[string]string{"　９１Ａ　": "91A", " a\u00a0b ": "a b", "岚海省（演示）": "岚海省（演示）", "\ufeff名": "名", "１／１": "1/1"} {
		if got := NormalText(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if a, b := NormalName("岚港 船务(集团)有限公司"), NormalName("岚港船务（集团）有限公司"); a != b {
		t.Errorf("%q and %q are one name", a, b)
	}
	for in, want := range map[string]string{"ABC Trading (岚港) 有限公司": "ABC Trading（岚港）有限公司", " Sulan\t Demo　Ｔrading": "Sulan Demo Trading", "岚港 ABC 有限公司": "岚港ABC有限公司",
		"买买提•演示": "买买提·演示", "买买提・演示": "买买提·演示", "买买提 · 演示": "买买提·演示", "岚港〔一〕号店": "岚港（一）号店"} {
		if got := NormalName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	for _, s := range []string{"岚环罚[2026] 12号", "岚环罚（2026）12号", "岚环罚【２０２６】12号", "岚环罚〔2026〕12号"} {
		if got := NormalDocNo(s); got != "岚环罚〔2026〕12号" {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

func FuzzNormalForms(f *testing.F) {
	f.Add("岚环罚[2026] 12号")
	f.Add("- \u2003A")
	f.Add("A  (B •C")
	f.Add("\u200b\ufeff １")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // refused before it gets here
		}
		for name, normal := range map[string]func(string) string{"text": NormalText, "name": NormalName, "number": NormalDocNo, "code": NormalCode} {
			once := normal(s)
			if twice := normal(once); twice != once {
				t.Fatalf("%s: %q becomes %q and then %q", name, s, once, twice)
			}
		}
	})
}

func FuzzParseDate(f *testing.F) {
	f.Add("2026-04-01")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDate(s); err == nil && d.String() != s {
			t.Fatalf("%q is read as %s", s, d)
		}
	})
}

func FuzzParseAmount(f *testing.F) {
	f.Add("0.2")
	f.Add("1,234.5")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseWanYuan(s); err == nil {
			if back, err := ParseWanYuan(v.WanYuan()); err != nil || back != v || v < 0 {
				t.Fatalf("%q is %d fen and reads back as %d, %v", s, v, back, err)
			}
		}
		if v, err := ParseYuan(s); err == nil && v < 0 {
			t.Fatalf("%q is %d fen", s, v)
		}
	})
}

func TestPenaltySets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := rapid.SliceOf(rapid.Map(rapid.IntRange(1, 14), func(i int) PenaltyKind { return PenaltyKind(i) })).Draw(t, "kinds")
		set := PenaltySet(kinds...)
		for _, k := range kinds {
			if !set.Has(k) {
				t.Fatalf("%s is missing", k)
			}
		}
		if PenaltySet(set.List()...) != set {
			t.Fatal("a set lists itself")
		}
	})
	if s := PenaltySet(Fine, Warning).Chinese(); s != "警告、罚款" {
		t.Errorf("got %s", s)
	}
	for k := Warning; k <= OrderClosure; k++ {
		if back, err := ParsePenaltyKind(k.String()); err != nil || back != k || k.Chinese() == "" || len(k.Code()) != 2 {
			t.Errorf("%s reads back as %s, %v", k, back, err)
		}
	}
	for _, k := range Kinds() {
		if back, err := ParseKind(k.String()); err != nil || back != k || k.Chinese() == "" {
			t.Errorf("%s reads back as %s, %v", k, back, err)
		}
	}
	if _, err := ParseKind(""); err == nil {
		t.Error("the empty text is no kind")
	}
	if _, err := ParsePenaltyKind(""); err == nil {
		t.Error("the empty text is no kind of penalty")
	}
}

func TestValuesOutsideTheirRangeDoNotPanic(t *testing.T) {
	if Verdict(9).String() == "" || SubjectClass(9).Chinese() != "" || Kind(99).Chinese() != "" || PenaltyKind(99).Chinese() != "" {
		t.Error("a number that is none of the values has no name")
	}
	if !strings.Contains(Kind(99).String(), "99") {
		t.Error("a number that is no kind is shown as it is")
	}
}
