package intake

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// sentView is a matter with the names that people know.
type sentView struct {
	Sent
	Name string // of the subject
	From string // of the source
	When time.Time
}

// Path is the address of the matter.
func (s sentView) Path() string {
	return "/intake/record/" + url.PathEscape(string(s.Subject)) + "/" + s.Matter.String()
}

type recordsData struct {
	Form     page.Form
	Searched bool
	Subjects []ledger.Subject
	Sent     []sentView
}

// showRecords asks for a subject.
func (d *desk) showRecords(w http.ResponseWriter, r *http.Request) error {
	return d.pages.Render(w, r, http.StatusOK, "intake_records", recordsData{})
}

// maxFound is how many subjects of one name a search opens.
const maxFound = 20

// findRecords lists what the caller's sources said of a subject, found by code, name, legacy number or
// identity number. The words searched for travel in the body, never in an address.
func (d *desk) findRecords(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := parse(r)
	if err != nil {
		return err
	}
	data := recordsData{Form: page.Form{Values: f}, Searched: true}
	text := credit.NormalText(f.Get("q"))
	if text == "" {
		data.Form.Fail("q", "intake.records.empty")
		return d.pages.Render(w, r, http.StatusUnprocessableEntity, "intake_records", data)
	}
	if data.Subjects, err = d.subjects(ctx, text); err != nil {
		return err
	}
	sc, err := d.scope(ctx)
	if err != nil {
		return err
	}
	if data.Subjects, err = d.within(ctx, data.Subjects); err != nil {
		return err
	}
	for _, s := range data.Subjects {
		sent, err := d.SentBy(ctx, s.Key, sc.ids(), f.Get("doc"))
		if err != nil {
			return err
		}
		for _, m := range sent {
			src, _ := sc.source(m.Source)
			data.Sent = append(data.Sent, sentView{m, s.Name, src.Name, at(m.Recorded)})
		}
		if len(sent) > 0 {
			if err := d.looked(ctx, s.Key, audit.Search); err != nil {
				return err
			}
		}
	}
	if _, person := credit.ParsePersonNumber(text); person || problem.HasIdentityNumber(text) { // it is not shown again
		data.Form.Values = url.Values{"doc": f["doc"]}
	}
	return d.pages.Render(w, r, http.StatusOK, "intake_records", data)
}

// within leaves out the subjects that lie outside the caller's region.
func (d *desk) within(ctx context.Context, all []ledger.Subject) (some []ledger.Subject, err error) {
	for _, s := range all {
		ok, err := d.reaches(ctx, s.Key)
		if err != nil {
			return nil, err
		}
		if ok {
			some = append(some, s)
		}
	}
	return some, nil
}

func (d *desk) subjects(ctx context.Context, text string) ([]ledger.Subject, error) {
	if number, ok := credit.ParsePersonNumber(text); ok {
		key, ok, err := d.ledger.FindPerson(ctx, number)
		if err != nil {
			return nil, err
		}
		if ok {
			s, _, err := d.ledger.Subject(ctx, key)
			return []ledger.Subject{s}, err
		}
	}
	return d.ledger.Find(ctx, text, maxFound)
}

// looked enters into the access log that the caller saw what its organ said of a subject.
func (d *desk) looked(ctx context.Context, key credit.Key, action audit.Action) error {
	return d.db.Tx(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, audit.Entry{Subject: key, At: d.now(), Actor: audit.Actor(account.From(ctx).Actor()), Action: action, Purpose: "核对报送数据"})
	})
}

type recordData struct {
	sentView
	Headings []string
	Cells    []string
	Form     page.Form
	Done     string
}

// recordDone are the messages that a record may be asked to show after a redirect.
var recordDone = map[string]string{"withdrawn": "intake.record.withdrawn", "corrected": "intake.record.corrected"}

// record finds the matter of an address among what the caller's sources said.
func (d *desk) record(r *http.Request) (sentView, error) {
	ctx := r.Context()
	key := credit.Key(r.PathValue("key"))
	matter, err := credit.ParseMatterID(r.PathValue("matter"))
	if err != nil {
		return sentView{}, outside()
	}
	sc, err := d.scope(ctx)
	if err != nil {
		return sentView{}, err
	}
	if err := d.reached(ctx, key); err != nil {
		return sentView{}, err
	}
	m, err := d.SentMatter(ctx, key, matter, sc.ids())
	if errors.Is(err, ErrNoMatter) {
		err = outside()
	}
	if err != nil {
		return sentView{}, err
	}
	s, _, err := d.ledger.Subject(ctx, key)
	src, _ := sc.source(m.Source)
	return sentView{m, s.Name, src.Name, at(m.Recorded)}, err
}

// showRecord shows one matter as the caller's source sent it last.
func (d *desk) showRecord(w http.ResponseWriter, r *http.Request) error {
	v, err := d.record(r)
	if err != nil {
		return err
	}
	if err := d.looked(r.Context(), v.Subject, audit.View); err != nil {
		return err
	}
	return d.recordPage(w, r, http.StatusOK, recordData{sentView: v, Done: recordDone[r.URL.Query().Get("done")]})
}

func (d *desk) recordPage(w http.ResponseWriter, r *http.Request, status int, data recordData) error {
	dr, err := d.Draft(r.Context(), data.Subject, data.Matter, []int64{data.Source})
	if err != nil && !errors.Is(err, ErrNoRow) {
		return err
	}
	for i, h := range dr.Headings {
		if dr.Cells[i] == "" || ours(h) {
			continue
		}
		text := dr.Cells[i]
		if dr.Sealed[i] {
			text = mask(text)
		}
		data.Headings, data.Cells = append(data.Headings, h), append(data.Cells, text)
	}
	return d.pages.Render(w, r, status, "intake_record", data)
}

func (d *desk) amendment(ctx context.Context, v sentView, reason string) Amendment {
	p := account.From(ctx)
	return Amendment{Subject: v.Subject, Matter: v.Matter, Source: v.Source, Reason: reason, By: p.Login, Actor: audit.Actor(p.Actor())}
}

// withdraw takes the word of the caller's source back.
func (d *desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	v, err := d.record(r)
	if err != nil {
		return err
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	if _, err = d.Withdraw(r.Context(), d.amendment(r.Context(), v, f.Get("reason"))); err == nil {
		return see(w, r, v.Path()+"?done=withdrawn")
	}
	data := recordData{sentView: v, Form: page.Form{Values: f}}
	if !take(&data.Form, language(r), err) {
		return err
	}
	return d.recordPage(w, r, http.StatusUnprocessableEntity, data)
}
