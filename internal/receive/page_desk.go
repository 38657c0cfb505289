package receive

import (
	"cmp"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinban/internal/page"
	"xinban/internal/problem"
)

// deskRows is how many earlier batches the desk lists.
const deskRows = 20

type deskData struct {
	Form     page.Form
	Holders  []holderOption
	As       string // the query that carries the choice of holder on
	Notice   Notice
	Editions []page.Option
	Years    []page.Option
	Days     []page.Option
	Uses     []page.Option
	Profiles []Profile
	Domains  []page.Option
	Batches  []Batch
	Next     string
}

// desk shows where papers are dropped, and what was dropped before. The need is that of a profile when one is asked for.
func (p *pages) desk(w http.ResponseWriter, r *http.Request) error {
	if name := r.URL.Query().Get("profile"); name != "" {
		who, err := p.who(r.Context())
		if err != nil {
			return err
		}
		n, err := p.Profile(r.Context(), who, name)
		if err != nil {
			return noProfile(err)
		}
		return p.showDesk(w, r, http.StatusOK, page.Form{Values: n.values()})
	}
	return p.showDesk(w, r, http.StatusOK, page.Form{Values: url.Values{"years": {"3"}, "days": {"30"}}})
}

func (p *pages) showDesk(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	d := deskData{Form: f, Notice: p.purposes.Notice, Editions: []page.Option{{Label: "不限"}},
		Years: choices("不限", "0", "1年", "1", "2年", "2", "3年", "3", "5年", "5"),
		Days:  choices("不限", "0", "7天以内", "7", "30天以内", "30", "90天以内", "90", "180天以内", "180")}
	d.Uses = []page.Option{{Label: "不限"}}
	for _, x := range p.purposes.Uses {
		o := x.option()
		if !x.Certificate {
			o.Label += "（原来不需要证明）"
		}
		d.Uses = append(d.Uses, o)
	}
	if d.Profiles, err = p.Profiles(r.Context(), who); err != nil {
		return err
	}
	d.Editions = append(d.Editions, editionOptions(nil)...)
	if d.Holders, d.As, err = p.holderOptions(r.Context()); err != nil {
		return err
	}
	for _, x := range p.c.Domains() {
		d.Domains = append(d.Domains, page.Option{Value: x.ID, Label: x.Name, Chosen: slices.Contains(f.Values["domain"], x.ID)})
	}
	if d.Batches, err = p.Batches(r.Context(), who, r.URL.Query().Get("before"), deskRows); err != nil {
		return err
	}
	if len(d.Batches) == deskRows {
		d.Next = "/receive" + cmp.Or(d.As, "?") + "&before=" + d.Batches[deskRows-1].ID
	}
	return p.render.Render(w, r, status, "receive", d)
}

func choices(pairs ...string) (all []page.Option) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, page.Option{Label: pairs[i], Value: pairs[i+1]})
	}
	return all
}

// inMemory is how much of an upload is held in memory while it is read, in bytes; the rest is in files.
const inMemory = 8 << 20

// drop checks the papers and leads to their table.
func (p *pages) drop(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseMultipartForm(inMemory); err != nil {
		return problem.New(http.StatusUnprocessableEntity, "form").At("file", "receive.file.missing").Because(err)
	}
	defer r.MultipartForm.RemoveAll()
	f := page.Form{Values: r.PostForm}
	need := p.need(&f)
	headers := dropped(r.MultipartForm)
	if len(headers) == 0 {
		f.Fail("file", "receive.file.missing")
	}
	if len(f.Wrong) > 0 {
		return p.showDesk(w, r, http.StatusUnprocessableEntity, f)
	}
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	if err := p.saveAs(r.Context(), who, need, &f); err != nil {
		return err
	}
	if len(f.Wrong) > 0 {
		return p.showDesk(w, r, http.StatusUnprocessableEntity, f)
	}
	b, err := p.Check(r.Context(), who, headers, need, f.Values.Get("newer") != "")
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/receive/table/"+b.ID, http.StatusSeeOther)
	return nil
}

// dropped are the files of a form; an empty field of a browser is no file.
func dropped(f *multipart.Form) []*multipart.FileHeader {
	return slices.DeleteFunc(f.File["file"], func(h *multipart.FileHeader) bool { return h.Filename == "" && h.Size == 0 })
}

// need reads what the papers must cover.
func (s *Service) need(f *page.Form) Need {
	v := f.Values
	n := Need{Edition: v.Get("edition"), Domains: v["domain"], Purpose: strings.TrimSpace(v.Get("purpose")), Use: v.Get("use"),
		Years: wholeNumber(f, "years", 10), Days: wholeNumber(f, "days", 3660)}
	if n.Edition != "" && editionNames[n.Edition] == "" {
		f.Fail("edition", "receive.edition.wrong")
	}
	s.needUse(f, &n)
	if v.Get("newer") != "" && n.Purpose == "" {
		f.Fail("purpose", "receive.purpose.needed")
	}
	if utf8.RuneCountInString(n.Purpose) > 60 || problem.HasIdentityNumber(n.Purpose) {
		f.Fail("purpose", "receive.purpose.wrong")
	}
	for _, d := range n.Domains {
		if !slices.ContainsFunc(s.c.Domains(), func(x Domain) bool { return x.ID == d }) {
			f.Fail("domain", "receive.domain.wrong")
			break
		}
	}
	return n
}

// needUse reads what the papers are wanted for. Where no certificate was ever needed no report is to be asked for: who
// has papers all the same says that they were given freely.
func (s *Service) needUse(f *page.Form, n *Need) {
	if n.Use == "" {
		return
	}
	use, ok := findPurpose(s.purposes.Uses, n.Use)
	switch {
	case !ok:
		f.Fail("use", "receive.use.wrong")
	case !use.Certificate && f.Values.Get("confirm") == "":
		f.Fail("confirm", "receive.use.unneeded", use.Name, s.purposes.Sentence, use.Sureness.Chinese()+"："+use.Basis)
	case use.Certificate && n.Purpose == "":
		n.Purpose = use.Name
	}
}

func wholeNumber(f *page.Form, name string, most int) int {
	text := f.Values.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		f.Fail(name, "receive.number.wrong")
	}
	return n
}
