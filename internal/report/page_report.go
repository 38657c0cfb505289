package report

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// reportFor returns a document to one who may see it: its holder, an agent who asked for it, the centre or an operator
// of its region.
func (p *pages) reportFor(ctx context.Context, number string) (*Issued, error) {
	doc, err := p.Document(ctx, number)
	if errors.Is(err, ErrNoDocument) {
		return nil, notFound("no-document")
	}
	if err != nil {
		return nil, err
	}
	me := account.From(ctx)
	if !me.MayActFor(doc.Content.Subject) && !me.Has(account.Centre, account.Operator) {
		return doc, p.agentReads(ctx, me, number)
	}
	return doc, p.reached(ctx, doc.Content.Subject)
}

// agentReads returns nil to an agent who asked for the document under a grant that stands. To anybody else there
// is no such document.
func (p *pages) agentReads(ctx context.Context, me account.Principal, number string) error {
	err := p.Agents.MayRead(ctx, me, number)
	if errors.Is(err, consent.ErrNone) {
		return notFound("no-document")
	}
	return notAllowed(err)
}

type reportData struct {
	*Content
	Shown      string // name of the subject
	EditionOf  string
	Status     Status
	Reasons    []string
	Answered   int
	Asked      int
	FoundIn    int
	Count      int
	SHA256     string
	SM3        string
	Issued     time.Time
	Made       string // new, again or empty
	Mine       bool
	Agent      bool // asked for in the subject's name
	PurposeKey string
	VerifyURL  string
	Details    []recordView
	ByCount    bool // the edition gives only counts
	Working    bool
}

// recordView is a shown matter with its details as pairs.
type recordView struct {
	Record
	KindName string
	Domain   string
	Pairs    [][2]string
}

func (p *pages) showReport(w http.ResponseWriter, r *http.Request) error {
	doc, err := p.reportFor(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	c := &doc.Content
	d := reportData{Content: c, Shown: shownName(c.Subject, c.Name), SHA256: digestOf(doc).SHA256Hex(), SM3: digestOf(doc).SM3Hex(), Asked: asked(c),
		Answered: asked(c) - len(c.Unanswered), Made: r.URL.Query().Get("made"), Mine: account.From(r.Context()).MayActFor(c.Subject), VerifyURL: p.verifyURL(c)}
	if d.Status, d.Reasons, err = p.status(r.Context(), c.Subject, c.Number); err != nil {
		return err
	}
	if d.Issued, err = time.Parse(time.RFC3339, c.IssuedAt); err != nil {
		return err
	}
	if x := purposeOf(c.Purpose); x.ID != "" {
		d.PurposeKey = "report.purpose." + x.ID
	}
	d.Working = p.book().Domains(credit.DateOf(d.Issued)).WorkingList
	d.describe()
	d.Agent = !d.Mine && account.From(r.Context()).Has(account.Enterprise)
	if !d.Mine {
		if err := p.record(r.Context(), c.Subject, audit.View, "", c.Number); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, r, http.StatusOK, "report", d)
}

func (d *reportData) describe() {
	d.ByCount = d.Content.byCount()
	for _, x := range d.Content.Domains {
		d.Count += x.Records
		if x.Records > 0 {
			d.FoundIn++
		}
	}
	for _, rec := range d.Records {
		v := recordView{Record: rec, KindName: rec.Kind, Domain: domainName(d.Content, rec.Domain)}
		if k, err := credit.ParseKind(rec.Kind); err == nil {
			v.KindName = k.Chinese()
		}
		v.Pairs = rec.particulars()
		d.Details = append(d.Details, v)
	}
}

// downloadPaper gives the signed PDF, printing it when it was not asked for before.
func (p *pages) downloadPaper(w http.ResponseWriter, r *http.Request) error {
	doc, err := p.reportFor(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	if err := p.printed(r.Context(), doc); err != nil {
		return err
	}
	return p.send(w, r, doc, "application/pdf", ".pdf", doc.Paper)
}

func (p *pages) downloadData(w http.ResponseWriter, r *http.Request) error {
	doc, err := p.reportFor(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	return p.send(w, r, doc, "application/json", ".json", doc.Envelope)
}

func (p *pages) send(w http.ResponseWriter, r *http.Request, doc *Issued, media, ext string, body []byte) error {
	if err := p.record(r.Context(), doc.Content.Subject, audit.Download, "", doc.Content.Number); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="`+doc.Content.Number+ext+`"`)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the client is gone; nothing to do
	return nil
}

// printed makes the paper of a document that was issued without one, and keeps it.
func (s *Service) printed(ctx context.Context, doc *Issued) (err error) {
	if len(doc.Paper) > 0 {
		return nil
	}
	if doc.Paper, err = s.print(ctx, doc, s.c.Now()); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		return keepPaper(tx, doc.Content.Subject, doc.Content.Number, &doc.Paper)
	})
}
