package group

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type newData struct {
	Form     page.Form
	Holders  []account.Holder
	Key      credit.Key
	Known    []pick
	Purposes []page.Option
	Editions []page.Option
	Spans    []page.Option
	Domains  []page.Option
	Adjust   bool // show what can be changed
	Most     int
}

// pick is a subject that can be ticked.
type pick struct {
	Member
	Ticked bool
}

// editions are those of reports; the empty one goes by the purpose.
var editions = []string{"", "general", "administration", "listing"}

func (p *pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, http.StatusOK, page.Form{Values: r.URL.Query()})
}

// change shows the form again with the list as it was checked.
func (p *pages) change(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := page.Form{Values: r.PostForm}
	if _, err := Lines(listed(f.Values)); errors.Is(err, ErrNumber) {
		hideNumbers(f.Values)
	}
	return p.form(w, r, http.StatusOK, f)
}

// listed is the list of a form: what is ticked and what is written.
func listed(v url.Values) string {
	return strings.Join(append(slices.Clone(v["member"]), v.Get("members")), "\n")
}

// hideNumbers keeps the list, with the identity numbers in it masked: they are shown nowhere again, and where one stood is.
func hideNumbers(v url.Values) {
	v.Set("members", strings.TrimSpace(problem.Redact(listed(v))))
	v.Del("member")
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	d := newData{Form: f, Most: Most, Adjust: len(f.Wrong) > 0 || f.Values.Get("edition") != ""}
	var err error
	if d.Holders, d.Key, err = p.mine(r.Context(), f.Values.Get("subject")); err != nil {
		return err
	}
	quiet := page.Form{Values: f.Values} // the settings as far as they are right
	known, err := p.Service.Known(r.Context(), d.Key, p.settings(&quiet))
	if err != nil {
		return err
	}
	fresh := r.Method == http.MethodGet
	for _, m := range known {
		d.Known = append(d.Known, pick{m, fresh && m.Ready() || slices.Contains(f.Values["member"], m.Given)})
	}
	d.keepList()
	return p.choices(w, r, status, &d)
}

// keepList puts what was listed and cannot be ticked into the field of the list, below what was written there: nothing that
// was listed is lost between the steps.
func (d *newData) keepList() {
	written := d.Form.Values.Get("members")
	rest := strings.FieldsFunc(written, func(r rune) bool { return r == '\n' })
	for _, line := range d.Form.Values["member"] {
		if !slices.ContainsFunc(d.Known, func(k pick) bool { return k.Given == line }) {
			rest = append(rest, line)
		}
	}
	if len(rest) > 0 {
		d.Form.Values.Set("members", strings.Join(rest, "\n"))
	}
}

// choices fills what the form offers and shows it.
func (p *pages) choices(w http.ResponseWriter, r *http.Request, status int, d *newData) error {
	v := d.Form.Values
	for i, x := range p.Presets {
		d.Purposes = append(d.Purposes, page.Option{Value: x.Purpose, Label: x.Purpose, Chosen: v.Get("purpose") == x.Purpose || v.Get("purpose") == "" && i == 0})
	}
	for _, e := range editions {
		label := "group.edition.auto"
		if e != "" {
			label = "report.edition." + e
		}
		d.Editions = append(d.Editions, page.Option{Value: e, Label: label, Chosen: v.Get("edition") == e})
	}
	for _, y := range []string{"5", "3", "1", "own"} {
		d.Spans = append(d.Spans, page.Option{Value: y, Label: "report.span." + y, Chosen: v.Get("span") == y || v.Get("span") == "" && y == "5"})
	}
	book, err := p.Books("")
	if err != nil {
		return err
	}
	for _, x := range book.Domains(p.today()).All() {
		d.Domains = append(d.Domains, page.Option{Value: x.ID, Label: x.Name, Chosen: slices.Contains(v["domain"], x.ID)})
	}
	return p.Pages.Render(w, r, status, "group_new", d)
}

type checkData struct {
	Form    page.Form
	Key     credit.Key
	Set     Settings
	Members []Member
	Ready   int
	Carried []string
	CanAsk  bool // consent can be asked for here
}

// carried are the fields of the form besides the list.
var carried = []string{"subject", "purpose", "edition", "span", "from", "to", "domain"}

// check shows what will be done for each subject, before anything is.
func (p *pages) check(w http.ResponseWriter, r *http.Request) error {
	f, parent, set, members, err := p.read(r)
	if err != nil {
		return err
	}
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	d := checkData{Form: f, Key: parent, Set: set, Members: members, Carried: carried, CanAsk: p.Asking != nil}
	for _, m := range members {
		if m.Ready() {
			d.Ready++
		}
	}
	return p.Pages.Render(w, r, http.StatusOK, "group_check", d)
}

func (p *pages) create(w http.ResponseWriter, r *http.Request) error {
	f, parent, set, members, err := p.read(r)
	if err != nil {
		return err
	}
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	id, err := p.Service.Create(r.Context(), parent, set, members)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/groups/"+id, http.StatusSeeOther)
	return nil
}

// read makes the request that a form asks for, and notes what is wrong with it.
func (p *pages) read(r *http.Request) (f page.Form, parent credit.Key, set Settings, members []Member, err error) {
	text, err := posted(r)
	f.Values = r.PostForm
	if err != nil && !errors.Is(err, ErrFile) {
		return f, "", set, nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if err != nil {
		f.Wrong = append(f.Wrong, page.Wrong{Field: "file", Text: err.Error()})
	}
	if _, parent, err = p.mine(r.Context(), f.Values.Get("subject")); err != nil {
		return f, "", set, nil, err
	}
	set = p.settings(&f)
	if text != "" { // a file cannot be sent back: its lines are, when something is wrong
		f.Values.Set("members", strings.TrimSpace(f.Values.Get("members")+"\n"+text))
	}
	lines, err := Lines(listed(f.Values))
	if err == nil && len(lines) == 0 {
		err = ErrNobody
	}
	if err != nil {
		if errors.Is(err, ErrNumber) {
			hideNumbers(f.Values)
		}
		f.Wrong = append(f.Wrong, page.Wrong{Field: "members", Text: err.Error()})
		return f, parent, set, nil, nil
	}
	var no *Refusal
	if err := p.Reports.Check(set); errors.As(err, &no) {
		f.Wrong = append(f.Wrong, page.Wrong{Field: "from", Text: no.Text})
	} else if err != nil {
		return f, parent, set, nil, err
	}
	members, err = p.Resolve(r.Context(), set, lines)
	return f, parent, set, members, err
}

// posted reads the form, and the list in the file that came with it.
func posted(r *http.Request) (string, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return "", r.ParseForm()
	}
	if err := r.ParseMultipartForm(maxFile); err != nil {
		return "", err
	}
	defer r.MultipartForm.RemoveAll()
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return "", err
	}
	if len(b) > maxFile {
		return "", ErrFile
	}
	return ReadFile(b)
}

// settings reads what all reports have in common. What is left alone has its default.
func (p *pages) settings(f *page.Form) Settings {
	v := f.Values
	set := Settings{Purpose: v.Get("purpose"), Edition: v.Get("edition"), Domains: v["domain"]}
	if set.Purpose == "" {
		set.Purpose = p.Presets[0].Purpose
	}
	i := slices.IndexFunc(p.Presets, func(x Preset) bool { return x.Purpose == set.Purpose })
	if i < 0 {
		f.Fail("purpose", "form.required")
		i = 0
	}
	if set.Edition == "" {
		set.Edition = p.Presets[i].Edition
	}
	switch span := v.Get("span"); {
	case span == "own" || v.Get("from") != "" || v.Get("to") != "": // what is filled in is meant
		set.From, set.To = dateField(f, "from"), dateField(f, "to")
	case span == "1" || span == "3":
		set.Years, _ = strconv.Atoi(span)
	}
	return set
}

func dateField(f *page.Form, name string) credit.Date {
	d, err := credit.ParseDate(f.Values.Get(name))
	if err != nil {
		f.Fail(name, "report.date.wrong")
	}
	return d
}
