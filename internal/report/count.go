package report

import (
	"cmp"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/store"
	"xinban/internal/tally"
)

// What is counted of reports.
const (
	CountReport      = "report"             // reports issued
	CountCertificate = "report.certificate" // certificates that they replaced: domains that gave an answer

	// Reports made to be shown by a live code. Nobody asked for a certificate, so they are neither among the reports nor
	// do they replace certificates, and nothing is counted of their withdrawal.
	CountShown = "report.shown"

	// Of reports that were withdrawn, on the day of the withdrawal: they stay among those issued.
	CountWithdrawn            = "report.withdrawn"
	CountWithdrawnCertificate = "report.withdrawn.certificate"
)

// Purposes that are counted apart from those of the list: a purpose in a person's own words, and none.
const (
	PurposeOther = "other"
	PurposeNone  = "none"
)

// ShownPurpose is the purpose of a report that is made to be shown by a live code. No other report can have it.
const ShownPurpose = "亮码"

// shown tells that a document was made to be shown by a live code.
func (c *Content) shown() bool { return c.Purpose == ShownPurpose }

// count notes a new report and the certificates that it replaces, told apart by edition, channel, purpose
// and domain.
func count(tx *store.Tx, doc *Issued, in *inputs, channel string) error {
	c := &doc.Content
	d := tally.Delta{Subject: c.Subject, ID: c.Number, Day: in.on,
		Facets: map[string]string{"edition": c.Edition, "channel": channel, "purpose": countedPurpose(c.Purpose)}}
	if c.shown() {
		d.Kind, d.N, d.Facets = CountShown, 1, map[string]string{"edition": c.Edition}
		return tally.Add(tx, d)
	}
	return countBoth(tx, d, CountReport, CountCertificate, answered(c))
}

// countWithdrawn notes that a report was withdrawn.
func countWithdrawn(tx *store.Tx, c *Content, on credit.Date) error {
	if c.shown() {
		return nil
	}
	d := tally.Delta{Subject: c.Subject, ID: c.Number, Day: on, Facets: map[string]string{"edition": c.Edition, "purpose": countedPurpose(c.Purpose)}}
	return countBoth(tx, d, CountWithdrawn, CountWithdrawnCertificate, answered(c))
}

func countBoth(tx *store.Tx, d tally.Delta, reports, certificates string, domains []string) error {
	d.Kind, d.N = reports, 1
	if err := tally.Add(tx, d); err != nil {
		return err
	}
	d.Kind, d.N, d.Each = certificates, int64(len(domains)), map[string][]string{"domain": domains}
	return tally.Add(tx, d)
}

// answered are the domains that gave an answer: for each the report takes the place of a certificate.
func answered(c *Content) (domains []string) {
	for _, d := range c.Domains {
		if d.ID != law.DomainUnknown && (d.State == Found || d.State == None) {
			domains = append(domains, d.ID)
		}
	}
	return domains
}

// countedPurpose keeps what people write in their own words out of the counts.
func countedPurpose(printed string) string {
	if printed == "" {
		return PurposeNone
	}
	return cmp.Or(purposeOf(printed).ID, PurposeOther)
}
