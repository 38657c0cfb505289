package app

import (
	"context"
	"errors"
	"path/filepath"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/follow"
	"xinban/internal/problem"
	"xinban/internal/receive"
	"xinban/internal/report"
	"xinban/internal/store"
)

// receiver opens the receiver's desk on the report, the grants and the outbox.
func (a *App) receiver(ctx context.Context) (err error) {
	key, err := secret(filepath.Join(a.Config.Data, "keys", "webhook.key"))
	if err != nil {
		return err
	}
	a.Receive, err = receive.New(ctx, receive.Config{DB: a.DB, Reports: checked{a.Report}, Consent: a.Consent, Outbox: a.Outbox, Domains: a.domainList,
		Name: a.shownName, Find: a.findSubject, Key: key, Live: a.Nature == Live, Now: a.Now})
	return err
}

// tellHolders lets those who follow the subject or have checked a document know that its status has changed.
func (a *App) tellHolders(tx *store.Tx, key credit.Key, number string, status report.Status) error {
	if status != report.Replaced { // who issued a newer one knows
		if err := a.Following.ReportEnded(tx, key, follow.Report{Number: number, Changed: status == report.Changed, Withdrawn: status == report.Withdrawn}); err != nil {
			return err
		}
	}
	if a.Receive == nil {
		return nil // still being opened: nothing is issued yet
	}
	return a.Receive.Changed(tx, key, number, string(status))
}

func (a *App) domainList() (all []receive.Domain) {
	book, err := a.Books.Book("")
	if err != nil {
		return nil
	}
	for _, d := range book.Domains(credit.DateOf(a.Now())).All() {
		all = append(all, receive.Domain{ID: d.ID, Name: d.Name})
	}
	return all
}

// shownName is a subject's name as it may be shown; a person's is masked.
func (a *App) shownName(ctx context.Context, key credit.Key) (string, error) {
	s, _, err := a.Ledger.Subject(ctx, key)
	if err != nil {
		return "", err
	}
	return (&report.Content{Subject: key, Name: s.Name}).ShownName(), nil
}

// findSubject resolves a code or a whole name that is one organisation's. Identity numbers find nobody.
func (a *App) findSubject(ctx context.Context, text string) (credit.Key, bool, error) {
	if problem.HasIdentityNumber(text) && credit.CheckUSCC(credit.NormalCode(text)).Verdict != credit.Valid {
		return "", false, nil
	}
	found, err := a.Ledger.Find(ctx, text, 2)
	if err != nil || len(found) != 1 || found[0].Key.Person() {
		return "", false, err
	}
	return found[0].Key, true, nil
}

// checked is the report as the receiver's desk needs it.
type checked struct{ s *report.Service }

func (p checked) Verify(ctx context.Context, file []byte) (receive.Paper, error) {
	v, err := p.s.VerifyFile(ctx, file, nil)
	if err != nil {
		return receive.Paper{}, err
	}
	return paperOf(v), nil
}

func paperOf(v *report.Verification) receive.Paper {
	p := receive.Paper{Unaltered: v.Unaltered, Trusted: v.IssuerTrusted, Status: string(v.Status), Number: v.Number, Reasons: v.Reasons}
	if v.Content != nil {
		p.Known = knownOf(v.Content)
	}
	return p
}

func knownOf(c *report.Content) receive.Known {
	k := receive.Known{Subject: c.Subject, Name: c.ShownName(), Edition: c.Edition, From: c.From, To: c.To, Purpose: c.Purpose, Fines: c.FinesFen,
		Conclusion: string(c.Conclusion)}
	for i := range c.Records {
		if c.Records[i].Counts {
			k.Records++
		}
	}
	for _, d := range c.Domains {
		k.Domains = append(k.Domains, d.ID)
		if d.State == report.Late || d.State == report.NoData {
			k.Unanswered = append(k.Unanswered, d.ID)
		}
	}
	return k
}

func (p checked) Ended(ctx context.Context, key credit.Key, number string) (string, error) {
	s, err := p.s.Ended(ctx, key, number)
	return string(s), err
}

func (p checked) Status(ctx context.Context, _ credit.Key, number string) (string, error) {
	d, err := p.s.Document(ctx, number)
	if err != nil {
		return "", err
	}
	v, err := p.s.LookUp(ctx, number, d.Content.Code)
	if err != nil {
		return "", err
	}
	return string(v.Status), nil
}

func (p checked) Since(ctx context.Context, number string) (int, error) {
	return p.s.Since(ctx, number)
}

func (p checked) Make(ctx context.Context, q receive.Query, who audit.Actor) (string, error) {
	r := report.Request{Key: q.Key, Edition: q.Edition, Purpose: q.Purpose, Domains: q.Domains, Paper: true, Within: q.Within}
	if r.From, r.To = p.s.Within(q.From, q.To); r.From > r.To {
		return "", &receive.RefusedError{Text: "授权的信息时段内没有可以出具报告的日期：请主体改签信息时段"}
	}
	d, err := p.s.Issue(ctx, r, who)
	var bad *report.RequestError
	switch {
	case errors.Is(err, report.ErrNoSubject):
		return "", receive.ErrNoSubject
	case errors.As(err, &bad):
		return "", &receive.RefusedError{Text: bad.Error()}
	case err != nil:
		return "", err
	}
	return d.Content.Number, nil
}

func (p checked) Read(ctx context.Context, number string) (*receive.Report, error) {
	d, err := p.s.Document(ctx, number)
	if err != nil {
		return nil, err
	}
	v, err := p.s.LookUp(ctx, number, d.Content.Code)
	if err != nil {
		return nil, err
	}
	r := &receive.Report{Paper: paperOf(v), Code: d.Content.Code, PDF: d.Paper, JSON: d.Envelope}
	for i := range d.Content.Records {
		r.Records = append(r.Records, lineOf(&d.Content.Records[i]))
	}
	return r, nil
}

func lineOf(x *report.Record) receive.Line {
	l := receive.Line{Kind: x.Kind, DocNo: x.DocNo, Authority: x.Authority, State: x.State}
	if k, err := credit.ParseKind(x.Kind); err == nil {
		l.Kind = k.Chinese()
	}
	if x.DecidedOn != 0 {
		l.Decided = x.DecidedOn.Chinese()
	}
	return l
}
