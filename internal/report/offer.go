package report

import (
	"context"

	"xinban/internal/law"
)

// Purpose is what a report may be asked for where there is no workbench; Edition is the one proposed for it. It is called by
// the message report.purpose.ID.
type Purpose struct{ ID, Printed, Edition string }

// Purposes lists what reports are asked for.
func Purposes() (all []Purpose) {
	for _, p := range purposes {
		all = append(all, Purpose{p.ID, p.Printed, p.Edition})
	}
	return all
}

// Printed returns an issued document with its paper, which is made when it was not asked for before.
func (s *Service) Printed(ctx context.Context, number string) (*Issued, error) {
	doc, err := s.Document(ctx, number)
	if err == nil {
		err = s.printed(ctx, doc)
	}
	return doc, err
}

// DomainNames are the names of the domains that a report was asked for.
func (c *Content) DomainNames() (names []string) {
	for _, d := range c.Domains {
		if d.ID != law.DomainUnknown {
			names = append(names, d.Name)
		}
	}
	return names
}

// Asked is of how many domains a report was asked.
func (c *Content) Asked() int { return asked(c) }
