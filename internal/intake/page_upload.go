package intake

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type uploadData struct {
	Form  page.Form
	Feeds []page.Option
	Kinds []credit.Kind // of which templates are offered
	Kept  *Spooled      // a file that was stopped and can be sent on without uploading it again
	Name  string
}

// showUpload is the form for a file.
func (d *desk) showUpload(w http.ResponseWriter, r *http.Request) error {
	chosen := r.URL.Query().Get("feed")
	return d.uploadPage(w, r, http.StatusOK, uploadData{Form: page.Form{Values: url.Values{"feed": {chosen}}}})
}

func (d *desk) uploadPage(w http.ResponseWriter, r *http.Request, status int, data uploadData) error {
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return err
	}
	data.Feeds = choices(lines, data.Form.Values.Get("feed"), language(r))
	for _, k := range credit.Kinds() {
		for _, l := range lines {
			if l.Kind == k {
				data.Kinds = append(data.Kinds, k)
				break
			}
		}
	}
	return d.pages.Render(w, r, status, "intake_upload", data)
}

// received is what an upload form holds.
type received struct {
	values url.Values
	file   Spooled
	name   string
}

// receive reads an upload part by part; the file is durable when it returns.
func (d *desk) receive(r *http.Request) (in received, err error) {
	in.values = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return in, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return in, nil
		}
		if err != nil {
			return in, fmt.Errorf("intake: reading an upload: %w", err)
		}
		if err := d.receivePart(&in, p); err != nil {
			return in, err
		}
	}
}

// maxField is how many bytes a field beside the file may have.
const maxField = 4 << 10

func (d *desk) receivePart(in *received, p *multipart.Part) (err error) {
	if p.FormName() == "file" {
		if p.FileName() == "" {
			return nil
		}
		in.name = path.Base(strings.ReplaceAll(p.FileName(), `\`, "/"))
		in.file, err = d.Spool(p)
		return err
	}
	b, err := io.ReadAll(io.LimitReader(p, maxField))
	in.values.Set(p.FormName(), string(b))
	return err
}

// upload takes a file in and leads to its load.
func (d *desk) upload(w http.ResponseWriter, r *http.Request) error {
	in, err := d.receive(r)
	if err != nil {
		return err
	}
	data := uploadData{Form: page.Form{Values: in.values}, Name: in.name}
	if in.file.Path == "" {
		if sp, ok := d.Waiting(in.values.Get("kept")); ok {
			in.file, in.name = sp, in.values.Get("name")
		} else {
			data.Form.Fail("file", "intake.error.file")
		}
	}
	l, err := d.accept(r, in, &data.Form)
	if err == nil && len(data.Form.Wrong) == 0 {
		return see(w, r, fmt.Sprintf("/intake/load/%d", l.ID))
	}
	if err != nil && !take(&data.Form, language(r), err) {
		return err
	}
	var shrink *ShrinkError
	if errors.As(err, &shrink) {
		data.Kept, data.Name = &in.file, in.name
	} else if in.file.Path != "" {
		d.Discard(in.file)
	}
	return d.uploadPage(w, r, http.StatusUnprocessableEntity, data)
}

// accept starts the load of a received file for a feed of the caller.
func (d *desk) accept(r *http.Request, in received, f *page.Form) (Load, error) {
	ctx := r.Context()
	sc, err := d.scope(ctx)
	if err != nil {
		return Load{}, err
	}
	lines, err := d.lines(ctx, sc)
	if err != nil {
		return Load{}, err
	}
	l, ok := pick(lines, in.values.Get("feed"))
	if !ok {
		if err := sc.refusesFeed(in.values.Get("feed")); err != nil {
			return Load{}, err
		}
		f.Fail("feed", "intake.error.feed")
	}
	if len(f.Wrong) > 0 {
		return Load{}, nil
	}
	return d.Accept(ctx, Request{Path: in.file.Path, SHA256: in.file.SHA256, Name: in.name, Source: l.Source.Code, Kind: l.Kind,
		By: account.From(ctx).Login, Shrink: strings.TrimSpace(in.values.Get("shrink"))})
}
