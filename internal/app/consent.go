package app

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/document/seal"
	"xinban/internal/report"
	"xinban/internal/store"
)

// sealer signs consent with the keys that sign the reports.
type sealer struct{ keys *seal.Keys }

func (s sealer) Seal(v any) ([]byte, error) {
	payload, err := canon.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(payload)
}

var errNotOurs = errors.New("app: an envelope that is altered or not of this platform")

func (s sealer) Open(envelope []byte, at time.Time) ([]byte, error) {
	payload, sigs, err := seal.Open(envelope)
	if err != nil {
		return nil, err
	}
	if v := seal.Verify(payload, sigs, s.keys.Trust(), at); !v.Trusted {
		return nil, errNotOurs
	}
	return payload, nil
}

// NoteBroken is the chore that writes into the access log which grants were refused because they do not verify.
func (a *App) NoteBroken(ctx context.Context) (bool, error) {
	for _, b := range a.Consent.TakeBroken() {
		e := audit.Entry{Subject: b.Grant.Subject, At: a.Now(), Actor: audit.Actor{ID: b.Who.ID, Name: b.Who.Name, Channel: "system"}, Action: audit.Allow,
			Purpose: "授权" + b.Grant.ID + "的签名核验不通过，已拒绝使用"}
		if err := a.DB.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, e) }); err != nil {
			a.Consent.PutBack(b)
			return false, err
		}
	}
	return false, nil
}

func (a *App) consentDomains() (all []consent.Domain) {
	for _, d := range a.domainList() {
		all = append(all, consent.Domain(d))
	}
	return all
}

// otherPapers asks each in turn.
type otherPapers []report.Papers

func (o otherPapers) LookUp(ctx context.Context, number, code string) (*report.Paper, error) {
	for _, p := range o {
		if x, err := p.LookUp(ctx, number, code); x != nil || err != nil {
			return x, err
		}
	}
	return nil, nil
}

func (o otherPapers) VerifyFile(ctx context.Context, file []byte) (*report.Paper, error) {
	for _, p := range o {
		if x, err := p.VerifyFile(ctx, file); x != nil || err != nil {
			return x, err
		}
	}
	return nil, nil
}

// consents verifies signed grants on the page that verifies reports.
type consents struct{ a *App }

// LookUp finds nothing: a grant has no number that is printed.
func (consents) LookUp(context.Context, string, string) (*report.Paper, error) { return nil, nil }

func (c consents) VerifyFile(ctx context.Context, file []byte) (*report.Paper, error) {
	payload, sigs, err := seal.Open(file)
	if err != nil {
		return nil, nil // another kind of file
	}
	var t consent.Terms
	if json.Unmarshal(payload, &t) != nil || t.Type != consent.Type {
		return nil, nil
	}
	v := seal.Verify(payload, sigs, c.a.Keys.Trust(), time.UnixMilli(t.At))
	x := &report.Paper{Title: "授权书", Subject: t.Subject, Number: t.ID, Unaltered: v.Unaltered, Trusted: v.Trusted, Issuer: v.Issuer}
	if x.Status = report.Unknown; !v.Unaltered {
		x.Reasons = append(x.Reasons, "内容与签名不符，文件被改动过")
	} else if !v.Trusted {
		x.Reasons = append(x.Reasons, "文件不是由本平台签名的，不能据此判断授权是否真实")
	}
	if !v.Trusted {
		return x, nil
	}
	x.Facts = consentFacts(&t)
	return x, c.status(ctx, x)
}

// over is the status of a grant that was withdrawn, is past its last day or used up, or is not kept as it was signed.
const over report.Status = "over"

// status says how a grant stands today.
func (c consents) status(ctx context.Context, x *report.Paper) error {
	g, err := c.a.Consent.Get(ctx, x.Subject, x.Number)
	if err == nil {
		x.Status, err = report.Valid, errors.Join(g.Over(credit.DateOf(c.a.Now())), c.a.Consent.Verify(ctx, &g))
	}
	switch why, known := consent.Why(err); {
	case err == nil:
	case !known:
		return err
	case errors.Is(why, consent.ErrNone):
		x.Status, x.Reasons = report.Unknown, append(x.Reasons, "本平台没有这份授权")
	default:
		x.Status, x.Reasons = over, append(x.Reasons, why.Error())
	}
	return nil
}

func consentFacts(t *consent.Terms) [][2]string {
	kind := "作出授权"
	if t.Kind != "given" {
		kind = "撤回授权"
	}
	var names []string
	for _, d := range t.Domains {
		names = append(names, d.Name)
	}
	facts := [][2]string{{"文件", kind}, {"签署内容", t.Signed.Text}, {"签署人", t.Signed.Name}, {"用途", t.Purpose}, {"有效至", t.Until.Chinese()},
		{"时间", time.UnixMilli(t.At).In(credit.Shanghai).Format("2006-01-02 15:04")}}
	if len(names) > 0 {
		facts = append(facts, [2]string{"领域", strings.Join(names, "、")})
	}
	return facts
}

// boundTo lists the accounts that act for a subject; none in a command without pages.
func (a *App) boundTo(ctx context.Context, key credit.Key) (ids []string, err error) {
	if a.accounts == nil {
		return nil, nil
	}
	all, err := a.accounts.BoundTo(ctx, key)
	for _, x := range all {
		ids = append(ids, x.ID)
	}
	return ids, err
}
