package credit

import (
	"testing"

	"pgregory.net/rapid"
)

// One decision is one matter, whatever else two sources say of it; every part of the recipe tells
// two decisions apart.
func TestOneDecisionIsOneMatter(t *testing.T) {
	base := Record{Kind: Penalty, DocNo: "岚环罚〔2026〕12号", Decided: 20260410, Name: "甲", Content: "罚款"}
	same := base
	same.Decided, same.Name, same.Content, same.Provider, same.Remark = 20260411, "乙", "", "另一来源", "备注"
	id, strong := IdentifyMatter(&base, "lh-ecology")
	if id2, _ := IdentifyMatter(&same, "lh-ecology"); id2 != id || !strong {
		t.Error("the recipe is organ, number and part alone")
	}
	other := base
	other.Part = "1/2"
	id2, _ := IdentifyMatter(&other, "lh-ecology")
	id3, _ := IdentifyMatter(&base, "lh-market")
	other.Part, other.DocNo = "", "岚环罚〔2026〕13号"
	id4, _ := IdentifyMatter(&other, "lh-ecology")
	other = base
	other.Kind = Coercion
	id5, _ := IdentifyMatter(&other, "lh-ecology")
	seen := map[MatterID]bool{id: true, id2: true, id3: true, id4: true, id5: true}
	if len(seen) != 5 {
		t.Error("organ, number, part and kind each tell decisions apart")
	}
}

func TestRecipes(t *testing.T) {
	for _, c := range []struct {
		what         string
		a, b         Record
		organ        string
		same, strong bool
	}{
		{"list entries differ by listing date", Record{Kind: SeriousList, List: "market", Decided: 20250101}, Record{Kind: SeriousList, List: "market", Decided: 20250102}, "o", false, true},
		{"list entries of one day are one", Record{Kind: AbnormalList, List: "a", Decided: 20250101}, Record{Kind: AbnormalList, List: "a", Decided: 20250101, DocNo: "1号"}, "o", true, true},
		{"an entry without a date is weak", Record{Kind: SeriousList, List: "market"}, Record{Kind: SeriousList, List: "market"}, "o", true, false},
		{"licences differ by licence number", Record{Kind: Licence, DocNo: "1号", LicenceNo: "A"}, Record{Kind: Licence, DocNo: "1号", LicenceNo: "B"}, "o", false, true},
		{"a registration is its subject's only one", Record{Kind: Registration, Decided: 20200101}, Record{Kind: Registration, Decided: 20210101}, "", true, true},
		{"a decision of an organ not known is weak", Record{Kind: Penalty, DocNo: "1号"}, Record{Kind: Penalty, DocNo: "1号", Content: "x"}, "", false, false},
		{"a decision without a number is weak", Record{Kind: Penalty, Decided: 20260101}, Record{Kind: Penalty, Decided: 20260102}, "o", false, false},
	} {
		a, strong := IdentifyMatter(&c.a, c.organ)
		b, _ := IdentifyMatter(&c.b, c.organ)
		if (a == b) != c.same || strong != c.strong {
			t.Errorf("%s: same %t, strong %t", c.what, a == b, strong)
		}
	}
}

// The identifier of a matter is stored: a change of the recipe must be seen here.
func TestRecipeIsStored(t *testing.T) {
	id, _ := IdentifyMatter(&Record{Kind: Penalty, DocNo: "岚环罚〔2026〕12号"}, "lh-ecology")
	const want = "a1bac0e1ae1b8d4569202dda6a93338c"
	if RecipeVersion != 1 || id.String() != want {
		t.Errorf("recipe %d gives %s, stored is %s", RecipeVersion, id, want)
	}
}

func TestMatterIDReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id, _ := IdentifyMatter(&Record{Kind: Penalty, DocNo: rapid.String().Draw(t, "number")}, "o")
		if back, err := ParseMatterID(id.String()); err != nil || back != id {
			t.Fatal(err)
		}
	})
	for _, s := range []string{"", "00", "zz", "000000000000000000000000000000000", "0000000000000000000000000000000g"} {
		if _, err := ParseMatterID(s); err == nil {
			t.Errorf("%q is read", s)
		}
	}
}

// Fields of the recipe are parted: moving text from one field to the next gives another matter.
func TestFieldsDoNotRunTogether(t *testing.T) {
	a, _ := IdentifyMatter(&Record{Kind: Penalty, DocNo: "12", Part: "3"}, "o")
	b, _ := IdentifyMatter(&Record{Kind: Penalty, DocNo: "1", Part: "23"}, "o")
	c, _ := IdentifyMatter(&Record{Kind: Penalty, DocNo: "12", Part: "3"}, "")
	if a == b || a == c {
		t.Error("two decisions have one identifier")
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		key    Key
		scheme Scheme
		person bool
		code   string
	}{
		{OrgKey("91000000MA00000000"), "", false, "91000000MA00000000"},
		{LegacyKey(SchemeRegistration, "000000000000001"), SchemeRegistration, false, "000000000000001"},
		{"p:abcdef", SchemePerson, true, ""},
	} {
		if c.key.Scheme() != c.scheme || c.key.Person() != c.person || c.key.Code() != c.code {
			t.Errorf("%s: %q %t %q", c.key, c.key.Scheme(), c.key.Person(), c.key.Code())
		}
	}
}
