package report

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/law"
)

// EnglishVersion is the version of the canonical JSON of a rendering.
const EnglishVersion = 1

// languageEnglish is what a rendering says of itself.
const languageEnglish = "en"

// English is the English rendering (英文版) of an issued document. It holds the original whole, so that
// whoever verifies it compares the original's bytes with the digests; the Chinese text prevails.
type English struct {
	Version  int      `json:"version"`
	Language string   `json:"language"`
	Prevails string   `json:"prevails"`
	Number   string   `json:"number"`
	Code     string   `json:"code"`
	Rendered string   `json:"rendered_at"` // RFC 3339, Asia/Shanghai
	Original Original `json:"original"`

	Title      string          `json:"title"`
	Issuer     EnglishName     `json:"issuer"`
	Issued     string          `json:"issued"`
	Name       EnglishName     `json:"name"`
	Former     []EnglishName   `json:"former_names,omitempty"`
	Identifier EnglishField    `json:"identifier"`
	Edition    string          `json:"edition"`
	RuleSet    string          `json:"ruleset"`
	Purpose    *EnglishField   `json:"purpose,omitempty"`
	Period     string          `json:"period"`
	Asked      string          `json:"asked"`
	Conclusion [2]string       `json:"conclusion"` // title and text
	Domains    []EnglishDomain `json:"domains"`
	Records    []EnglishRecord `json:"records,omitempty"` // none where the edition gives only counts
	Fines      string          `json:"fines"`
	Notes      []string        `json:"notes"`
	Demo       string          `json:"demo,omitempty"`
}

// Original is the Chinese document that is rendered: its digests and the canonical JSON that they are of.
type Original struct {
	SHA256  string          `json:"sha256"`
	SM3     string          `json:"sm3"`
	Content json.RawMessage `json:"content"`
}

// EnglishName is a name in English or, where none is known, in Chinese with its pinyin.
type EnglishName struct {
	English string `json:"english,omitempty"`
	Chinese string `json:"chinese"`
	Pinyin  string `json:"pinyin,omitempty"` // where English is empty
}

// EnglishField is a label and what stands beside it. Chinese says that the value stays in Chinese.
type EnglishField struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Chinese bool   `json:"chinese,omitempty"`
}

// EnglishDomain is one row of the table of domains.
type EnglishDomain struct {
	ID      string      `json:"id"`
	Name    EnglishName `json:"name"`
	Organ   EnglishName `json:"organ,omitzero"`
	State   State       `json:"state"`
	Result  string      `json:"result"`
	Records int         `json:"records"`
	AsOf    string      `json:"data_as_of,omitempty"`
}

// EnglishRecord is one matter in full.
type EnglishRecord struct {
	Title  string         `json:"title"`
	Fields []EnglishField `json:"fields"`
	Matter string         `json:"matter"`
}

// Rendering is an English rendering made and signed.
type Rendering struct {
	English  English
	Envelope []byte // signed envelope around its canonical JSON
	Paper    []byte // signed PDF, with the envelope inside
}

// English renders an issued document in English, and signs the rendering on its own. It is made anew
// each time: what counts is the document, which stays as issued. paper asks for the PDF too.
func (s *Service) English(ctx context.Context, doc *Issued, paper bool) (*Rendering, error) {
	now := s.c.Now()
	w, err := s.words(ctx, &doc.Content)
	if err != nil {
		return nil, err
	}
	r := &Rendering{English: w.render(doc, now)}
	payload, err := canon.Marshal(&r.English)
	if err != nil {
		return nil, fmt.Errorf("report: writing the English rendering of %s: %w", doc.Content.Number, err)
	}
	if r.Envelope, err = s.c.Keys.Seal(payload); err != nil {
		return nil, fmt.Errorf("report: signing the English rendering of %s: %w", doc.Content.Number, err)
	}
	if !paper {
		return r, nil
	}
	enclosed, err := s.enclosed(ctx, doc)
	if err != nil {
		return nil, err
	}
	enclosed[0].Data = r.Envelope
	layout := s.englishSheet(w, &r.English, &doc.Content).Layout(s.c.Fonts)
	r.Paper, err = s.c.Writer.Write(layout, pdf.Options{Created: now, Signer: s.c.Keys, Reason: "English rendering of a public credit report", Attachments: enclosed})
	if err != nil {
		return nil, fmt.Errorf("report: printing the English rendering of %s: %w", doc.Content.Number, err)
	}
	return r, nil
}

// render says in English what a document says.
func (w *words) render(doc *Issued, now time.Time) English {
	c, d := &doc.Content, digestOf(doc)
	e := English{Version: EnglishVersion, Language: languageEnglish, Prevails: w.say("prevails"), Number: c.Number, Code: c.Code,
		Rendered: now.In(credit.Shanghai).Format(time.RFC3339), Original: Original{d.SHA256Hex(), d.SM3Hex(), doc.Payload},
		Title: w.say("title"), Issuer: w.organ(c.Issuer, 0), Issued: w.instant(c.IssuedAt), Name: spelt(c.Name), Identifier: w.identifier(c.Subject),
		Edition: w.edition(c.Edition), RuleSet: c.RuleSet, Period: w.say("from-to", englishDate(c.From), englishDate(c.To)),
		Asked: w.say("domains.value", asked(c), asked(c)-len(c.Unanswered)), Fines: w.money(c.FinesFen), Notes: w.notes(c)}
	for _, n := range c.FormerName {
		e.Former = append(e.Former, spelt(n))
	}
	if c.Purpose != "" {
		f := w.purpose(c.Purpose)
		e.Purpose = &f
	}
	for i := range c.Domains {
		e.Domains = append(e.Domains, w.domain(&c.Domains[i]))
	}
	e.Conclusion = w.conclusion(c, e.Domains)
	if !c.byCount() {
		for i := range c.Records {
			e.Records = append(e.Records, w.record(c, &c.Records[i]))
		}
	}
	if c.Demo {
		e.Demo = w.say("demo")
	}
	return e
}

// original reads the document inside a rendering, with the bytes that its digests are of; ok is false
// when they are not, or name another document.
func (e *English) original() (c *Content, payload []byte, ok bool) {
	c = &Content{}
	if json.Unmarshal(e.Original.Content, c) != nil {
		return nil, nil, false
	}
	d := seal.DigestOf(e.Original.Content)
	ok = d.SHA256Hex() == e.Original.SHA256 && d.SM3Hex() == e.Original.SM3 && c.Number == e.Number && c.Code == e.Code
	return c, e.Original.Content, ok
}

func (w *words) domain(d *DomainAnswer) EnglishDomain {
	e := EnglishDomain{ID: d.ID, Name: w.domainName(d.ID, d.Name), State: d.State, Records: d.Records, AsOf: englishDate(d.DataAsOf)}
	if d.Organ != "" {
		e.Organ = w.domainOrgan(d.ID, d.Organ)
	}
	switch {
	case d.State == Found:
		e.Result = w.say("state.found", d.Records)
	case d.UnderCheck:
		e.Result = w.say("state.check")
	case d.DataFrom != 0 && d.State == NoData:
		e.Result = w.say("state.from", englishDate(d.DataFrom))
	default:
		e.Result = w.say("state." + string(d.State))
	}
	return e
}

// namedOnCover is of how many domains without an answer the cover has room for the names in English. Of more it gives the
// number; the table that follows names each with its reason.
const namedOnCover = 16

func (w *words) conclusion(c *Content, domains []EnglishDomain) [2]string {
	n, open, unanswered := 0, 0, ""
	for _, d := range domains {
		if n += d.Records; d.State == Late || d.State == NoData {
			open++
			unanswered = joined(unanswered, "; ", w.printed(d.Name))
		}
	}
	switch {
	case open > namedOnCover:
		unanswered = " " + w.say("unanswered.many", open)
	case open > 0:
		unanswered = " " + w.say("unanswered", unanswered)
	}
	switch c.Conclusion {
	case ConcludesFound:
		return [2]string{w.say("found", n), w.say("found.text", n, w.money(c.FinesFen)) + unanswered}
	case Incomplete:
		return [2]string{w.say("incomplete"), w.say("incomplete.text") + unanswered}
	}
	return [2]string{w.say("none"), w.say("none.text")}
}

func (w *words) record(c *Content, r *Record) EnglishRecord {
	kind := r.Kind
	if k, err := credit.ParseKind(r.Kind); err == nil {
		kind = w.term(k.Chinese())
	}
	e := EnglishRecord{Title: kind, Matter: r.Matter}
	add := func(label, value string, chinese bool) {
		if value != "" {
			e.Fields = append(e.Fields, EnglishField{label, value, chinese})
		}
	}
	add(w.say("doc-no"), r.DocNo, false)
	add(w.say("authority"), w.printed(w.organ(r.Authority, r.DecidedOn)), false)
	add(w.say("col.domain"), w.printed(w.domainName(r.Domain, domainName(c, r.Domain))), false)
	add(w.say("date"), englishDate(r.DecidedOn), false)
	if class := new(law.Class); class.UnmarshalText([]byte(r.Class)) == nil {
		add(w.say("class"), w.term(class.Chinese()), false)
	}
	if r.Fine != nil {
		add(w.say("fine"), w.money(*r.Fine), false)
	}
	if r.Title != "" {
		add(w.term("摘要"), r.Title, true)
	}
	for _, p := range r.particulars() {
		value, translated := w.value(p[1])
		add(w.term(p[0]), value, !translated)
	}
	if mark, ok := w.mark(r.State); ok {
		add(w.say("state"), mark, false)
	} else {
		add(w.say("state"), r.State, true)
	}
	if st := r.Statement; st != nil {
		add(w.say("statement"), w.say("statement.value", w.printed(w.organ(st.Organ, st.Date)), englishDate(st.Date), w.term(st.Finding), st.Number), false)
		add(w.say("statement.code"), st.Code, false)
		add(w.say("statement.reasons"), st.Reasons, true)
		add(w.say("statement.basis"), st.Basis, true)
	}
	return e
}
