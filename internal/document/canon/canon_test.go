package canon_test

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"xinban/internal/document/canon"
)

func TestVectorsOfRFC8785(t *testing.T) {
	for name, v := range map[string]struct{ in, want string }{
		"3.2.2 sample": {
			`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
			  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		},
		"3.2.3 sorting": {
			`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",` +
				`"\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
			`{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis",` +
				`"€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`,
		},
		"spaces and nesting": {" [ 56 , { \"d\" : true , \"10\" : null , \"1\" : [ ] , \"\" : { } } ] ", `[56,{"":{},"1":[],"10":null,"d":true}]`},
		"minus zero":         {`[-0, -0.0, 0e5]`, `[0,0,0]`},
	} {
		got, err := canon.Transform([]byte(v.in))
		if err != nil || string(got) != v.want {
			t.Errorf("%s: got %s, %v\nwant %s", name, got, err, v.want)
		}
	}
}

// RFC 8785, appendix B: binary64 bit patterns and what ECMAScript writes for them.
func TestNumbersOfAppendixB(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0", 0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		in, _ := json.Marshal(math.Float64frombits(bits))
		if !strings.ContainsAny(string(in), ".e") && math.Abs(math.Float64frombits(bits)) > 1<<53 {
			in = append(in, ".0"...) // a written fraction marks a measured number, which may be rounded
		}
		if got, err := canon.Transform(in); err != nil || string(got) != want {
			t.Errorf("%#x: got %s, %v, want %s", bits, got, err, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	for in, want := range map[string]error{
		`{"a":1,"a":2}`:      canon.ErrDuplicateName,
		`{"a":1,"\u0061":2}`: canon.ErrDuplicateName,
		`"\ud800"`:           canon.ErrInvalidText,
		`"\ud800\u0041"`:     canon.ErrInvalidText,
		"\"\xff\"":           canon.ErrInvalidText,
		"\"a\\n\xff\"":       canon.ErrInvalidText,
		`9007199254740993`:   canon.ErrNumber,
		`-9007199254740995`:  canon.ErrNumber,
		`1e400`:              canon.ErrNumber,
		`01`:                 canon.ErrSyntax,
		`1.`:                 canon.ErrSyntax,
		`-`:                  canon.ErrSyntax,
		`[1,]`:               canon.ErrSyntax,
		`{"a":1,}`:           canon.ErrSyntax,
		`{"a" 1}`:            canon.ErrSyntax,
		`"a`:                 canon.ErrSyntax,
		"\"a\nb\"":           canon.ErrSyntax,
		`"\x"`:               canon.ErrSyntax,
		`nul`:                canon.ErrSyntax,
		``:                   canon.ErrSyntax,
		`1 2`:                canon.ErrSyntax,
		strings.Repeat("[", canon.MaxDepth+2) + strings.Repeat("]", canon.MaxDepth+2): canon.ErrTooDeep,
	} {
		if got, err := canon.Transform([]byte(in)); !errors.Is(err, want) {
			t.Errorf("%.40q: got %s, %v, want %v", in, got, err, want)
		}
	}
	for _, v := range []any{math.NaN(), math.Inf(1), "a\xffb", map[string]string{"\xff": ""}, int64(1<<53 + 1)} {
		if got, err := canon.Marshal(v); err == nil {
			t.Errorf("Marshal(%v) gave %s, want an error", v, got)
		}
	}
	if got, err := canon.Marshal(`a\ufffd` + "\uFFFD<&>"); err != nil || string(got) != `"a\\ufffd`+"\uFFFD"+`<&>"` {
		t.Errorf("a written backslash and a real U+FFFD are text: got %s, %v", got, err)
	}
}

func TestMembersAreInUTF16OrderAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.MapOf(rapid.String(), rapid.Int64Range(-1<<53, 1<<53)).Draw(t, "object")
		got, err := canon.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]int64
		if err := json.Unmarshal(got, &back); err != nil || !reflect.DeepEqual(back, in) {
			t.Fatalf("read back %v, %v", back, err)
		}
		dec := json.NewDecoder(strings.NewReader(string(got)))
		var last []uint16
		for depth, key := 0, true; ; {
			tok, err := dec.Token()
			if err != nil {
				break
			}
			if _, ok := tok.(json.Delim); ok {
				depth++
				continue
			}
			if name, ok := tok.(string); ok && key {
				units := utf16.Encode([]rune(name))
				if last != nil && !less(last, units) {
					t.Fatalf("%x before %x", last, units)
				}
				last = units
			}
			key = !key
		}
	})
}

func less(a, b []uint16) bool {
	for i := range a {
		if i == len(b) || a[i] > b[i] {
			return false
		}
		if a[i] < b[i] {
			return true
		}
	}
	return len(a) < len(b)
}

func FuzzTransform(f *testing.F) {
	for _, s := range []string{`{"b":[1,2.50,-0],"a":"\u00e9\ud83d\ude00"}`, `[]`, `"\\"`, `{"":{"":[]}}`, `1e-7`, "{\"\xef\xbf\xbd\":0}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := canon.Transform(in)
		if err != nil {
			return
		}
		if !json.Valid(in) || !json.Valid(got) {
			t.Fatalf("accepted %q as %q, which encoding/json refuses", in, got)
		}
		again, err := canon.Transform(got)
		if err != nil || string(again) != string(got) {
			t.Fatalf("not idempotent: %q then %q, %v", got, again, err)
		}
		var a, b any
		if json.Unmarshal(in, &a) != nil || json.Unmarshal(got, &b) != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%q and %q say different things", in, got)
		}
	})
}

func BenchmarkMarshal(b *testing.B) {
	type record struct {
		Number, Organ, Fact string
		Fen                 int64
		Kinds               []string
	}
	var doc struct{ Records []record }
	for range 60 {
		doc.Records = append(doc.Records, record{"岚港市监处罚〔2025〕12号", "岚港市市场监督管理局", strings.Repeat("未按照规定公示年度报告。", 8), 1200000, []string{"警告", "罚款"}})
	}
	out, _ := canon.Marshal(doc)
	b.SetBytes(int64(len(out)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := canon.Marshal(doc); err != nil {
			b.Fatal(err)
		}
	}
}
