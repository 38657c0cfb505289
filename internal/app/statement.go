package app

import (
	"context"
	"errors"

	"xinban/internal/credit"
	"xinban/internal/document/seal"
	"xinban/internal/report"
	"xinban/internal/statement"
	"xinban/internal/store"
)

// statements opens the statements of circumstances. The report asks them, and they ask the report.
func (a *App) statements(ctx context.Context) (err error) {
	a.Statement, err = statement.New(ctx, statement.Config{DB: a.DB, Cases: a.Casework, Outbox: a.Outbox, Matters: penalties{a}, Teller: a.Following,
		Organs: a.Organs, Books: a.Books.Book, Region: a.region, Calendar: a.Calendar, Keys: a.Keys, Fonts: a.fonts, Writer: a.writer, Now: a.Now,
		Issuer: a.issuer, Verify: a.verifyAddress(), Demo: a.Nature != Live, Changed: a.statementChanged})
	return err
}

// statementChanged lets those who hold reports that name a statement know that it stands no longer.
func (a *App) statementChanged(_ context.Context, tx *store.Tx, key credit.Key, number string) error {
	return a.Report.StatementEnded(tx, key, number)
}

// penalties tells the statements which penalties a subject may see of itself.
type penalties struct{ a *App }

func (p penalties) Penalty(ctx context.Context, subject credit.Key, matter string) (statement.Penalty, error) {
	all, name, err := p.a.Report.OwnMatters(ctx, subject)
	if err != nil {
		return statement.Penalty{}, err
	}
	for i := range all {
		m := &all[i]
		if m.ID.String() != matter || m.Kind != credit.Penalty || m.Annulled != 0 && m.Annulled <= credit.DateOf(p.a.Now()) {
			continue
		}
		x := statement.Penalty{ID: matter, Subject: name, DocNo: m.Record.DocNo, Title: m.Record.Title, Authority: m.Organ, Organ: m.Law.Organ,
			Domain: m.Domain, DomainName: m.DomainName, Decided: m.Record.Decided, Content: m.Record.Penalties.Chinese()}
		if m.Record.Fine.Known {
			x.Fine = &m.Record.Fine.Fen
		}
		return x, nil
	}
	return statement.Penalty{}, statement.ErrNoPenalty
}

// attached gives the reports the statements that stand.
type attached struct{ a *App }

func (s attached) Attached(ctx context.Context, key credit.Key) ([]report.Attached, error) {
	list, err := s.a.Statement.Standing(ctx, key)
	if err != nil {
		return nil, err
	}
	var all []report.Attached
	for _, d := range list {
		c := &d.Content
		all = append(all, report.Attached{Matter: c.Matter, Statement: report.Statement{Number: c.Number, Organ: c.Organ, Verdict: string(c.Verdict),
			Finding: c.Verdict.Chinese(), Date: d.Day(), Reasons: c.Reasons, Basis: c.Basis, Code: c.Code, SHA256: seal.DigestOf(d.Payload).SHA256Hex()}})
	}
	return all, nil
}

func (s attached) Stands(ctx context.Context, key credit.Key, number string) (bool, string, error) {
	return s.a.Statement.Stands(ctx, key, number)
}

func (s attached) Signed(ctx context.Context, key credit.Key, number string) ([]byte, error) {
	all, err := s.a.Statement.Of(ctx, key)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Content.Number == number {
			return d.Envelope, nil
		}
	}
	return nil, statement.ErrNoStatement
}

// papers verifies statements on the page that verifies reports.
type papers struct{ s *statement.Service }

func (p papers) LookUp(ctx context.Context, number, code string) (*report.Paper, error) {
	v, err := p.s.LookUp(ctx, number, code)
	if errors.Is(err, statement.ErrNoStatement) {
		return nil, nil
	}
	return paper(v), err
}

func (p papers) VerifyFile(ctx context.Context, file []byte) (*report.Paper, error) {
	v, err := p.s.VerifyFile(ctx, file)
	return paper(v), err
}

// paper puts the answers into the words of the page.
func paper(v *statement.Verification) *report.Paper {
	if v == nil {
		return nil
	}
	x := &report.Paper{Title: statement.Title, Unaltered: v.Unaltered, Trusted: v.Trusted, Issuer: v.Issuer, Status: report.Status(v.Status), Reasons: v.Reasons}
	if c := v.Content; c != nil {
		x.Subject, x.Number = c.Subject, c.Number
		x.Issuer = c.Organ + "答复，" + v.Issuer + "平台签章" // the organ has no key of its own here
		x.Facts = [][2]string{{"主体名称", c.ShownName()}, {"处罚文书号", c.DocNo}, {"处罚机关", c.Authority}, {"答复机关", c.Organ}, {"认定", c.Verdict.Chinese()},
			{"理由", c.Reasons}, {"依据", c.Basis}, {"签发时间", c.Time().Format("2006-01-02 15:04")}, {"说明编号", c.Number}}
	}
	return x
}

// nameOf is a subject's present name.
func (a *App) nameOf(ctx context.Context, key credit.Key) (string, error) {
	st, _, err := a.Ledger.Standing(ctx, key, credit.DateOf(a.Now()), nil)
	if err != nil {
		return "", err
	}
	if st.Name != "" {
		return st.Name, nil
	}
	s, _, err := a.Ledger.Subject(ctx, key)
	return s.Name, err
}

// remind is the chore that reminds organs of what they have to answer.
func (a *App) remind(ctx context.Context) (bool, error) { return a.Statement.Remind(ctx) }
