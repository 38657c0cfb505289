package app

import (
	"context"
	"fmt"

	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/store"
)

// grantsOfDemo is how many firms let the first showcase firm ask for their reports, as its subsidiaries. The last of
// them has withdrawn.
const grantsOfDemo = 11

// seedGrants gives the demo's parent firm something to ask for. A start that was cut off goes on.
func (a *App) seedGrants(ctx context.Context, p *demo.Province) error {
	parent := p.ShowcaseSubject()
	had, err := a.Consent.ToGrantee(ctx, consent.OrganisationGrantee(parent.Key), "", grantsOfDemo)
	if err != nil || len(had) > 0 {
		return err
	}
	own := map[credit.Key]bool{}
	for _, x := range p.Accounts() {
		own[x.SubjectKey] = true
	}
	firms, err := a.Ledger.NamesFrom(ctx, "岚港", "", "", 4*grantsOfDemo)
	if err != nil {
		return err
	}
	return a.DB.Tx(ctx, func(tx *store.Tx) error {
		n := 0
		for _, f := range firms {
			if n == grantsOfDemo || own[f.Key] || f.Class != credit.Organisation || f.Key.Scheme() != "" {
				continue
			}
			n++
			g := consent.Grant{Subject: f.Key, Grantee: consent.OrganisationGrantee(parent.Key), Name: parent.Name, Scope: consent.Ask, Purpose: "上市",
				Until: credit.DateOf(a.Now()).AddMonths(12)}
			g.Signature = consent.Signature{Text: g.Text(f.Name), By: "demo", Name: f.Name + "（演示）", At: a.Now().UnixMilli(), Method: consent.ByPassword}
			if err := a.Consent.Give(tx, &g); err != nil {
				return fmt.Errorf("app: giving the demo's consent: %w", err)
			}
			if n == grantsOfDemo {
				return a.Consent.Withdraw(tx, g.Subject, g.ID)
			}
		}
		return nil
	})
}
