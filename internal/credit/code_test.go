package credit

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

type vector struct{ kind, code, verdict string }

func codeVectors(t testing.TB) []vector {
	t.Helper()
	f, err := os.Open("testdata/code-vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 15 {
		t.Fatalf("%d vectors, %v", len(rows), err)
	}
	var all []vector
	for _, row := range rows[1:] {
		all = append(all, vector{row[0], row[1], row[2]})
	}
	return all
}

func TestCodeVectors(t *testing.T) {
	for _, v := range codeVectors(t) {
		check := CheckUSCC
		if v.kind == "rid" {
			check = CheckResidentID
		}
		if c := check(v.code); c.Verdict.String() != v.verdict {
			t.Errorf("%s %s is %s (%s), want %s", v.kind, v.code, c.Verdict, c.Reason, v.verdict)
		}
		kind, c := CheckCode(v.code)
		if kind != v.kind || c.Verdict.String() != v.verdict {
			t.Errorf("%s is recognised as %s %s (%s), want %s %s", v.code, kind, c.Verdict, c.Reason, v.kind, v.verdict)
		}
		if (c.Reason == "") != (c.Verdict == Valid) {
			t.Errorf("%s: a reason exactly when the code is not valid, got %q", v.code, c.Reason)
		}
	}
}

func TestRecogniseCodes(t *testing.T) {
	for _, c := range []struct {
		code, kind string
		verdict    Verdict
	}{
		{"D2143569-X", CodeOrg, Valid},
		{"D2143569X", CodeOrg, Valid},
		{"D21435690", CodeOrg, Warn},
		{" 91320100748204660q ", CodeUSCC, Valid},
		{"９１３２０１００７４８２０４６６０Ｑ", CodeUSCC, Valid},
		{"440524880101001", CodeResidentID, Valid}, // first generation of a number in the vectors
		{"440524881301001", CodeUnknown, Invalid},  // no thirteenth month: perhaps a registration number
		{"", CodeUnknown, Invalid},
		{"演示", CodeUnknown, Invalid},
		{"9132010074820466〇Q", CodeUSCC, Invalid},
	} {
		kind, got := CheckCode(c.code)
		if kind != c.kind || got.Verdict != c.verdict {
			t.Errorf("%q is %s %s (%s), want %s %s", c.code, kind, got.Verdict, got.Reason, c.kind, c.verdict)
		}
	}
}

// wellFormed draws the first 17 characters of a social credit code.
func wellFormed() *rapid.Generator[string] {
	return rapid.StringMatching(`[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}`)
}

// A well-formed code is valid with its check character and a warning with every other: never invalid.
func TestWrongCheckOfWellFormedCodeIsWarning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := wellFormed().Draw(t, "code")
		right := USCCCheck(first)
		for _, last := range []byte(usccAlphabet) {
			want := Warn
			if last == right {
				want = Valid
			}
			if c := CheckUSCC(first + string(last)); c.Verdict != want {
				t.Fatalf("%s%c is %s, want %s", first, last, c.Verdict, want)
			}
		}
	})
}

// ISO 7064 MOD 11-2 finds every single wrong digit and every swap of neighbours.
func TestResidentIDFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := []byte("11010519491231002X")
		i := rapid.IntRange(0, 16).Draw(t, "place")
		if rapid.Bool().Draw(t, "swap") {
			if id[i+1] == 'X' || id[i] == id[i+1] {
				return
			}
			id[i], id[i+1] = id[i+1], id[i]
		} else if d := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit")); d != id[i] {
			id[i] = d
		} else {
			return
		}
		if CheckResidentID(string(id)).Verdict != Invalid {
			t.Fatalf("%s passes", id)
		}
	})
}

func TestOrgCodeInsideUSCC(t *testing.T) {
	for _, code := range []string{"91320100748204660Q", "11230500001755309F", "91230500MA1B3N1N2M", "9135010026017703XW", "91350100M000100Y43"} {
		if c := CheckOrgCode(code[8:17]); c.Verdict != Valid {
			t.Errorf("%s inside %s is %s (%s)", code[8:17], code, c.Verdict, c.Reason)
		}
	}
	for _, bad := range []string{"", "D2143569", "d2143569X", "D2143569XX", "D214356--"} {
		if c := CheckOrgCode(bad); c.Verdict != Invalid {
			t.Errorf("%q is %s", bad, c.Verdict)
		}
	}
}

func TestMaskHidesThePerson(t *testing.T) {
	if got := MaskID("11010519491231002X"); got != "110*************2X" {
		t.Errorf("got %s", got)
	}
	if got := MaskID("1234567"); got != "*******" {
		t.Errorf("a short text is hidden whole, got %s", got)
	}
	if _, ok := ResidentID18("440524880101001"); !ok {
		t.Error("a 15-digit number becomes one of 18")
	}
	if long, _ := ResidentID18("440524880101001"); long != "440524198801010011" {
		t.Errorf("the century of a 15-digit number is the twentieth, got %s", long)
	}
}

func FuzzCheckCode(f *testing.F) {
	for _, v := range codeVectors(f) {
		f.Add(v.code)
	}
	f.Add("440524880101001")
	f.Fuzz(func(t *testing.T, s string) {
		kind, c := CheckCode(s)
		if (c.Verdict == Valid) != (c.Reason == "") || kind == "" || kind == CodeUnknown && c.Verdict != Invalid {
			t.Fatalf("%q: %s %+v", s, kind, c)
		}
		if kind2, c2 := CheckCode(NormalCode(s)); kind2 != kind || c2 != c {
			t.Fatalf("%q and its normal form differ: %s %+v, %s %+v", s, kind, c, kind2, c2)
		}
		if !strings.Contains(MaskID(s), "*") && s != "" {
			t.Fatalf("%q is not masked", s)
		}
		CheckUSCC(s)
		CheckOrgCode(s)
		ResidentID18(s)
	})
}
