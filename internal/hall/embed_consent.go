package hall

import (
	"context"
	"errors"
	"fmt"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/store"
)

// inAppMonths is how long a report that was made inside an app may be read there, in months.
const inAppMonths = 1

// grantee is the app as who is allowed.
func (a *App) grantee() consent.Grantee { return consent.Grantee("app:" + a.ID) }

// grantFor is the consent that an app's user is asked for: to the app, for one report of one purpose.
func (s *Service) grantFor(e *embedded, p Purpose) consent.Grant {
	return consent.Grant{Subject: e.Subject, Grantee: e.App.grantee(), Name: e.App.Name, Scope: consent.Ask,
		Purpose: p.Printed, Editions: []string{p.Edition}, Uses: 1, Until: s.today().AddMonths(inAppMonths)}
}

// appWords are what the user of an app agrees to.
func (s *Service) appWords(ctx context.Context, e *embedded, p Purpose) (string, error) {
	g := s.grantFor(e, p)
	name, err := s.nameOf(ctx, e.Subject)
	return g.Text(name) + "同意人身份由" + e.App.Name + "确认。", err
}

// issueInApp gives the consent that the user has just agreed to and issues with it, in one transaction: without a report
// there is no consent left behind.
func (s *Service) issueInApp(ctx context.Context, e *embedded, p Purpose) (*Sheet, error) {
	words, err := s.appWords(ctx, e, p)
	if err != nil {
		return nil, err
	}
	who := e.App.actor(e.Subject)
	return s.Reports.Issue(ctx, Order{Key: e.Subject, Purpose: p, Within: func(tx *store.Tx, number string) error {
		g := s.grantFor(e, p)
		g.Signature = consent.Signature{Text: words, By: who.ID, Name: e.App.Name + "确认的用户", At: s.Now().UnixMilli(), Method: consent.ByTouch}
		if err := s.Consent.Give(tx, &g); err != nil {
			return err
		}
		if err := audit.Record(tx, audit.Entry{Subject: e.Subject, At: s.Now(), Actor: who, Action: audit.Allow, Purpose: p.Printed}); err != nil {
			return err
		}
		used, err := s.Consent.Use(tx, e.Subject, []consent.Grantee{e.App.grantee()}, consent.Ask, p.Printed, p.Edition)
		if err != nil {
			return refusedBy(err)
		}
		return s.keepInApp(tx, e, number, used.ID)
	}}, who)
}

// keepInApp notes a report as one that the app's user may read. The same report again, on the same day, is read under the
// newest consent.
func (s *Service) keepInApp(tx *store.Tx, e *embedded, number, grant string) error {
	_, err := tx.Exec(`INSERT INTO hall_app_report (subject, app, number, grant_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, app, number) DO UPDATE SET grant_id = excluded.grant_id`, string(e.Subject), e.App.ID, number, grant)
	if err != nil {
		return fmt.Errorf("hall: noting a report in an app: %w", err)
	}
	return nil
}

// readable are the numbers of the reports that the app's user may read: those made there whose consent stands.
func (s *Service) readable(ctx context.Context, e *embedded) (map[string]bool, error) {
	grants, err := s.Consent.Given(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	stands := map[string]bool{}
	for _, g := range grants {
		over := g.Over(s.today())
		stands[g.ID] = over == nil || errors.Is(over, consent.ErrUsedUp) // the one use was the report that is read
	}
	rows, err := s.db.Query(ctx, "SELECT number, grant_id FROM hall_app_report WHERE subject = $1 AND app = $2 ORDER BY number DESC LIMIT 200", string(e.Subject), e.App.ID)
	if err != nil {
		return nil, fmt.Errorf("hall: listing reports in an app: %w", err)
	}
	defer rows.Close()
	may := map[string]bool{}
	for rows.Next() {
		var number, grant string
		if err := rows.Scan(&number, &grant); err != nil {
			return nil, fmt.Errorf("hall: listing reports in an app: %w", err)
		}
		if stands[grant] {
			may[number] = true
		}
	}
	return may, rows.Err()
}
