package report

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"xinban/internal/credit"
	"xinban/internal/i18n"
	"xinban/internal/law"
	"xinban/internal/pinyin"
)

// termPrefix begins the keys of the words that are looked up by their Chinese text.
const termPrefix = "english.term."

// dictionary is the messages of this capability, and the words of documents by their Chinese text.
type dictionary struct {
	text  *i18n.Catalogue
	terms map[string]string
}

// english is made when first asked for: most runs of the program render nothing.
var english = sync.OnceValue(func() *dictionary {
	d, err := newDictionary()
	if err != nil {
		panic(err) // the messages are in the binary
	}
	return d
})

func newDictionary() (*dictionary, error) {
	text, err := i18n.New()
	if err != nil {
		return nil, err
	}
	if err := text.Load(surfacePart("messages")); err != nil {
		return nil, err
	}
	d := &dictionary{text, map[string]string{}}
	for _, key := range text.Keys() {
		if strings.HasPrefix(key, termPrefix) {
			d.terms[text.T(i18n.Chinese, key)] = text.T(i18n.English, key)
		}
	}
	return d, nil
}

// words says in English what a document says, with the names of its day: from the rules and the organ register that it
// was made from. However late it is rendered, and whatever names came since, it reads the same.
type words struct {
	*dictionary
	domains *law.Domains
	organs  *law.Register
	on      credit.Date // day of the document
}

func (s *Service) words(ctx context.Context, c *Content) (*words, error) {
	at, err := time.Parse(time.RFC3339, c.IssuedAt)
	if err != nil {
		return nil, fmt.Errorf("report: document %s has no time of issue: %w", c.Number, err)
	}
	book, err := s.c.Books(c.Basis.Rules)
	if err != nil {
		return nil, err
	}
	organs, err := s.register(ctx, c.Basis.Organs)
	if err != nil {
		return nil, err
	}
	on := credit.DateOf(at)
	return &words{english(), book.Domains(on), organs, on}, nil
}

func (w *words) say(key string, args ...any) string {
	return w.text.T(i18n.English, "english."+key, args...)
}

// term is a word of the document in English, or the word itself where it has none.
func (w *words) term(chinese string) string {
	if t, ok := w.terms[chinese]; ok {
		return t
	}
	return chinese
}

// value renders what is made of known words and of dates; ok is false for free text, which stays Chinese.
func (w *words) value(chinese string) (english string, ok bool) {
	if d, ok := chineseDate(chinese); ok {
		return englishDate(d), true
	}
	for part := range strings.SplitSeq(chinese, "、") {
		t, known := w.terms[part]
		if !known {
			return chinese, false
		}
		english = joined(english, "; ", t)
	}
	return english, true
}

// mark renders what stands beside a record, such as 已移出 2025年3月1日；异议处理中.
func (w *words) mark(chinese string) (english string, ok bool) {
	for part := range strings.SplitSeq(chinese, "；") {
		word, date, dated := strings.Cut(part, " ")
		t, known := w.terms[word]
		if !known {
			return "", false
		}
		if dated {
			d, ok := chineseDate(date)
			if !ok {
				return "", false
			}
			t += " on " + englishDate(d)
		}
		english = joined(english, "; ", t)
	}
	return english, true
}

func joined(a, between, b string) string {
	if a == "" {
		return b
	}
	return a + between + b
}

func spelt(chinese string) EnglishName {
	return EnglishName{Chinese: chinese, Pinyin: pinyin.Spell(chinese)}
}

func named(english, chinese string) EnglishName {
	if english == "" {
		return spelt(chinese)
	}
	return EnglishName{English: english, Chinese: chinese}
}

// printed is a name as it stands on the paper.
func (w *words) printed(n EnglishName) string {
	switch {
	case n.English != "":
		return n.English
	case n.Pinyin == n.Chinese: // it is in Latin letters
		return n.Chinese
	}
	return w.say("spelt", n.Chinese, n.Pinyin)
}

// domainName and domainOrgan give the English name while the list still means by it what the document says.
func (w *words) domainName(id, chinese string) EnglishName {
	if d, ok := w.domains.Find(id); ok && d.Name == chinese {
		return named(d.English, chinese)
	}
	if id == law.DomainUnknown || chinese == "领域待核" {
		return EnglishName{English: w.say("unknown-domain"), Chinese: chinese}
	}
	return spelt(chinese)
}

func (w *words) domainOrgan(id, chinese string) EnglishName {
	if d, ok := w.domains.Find(id); ok && d.Organ == chinese {
		return named(d.OrganEnglish, chinese)
	}
	return spelt(chinese)
}

// organ is the name of an organ with the English one that goes with it on the day of the document. decided is when it
// decided, 0 for the day of the document.
func (w *words) organ(chinese string, decided credit.Date) EnglishName {
	if o, ok := w.organs.Resolve(chinese, "", cmp.Or(decided, w.on)); ok {
		return named(o.EnglishOn(chinese, w.on), chinese)
	}
	return spelt(chinese)
}

func (w *words) edition(id string) string {
	if key := "report.edition." + id; w.text.Has(key) {
		return w.text.T(i18n.English, key)
	}
	return id
}

func (w *words) purpose(printed string) EnglishField {
	if p := purposeOf(printed); p.ID != "" {
		return EnglishField{w.say("purpose"), w.text.T(i18n.English, "report.purpose."+p.ID), false}
	}
	return EnglishField{w.say("purpose"), printed, true}
}

// identifier is what a subject is known by, with its name.
func (w *words) identifier(key credit.Key) EnglishField {
	switch {
	case key.Person():
		return EnglishField{w.say("person"), w.say("person.value"), false}
	case key.Scheme() != "":
		return EnglishField{w.text.T(i18n.English, "subject.scheme."+string(key.Scheme())), key.Code(), false}
	}
	return EnglishField{w.say("uscc"), key.Code(), false}
}

// notes is what the paper means and leaves out, and where to turn.
func (w *words) notes(c *Content) []string {
	all := []string{w.say("free-text"), w.say("note.found")}
	if key := "english.note." + c.Edition; w.text.Has(key) {
		all = append(all, w.text.T(i18n.English, key))
	}
	return append(all, w.say("note.rules", c.RuleSet), w.say("note.names"), w.say("note.remedy"), w.say("note.status"), w.say("note.verify"))
}

func (w *words) money(f credit.Fen) string { return w.say("money", f.Grouped()) }

// instant is the time of issue, such as 18 May 2026, 09:15:30 (Beijing time).
func (w *words) instant(rfc string) string {
	t, err := time.Parse(time.RFC3339, rfc)
	if err != nil {
		return rfc
	}
	t = t.In(credit.Shanghai)
	return w.say("time", t.Format("2 January 2006"), t.Format("15:04:05"))
}

// englishDay is the day of an instant.
func englishDay(rfc string) string {
	t, err := time.Parse(time.RFC3339, rfc)
	if err != nil {
		return rfc
	}
	return englishDate(credit.DateOf(t))
}

// englishDate is a day such as 18 May 2026, empty for none.
func englishDate(d credit.Date) string {
	if d == 0 {
		return ""
	}
	return d.Time().Format("2 January 2006")
}

// chineseDate reads a day such as 2026年5月18日.
func chineseDate(s string) (credit.Date, bool) {
	var year, month, day int
	if _, err := fmt.Sscanf(s, "%d年%d月%d日", &year, &month, &day); err != nil {
		return 0, false
	}
	d, ok := credit.NewDate(year, month, day)
	return d, ok && d.Chinese() == s
}
