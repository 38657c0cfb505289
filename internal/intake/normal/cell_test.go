package normal

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"xinban/internal/credit"
)

func TestDatesAsDepartmentsWriteThem(t *testing.T) {
	for in, want := range map[string]credit.Date{
		"2022-09-01": 20220901, "2022/9/1": 20220901, "2022.09.01": 20220901, "2022年9月1日": 20220901, "2022 年 9 月 1 日": 20220901, "20220901": 20220901,
		"44805": 20220901, "44805.5": 20220901, "2022-09-01 12:30:00": 20220901, "2022-09-01T12:30:00": 20220901, "2022/9/1 0:00": 20220901,
		"20220901123000": 20220901, "2022-09-01T16:30:00Z": 20220902, "2022-09-01T12:30:00+08:00": 20220901, "2022-9-1": 20220901,
		"二〇二二年九月一日": 20220901, "二○二二年十二月三十一日": 20221231, "二零二二年十月二十日": 20221020, "2024-02-29": 20240229,
	} {
		if d, state := parseDate(in); d != want || state != dateGood {
			t.Errorf("%s is %v (%d), not %v", in, d, state, want)
		}
	}
	for in, want := range map[string]dateState{
		"2022-09-31": dateImpossible, "2023-02-29": dateImpossible, "2022年13月1日": dateImpossible, "20220931": dateImpossible, "00000000": dateImpossible,
		"": dateNone, "—": dateNone, "无": dateNone, "0": dateNone, "长期": dateForever, "永久有效": dateForever, "2099-12-31": dateForever, "9999/12/31": dateForever,
		"22-09-01": dateUnreadable, "9/1/2022": dateUnreadable, "2022年9月": dateUnreadable, "2022": dateUnreadable, "去年": dateUnreadable, "12": dateUnreadable,
		"2022-09-01abc": dateUnreadable, "99999": dateUnreadable, "2022-09-01至2023-09-01": dateUnreadable, "1.5": dateUnreadable,
	} {
		if d, state := parseDate(in); state != want {
			t.Errorf("%s is %v (%d), want state %d", in, d, state, want)
		}
	}
}

func TestAmountsInTextsOfPenalties(t *testing.T) {
	for text, want := range map[string][]credit.Fen{
		"罚款人民币2000元":          {200000},
		"处罚款2,000.00元":        {200000},
		"罚款贰仟元整":              {200000},
		"罚款0.2万元":             {200000},
		"罚款人民币贰仟元整（￥2000.00）": {200000},
		"罚款人民币（大写）壹万贰仟叁佰肆拾伍元陆角柒分": {1234567},
		"罚款二千元": {200000},
		"罚款两万元，没收违法所得500元": {2000000},
		"罚款1.5亿元":                             {15000000000},
		"罚款3千元":                               {300000},
		"罚款十万元":                               {10000000},
		"罚款一百二十万零五百元":                         {120050000},
		"罚款壹拾元":                               {1000},
		"处以2000元以下罚款":                         nil,
		"罚款。另缴2000元":                          nil,
		"每日按罚款数额的3%加处罚款":                      nil,
		"罚款2000":                              nil,
		"对甲罚款1000元，对乙罚款3000元":                 {100000, 300000},
		"罚款" + strings.Repeat("九亿", 30) + "元": nil,
		"罚款99999999999999999999元":             nil,
		"罚款0.001元":                            nil,
	} {
		if said := amountsAfter(text, "罚款"); !slices.Equal(said.list[:said.n], want) {
			t.Errorf("%s says %v, not %v", text, said.list[:said.n], want)
		}
	}
}

// capitals writes a number of yuan below 100 million in capital numerals, as decisions do.
func capitals(n int64) string {
	const digits = "零壹贰叁肆伍陆柒捌玖"
	write := func(n int64) (s string) {
		zero := false
		for _, u := range []struct {
			v    int64
			name string
		}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
			d := n / u.v % 10
			if d == 0 {
				zero = s != ""
				continue
			}
			if zero {
				s += "零"
			}
			zero = false
			s += string([]rune(digits)[d]) + u.name
		}
		return s
	}
	if n < 10000 {
		return write(n)
	}
	low := n % 10000
	if low == 0 {
		return write(n/10000) + "万"
	}
	if low < 1000 {
		return write(n/10000) + "万零" + write(low)
	}
	return write(n/10000) + "万" + write(low)
}

func TestCapitalNumeralsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 99_999_999).Draw(t, "n")
		f, used := capitalAmount(capitals(n) + "元整")
		if f != credit.Fen(n)*credit.Yuan || used == 0 {
			t.Fatalf("%s read as %s", capitals(n), f.Yuan())
		}
	})
}

func TestAmountsOfTenThousandYuanAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := credit.Fen(rapid.Int64Range(0, 99_999_999_999_999).Draw(t, "fen"))
		got, _, state := parseAmount(f.WanYuan(), false)
		if got != f || state != amountGood {
			t.Fatalf("%s read as %d (%d)", f.WanYuan(), got, state)
		}
		got, _, state = parseAmount(f.Grouped(), true)
		if got != f || state != amountGood {
			t.Fatalf("%s read as %d (%d)", f.Grouped(), got, state)
		}
	})
}

func TestTheStateOfPublicityAnnulsNoDecision(t *testing.T) {
	for text, want := range map[string]credit.ClaimedState{"0": credit.ClaimNormal, "公示中": credit.ClaimNormal, "1": credit.ClaimOther, "撤销": credit.ClaimOther,
		"撤销公示": credit.ClaimOther, "2": credit.ClaimOther, "异议": credit.ClaimDisputed} {
		if c, known := parsePublicState(text); c != want || !known {
			t.Errorf("公示状态 %s is %d (known %v), want %d", text, c, known, want)
		}
	}
	if c, _ := parseClaim("1"); c != credit.ClaimAnnulled {
		t.Errorf("当前状态 1 is %d", c)
	}
}

func FuzzCells(f *testing.F) {
	for _, s := range []string{"2022年9月1日", "壹万元", "０．２", "91000000MA000000１（1/1）", "岚环罚[2026]1号（1/2）", "罚款、警告", "'=1", "\uFDD0x\uFDD0y", "11010519491231002X", "二〇二二年十月", "罚款九九元", "（）", "\xE5\xB2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if damaged := !utf8.ValidString(s) || strings.Contains(s, "\uFFFD"); damaged != (scan(s)&hasDamage != 0) {
			t.Fatalf("%q damaged: %v", s, damaged)
		}
		if d, state := parseDate(s); state == dateGood {
			if again, st := parseDate(d.String()); again != d || st != dateGood {
				t.Fatalf("%q: %v becomes %v", s, d, again)
			}
		}
		if a, _, state := parseAmount(s, false); state == amountGood && a < 0 {
			t.Fatalf("%q is %d", s, a)
		}
		if said := amountsAfter("罚款"+s, "罚款"); said.total < 0 {
			t.Fatalf("%q says %d", s, said.total)
		}
		if scan(s)&(hasDamage|hasControl) != 0 {
			_, _, _ = cleanCode(s)
			_, _ = docNo(s)
			_, _ = subjectName(s), SafeCell(s)
			return // Row reads no such cell
		}
		if c, _, _ := cleanCode(s); scan(s) == 0 {
			if again, _, cut := cleanCode(c); plainCode(c) && (again != c || cut) {
				t.Fatalf("code %q becomes %q", c, again)
			}
		}
		n, _ := docNo(s)
		if again, part := docNo(n); part == "" && again != n {
			t.Fatalf("document number %q becomes %q", n, again)
		}
		name := subjectName(s)
		if again := subjectName(name); again != name {
			t.Fatalf("name %q becomes %q", name, again)
		}
		kinds := parsePenalties(s).kinds
		if again := parsePenalties(kinds.Chinese()); again.kinds != kinds || again.unknown != "" || again.guessed != "" {
			t.Fatalf("kinds %s become %s", kinds.Chinese(), again.kinds.Chinese())
		}
		if masked, ok := maskIdentities(s, ""); ok {
			if again, twice := maskIdentities(masked, ""); twice || again != masked {
				t.Fatalf("%q masked twice", s)
			}
		}
		SafeCell(s)
		for _, k := range credit.Kinds() {
			_, _, _ = Map([]string{s, "名称", s}, k)
		}
	})
}
