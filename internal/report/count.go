package report

import (
	"xinban/internal/law"
	"xinban/internal/store"
	"xinban/internal/tally"
)

// What is counted of reports.
const (
	CountReport      = "report"             // reports issued
	CountCertificate = "report.certificate" // certificates that they replaced: domains that gave an answer
)

// count notes a new report and the certificates that it replaces, told apart by edition, channel, purpose
// and domain.
func count(tx *store.Tx, doc *Issued, in *inputs, channel string) error {
	c := &doc.Content
	var answered []string
	for _, d := range c.Domains {
		if d.ID != law.DomainUnknown && (d.State == Found || d.State == None) {
			answered = append(answered, d.ID)
		}
	}
	facets := map[string]string{"edition": c.Edition, "channel": channel, "purpose": in.settings.Purpose}
	d := tally.Delta{Subject: c.Subject, ID: c.Number, Kind: CountReport, Day: in.on, N: 1, Facets: facets}
	if err := tally.Add(tx, d); err != nil {
		return err
	}
	d.Kind, d.N, d.Each = CountCertificate, int64(len(answered)), map[string][]string{"domain": answered}
	return tally.Add(tx, d)
}
