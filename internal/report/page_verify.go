package report

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/document/seal"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type verifyData struct {
	Form    page.Form
	Unknown bool // no such number with such a code
	Result  *Verification
	File    bool     // the answer is about a file
	Content *Content // as issued; nil when it cannot be shown
	Name    string
	SHA256  string
	Edition string
	Issued  time.Time
}

// showVerify answers by number and code, as typed or from the QR, or shows the forms.
func (p *pages) showVerify(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	d := verifyData{Form: page.Form{Values: values}}
	number, code := strings.TrimSpace(values.Get("n")), strings.TrimSpace(values.Get("c"))
	if !values.Has("n") && !values.Has("c") {
		return p.Pages.Render(w, r, http.StatusOK, "verify", d)
	}
	for field, value := range map[string]string{"n": number, "c": code} {
		if value == "" {
			d.Form.Fail(field, "form.required")
		}
	}
	if len(d.Form.Wrong) > 0 {
		return p.Pages.Render(w, r, http.StatusUnprocessableEntity, "verify", d)
	}
	v, err := p.LookUp(r.Context(), number, code)
	if errors.Is(err, ErrNoDocument) && p.Papers != nil {
		other, perr := p.Papers.LookUp(r.Context(), number, code)
		if perr != nil || other != nil {
			return p.answerOther(w, r, other, false, perr)
		}
	}
	if errors.Is(err, ErrNoDocument) {
		d.Unknown = true
		return p.Pages.Render(w, r, http.StatusNotFound, "verify", d)
	}
	if err != nil {
		return err
	}
	return p.answer(w, r, v, d)
}

// verifyFile answers for a PDF or a signed JSON.
func (p *pages) verifyFile(w http.ResponseWriter, r *http.Request) error {
	d := verifyData{File: true}
	file, err := upload(r)
	if err != nil {
		if !d.Form.Take(err) {
			return err
		}
		return p.Pages.Render(w, r, http.StatusUnprocessableEntity, "verify", d)
	}
	if p.Papers != nil {
		other, err := p.Papers.VerifyFile(r.Context(), file)
		if err != nil || other != nil {
			return p.answerOther(w, r, other, true, err)
		}
	}
	v, err := p.VerifyFile(r.Context(), file, nil)
	if err != nil {
		return err
	}
	return p.answer(w, r, v, d)
}

func upload(r *http.Request) ([]byte, error) {
	empty := problem.New(http.StatusUnprocessableEntity, "form").At("file", "verify.file.missing")
	if err := r.ParseMultipartForm(maxFile); err != nil {
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	defer r.MultipartForm.RemoveAll()
	f, _, err := r.FormFile("file")
	if err != nil {
		return nil, empty.Because(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil || len(b) == 0 {
		return nil, empty.Because(err)
	}
	return b, nil
}

// answer shows the three answers. What the document says is shown from the store, never from the file,
// and only when number and code are known to belong together.
func (p *pages) answer(w http.ResponseWriter, r *http.Request, v *Verification, d verifyData) error {
	d.Result = v
	if v.Status != Unknown {
		doc, err := p.verified(r.Context(), v.Number)
		if err != nil {
			return err
		}
		d.Content, d.SHA256, d.Edition = &doc.Content, doc.SHA256(), doc.Content.Edition
		d.Name = shownName(doc.Content.Subject, doc.Content.Name)
		if d.Issued, err = time.Parse(time.RFC3339, doc.Content.IssuedAt); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, r, http.StatusOK, "verify_result", d)
}

// verified reads a document for one who has shown its number and code, and notes that it was verified.
func (p *pages) verified(ctx context.Context, number string) (*Issued, error) {
	doc, err := p.Document(ctx, number)
	if err != nil {
		return nil, err
	}
	return doc, p.record(ctx, doc.Content.Subject, audit.Verify, "", number)
}

// shownName is a name as it may be shown: a person's is masked.
func shownName(key credit.Key, name string) string {
	if !key.Person() {
		return name
	}
	return credit.MaskName(name)
}

func digestOf(doc *Issued) seal.Digest { return seal.DigestOf(doc.Payload) }
