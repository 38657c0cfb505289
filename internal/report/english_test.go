package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/law"
	"xinban/internal/report"
	"xinban/internal/store/storetest"
)

const englishRegister = `set: organ
id: lanhai
title: 岚海省机关目录（演示）
effective_from: 2020-01-01
source: 演示数据
sureness: assumed
organs:
  - {id: lg-ecology, name: 岚港市生态环境局, english: Langang Ecology and Environment Bureau, region: "000100", domains: [ecology]}
  - {id: lg-market, name: 岚港市市场监督管理局, region: "000100", domains: [market]}
`

func english(t *testing.T, o *office, doc *report.Issued) *report.Rendering {
	t.Helper()
	r, err := o.English(t.Context(), doc, true)
	must(t, err)
	return r
}

// What the English rendering says of a document in each edition. Organs and domains are named in English where
// a name is known, else in Chinese with pinyin; the golden files are the renderings.
func TestEnglishRendering(t *testing.T) {
	t.Parallel()
	o := openWith(t, storetest.SQLite(t), t.TempDir(), englishRegister)
	o.says(firm, editionTable()...)
	for _, edition := range []string{"general", "administration"} {
		doc := o.issue(report.Request{Edition: edition, Domains: []string{"ecology", "market", "hr"}, Purpose: "招投标"})
		e := english(t, o, doc).English
		if e.Number != doc.Content.Number || e.Original.SHA256 != doc.SHA256() || string(e.Original.Content) != string(doc.Payload) {
			t.Errorf("%s: the rendering is of %s %s", edition, e.Number, e.Original.SHA256)
		}
		e.Number, e.Code, e.Original = "", "", report.Original{Content: json.RawMessage("null")}
		b, err := json.MarshalIndent(e, "", " ")
		must(t, err)
		b = append(b, '\n')
		path := filepath.Join("testdata", "english", edition+".json")
		if *update {
			must(t, os.MkdirAll(filepath.Dir(path), 0o755))
			must(t, os.WriteFile(path, b, 0o644))
		}
		want, err := os.ReadFile(path)
		must(t, err)
		if string(b) != string(want) {
			t.Errorf("%s is\n%s", path, b)
		}
	}
}

// On the paper stand the number, the digest of the original, money and dates as readers of English write
// them, and that the Chinese text prevails.
func TestEnglishPaperSaysWhatTheChineseOneDoes(t *testing.T) {
	t.Parallel()
	o := openWith(t, storetest.SQLite(t), t.TempDir(), englishRegister)
	o.says(firm, editionTable()...)
	doc := o.issue(report.Request{Edition: "administration"})
	r := english(t, o, doc)
	text := strings.Join(strings.Fields(paperText(t, r.Paper)), " ")
	for _, want := range []string{doc.Content.Number, doc.Content.Code, doc.SHA256()[:20], "The Chinese text prevails", "18 May 2026", "CNY 30,000.00", "10 April 2026",
		"Langang Ecology and Environment Bureau", "岚港市市场监督管理局", "Gang Shi Shi Chang", "Meteorology", "Fine; Confiscation of illegal property",
		"Facts (in Chinese)", "危险废物贮存场所未设置标志", "Publicity ended", "Page 1 of"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q", want)
		}
	}
	for _, not := range []string{"⟦", "第1页", "万元", "人民币"} {
		if strings.Contains(text, not) && !strings.Contains("罚款人民币叁万元，没收违法所得", not) {
			t.Errorf("the paper says %q", not)
		}
	}
}

// No English word is broken between two lines, and nothing stands outside the margins.
func TestEnglishWordsStayWhole(t *testing.T) {
	t.Parallel()
	o := openWith(t, storetest.SQLite(t), t.TempDir(), englishRegister)
	o.says(firm, editionTable()...)
	r := english(t, o, o.issue(report.Request{Edition: "administration"}))
	words := map[string]bool{}
	payload, err := json.Marshal(r.English)
	must(t, err)
	for _, w := range latinWord.FindAllString(string(payload), -1) {
		words[w] = true
	}
	for _, w := range strings.Fields("Issuer Electronic Rendering Number Page of English rendering This is an English rendering of a report issued in Chinese No Domain Organ that used to certify Result Data as Scan to verify or enter number and code on the verification page Code Report Edition Period Domains Issued Digest Chinese original Former names Subject Public Credit In place of certificates no violation Record Results by domain Records Notes Document number Kind Class Date Fine State Total records listed Fines all None found Text organs wrote such facts legal basis stays marked so") {
		words[w] = true
	}
	for _, w := range latinWord.FindAllString(paperText(t, r.Paper), -1) {
		if len(w) > 3 && !words[w] && !hex.MatchString(w) && unicode.IsLetter(rune(w[0])) {
			t.Errorf("the paper has %q, which the rendering does not say", w)
		}
	}
}

var (
	latinWord = regexp.MustCompile(`[A-Za-zü]+`)
	hex       = regexp.MustCompile(`^[a-f]+$`)
)

// A rendering verifies as the document that it renders: unaltered, by whom, in force; and stops being in force
// with it.
func TestEnglishRenderingVerifies(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("1号", nil))
		doc := o.issue(report.Request{Edition: "listing", Paper: true})
		r := english(t, o, doc)
		for name, file := range map[string][]byte{"PDF": r.Paper, "JSON": r.Envelope} {
			v := o.verify(file)
			if !v.Unaltered || !v.IssuerTrusted || v.Status != report.Valid || v.Language != "en" || v.Number != doc.Content.Number {
				t.Errorf("%s: %+v", name, v)
			}
			if v.Content == nil || v.Content.FinesFen != doc.Content.FinesFen {
				t.Errorf("%s: the facts are %+v", name, v.Content)
			}
		}
		if v := o.verify(doc.Paper); v.Language != "" || v.Status != report.Valid {
			t.Errorf("the original: %+v", v)
		}
	})
}

// A rendering is refused that was altered, whose digest is another document's, that renders what was never
// issued, or that somebody else signed.
func TestEnglishRenderingRefused(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, penalised("1号", nil))
	doc := o.issue(report.Request{Edition: "listing", Paper: true})
	r := english(t, o, doc)
	stranger, err := seal.LoadOrCreate(t.TempDir(), "他省公共信用中心", o.clock())
	must(t, err)
	sealed := func(keys *seal.Keys, change func(e *report.English)) []byte {
		e := r.English
		change(&e)
		payload, err := canon.Marshal(&e)
		must(t, err)
		file, err := keys.Seal(payload)
		must(t, err)
		return file
	}
	otherFacts := func(e *report.English) {
		c := doc.Content
		c.Conclusion, c.FinesFen = report.ConcludesNone, 0
		e.Original.Content, err = canon.Marshal(&c)
		must(t, err)
		d := seal.DigestOf(e.Original.Content)
		e.Original.SHA256, e.Original.SM3 = d.SHA256Hex(), d.SM3Hex()
	}
	for name, file := range map[string][]byte{
		"altered after signing":      []byte(strings.Replace(string(r.Envelope), `"edition":"Listing"`, `"edition":"General"`, 1)),
		"another digest":             sealed(o.keys, func(e *report.English) { e.Original.SHA256 = strings.Repeat("0", 64) }),
		"another number":             sealed(o.keys, func(e *report.English) { e.Number = "20260518091530A3B4C6D7" }),
		"facts that were not issued": sealed(o.keys, otherFacts),
	} {
		if v := o.verify(file); v.Unaltered || v.Status != report.Unknown {
			t.Errorf("%s: %+v", name, v)
		}
	}
	v, err := o.VerifyFile(t.Context(), sealed(stranger, func(*report.English) {}), stranger.Trust())
	must(t, err)
	if v.Unaltered || v.Status != report.Unknown {
		t.Errorf("signed by another issuer who is believed: %+v", v)
	}
}

// The attachment of the English paper is its own signed JSON.
func TestEnglishPaperHoldsItsData(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered())
	r := english(t, o, o.issue(report.Request{}))
	got, err := pdf.ExtractAttachment(r.Paper, report.AttachmentName)
	must(t, err)
	if string(got) != string(r.Envelope) {
		t.Error("the attachment is not the signed JSON")
	}
}

// Every word that the program itself puts into a document has an English one.
func TestEveryWordOfADocumentHasAnEnglishOne(t *testing.T) {
	t.Parallel()
	var words []string
	for _, k := range credit.Kinds() {
		words = append(words, k.Chinese())
	}
	for _, k := range credit.PenaltyKinds(0xFFFF).List() {
		words = append(words, k.Chinese())
	}
	for _, c := range []law.Class{law.ClassUnknown, law.Minor, law.General, law.Serious} {
		words = append(words, c.Chinese())
	}
	for _, p := range []credit.Procedure{credit.ProcedureUnknown, credit.ProcedureSimple, credit.ProcedureOrdinary} {
		words = append(words, p.Chinese())
	}
	for _, p := range law.Proposals() {
		for _, m := range marks.FindAllStringSubmatch(string(p.Body), -1) {
			words = append(words, m[1])
		}
	}
	words = append(words, "种类", "程序", "名单", "违法行为类型", "事实", "依据", "内容", "暂扣或吊销证照", "移出日期", "备注", "摘要", "异议处理中", "不属于重大违法", "属于重大违法", "不能认定是否重大违法")
	for _, w := range words {
		if !report.HasEnglish(w) {
			t.Errorf("%s has no English word", w)
		}
	}
}

var marks = regexp.MustCompile(`mark(?:_unpublished)?: ([^,}\s]+)`)

// Every domain of the working list has an English name, and so has the organ that used to certify.
func TestEveryDomainHasAnEnglishName(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	book, err := o.books.Book("")
	must(t, err)
	domains := book.Domains(today)
	if domains.English.Source == "" {
		t.Error("nothing says where the English names come from")
	}
	for _, d := range domains.All() {
		if d.English == "" || d.OrganEnglish == "" {
			t.Errorf("%s: %q, %q", d.Name, d.English, d.OrganEnglish)
		}
	}
}

// However late a document is rendered, and whatever the organs are called by then, it reads as on its day: two renderings
// differ in when they were made alone.
func TestRenderingsOfADocumentReadTheSame(t *testing.T) {
	t.Parallel()
	o := openWith(t, storetest.SQLite(t), t.TempDir(), englishRegister)
	o.says(firm, editionTable()...)
	doc := o.issue(report.Request{Edition: "administration"})
	first := english(t, o, doc).English
	renamed, err := law.ReadRegister([]byte(strings.NewReplacer("岚港市生态环境局, english: Langang Ecology and Environment Bureau",
		"岚港市生态局, old_names: [岚港市生态环境局], english: Langang Ecology Bureau", "岚港市市场监督管理局, region", "岚港市市场监督管理局, english: Langang Market Bureau, region").Replace(englishRegister)))
	must(t, err)
	o.config.Organs = renamed
	o.reopen(nil)
	o.pass(400 * 24 * time.Hour)
	later := english(t, o, doc).English
	if first.Rendered == later.Rendered {
		t.Fatal("no time has passed")
	}
	first.Rendered = later.Rendered
	a, err := json.Marshal(first)
	must(t, err)
	b, err := json.Marshal(later)
	must(t, err)
	if string(a) != string(b) || !strings.Contains(string(a), "Langang Ecology and Environment Bureau") || strings.Contains(string(a), "Langang Market Bureau") {
		t.Errorf("later it reads\n%s\nfirst\n%s", b, a)
	}
}

// The rendering of a listing report says what the organ states, its reasons in Chinese, and encloses the statement.
func TestEnglishRenderingSaysTheStatement(t *testing.T) {
	t.Parallel()
	o, s := withStatements(t, storetest.SQLite(t))
	one := penalised("岚环罚〔2026〕1号", nil)
	o.says(firm, registered(), one)
	s.all = append(s.all, statementOn(one, "Q1"))
	r := english(t, o, o.issue(report.Request{Edition: "listing"}))
	text := strings.Join(strings.Fields(paperText(t, r.Paper)), " ")
	for _, want := range []string{"No major violation", "Q1", "WX4K7M9B", "Its reasons (in Chinese)", "违法行为轻微并及时改正"} {
		if !strings.Contains(text, want) {
			t.Errorf("the paper lacks %q", want)
		}
	}
	if _, err := pdf.ExtractAttachment(r.Paper, "statement-Q1.json"); err != nil {
		t.Error(err)
	}
	if v := o.verify(r.Paper); v.Status != report.Valid || v.Language != "en" {
		t.Errorf("%+v", v)
	}
}

// The conclusion and the seal stay on the cover, however many domains do not answer; the table names each of them.
func TestTheEnglishCoverHasRoomForTheConclusion(t *testing.T) {
	t.Parallel()
	o := openWith(t, storetest.SQLite(t), t.TempDir(), englishRegister)
	o.says(firm, registered())
	for i := range o.feeds {
		o.feeds[i].Late = i > 2
	}
	r := english(t, o, o.issue(report.Request{Purpose: "招投标"}))
	cover, rest, _ := strings.Cut(paperText(t, r.Paper), "Page 1 of")
	for _, want := range []string{"No conclusion for some domains", "No conclusion for 49 domains", "Scan to verify"} {
		if !strings.Contains(strings.Join(strings.Fields(cover), " "), want) {
			t.Errorf("the cover lacks %q", want)
		}
	}
	if n := strings.Count(strings.Join(strings.Fields(rest), " "), "Data not up to date"); n < 40 {
		t.Errorf("the table says of %d domains that they do not answer", n)
	}
}
