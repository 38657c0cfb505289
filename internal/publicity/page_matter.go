package publicity

import (
	"errors"
	"net/http"
	"time"

	"xinban/internal/law"
	"xinban/internal/problem"
)

type matterData struct {
	*Matter
	DomainName string
	AsOf       time.Time
}

func (p *pages) matter(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Get(r.Context(), r.PathValue("id"))
	if errors.Is(err, ErrNotPublic) || err == nil && m.Tab.String() != r.PathValue("kind") {
		return problem.New(http.StatusNotFound, "not-public")
	}
	if err != nil {
		return err
	}
	domains, err := p.domains()
	if err != nil {
		return err
	}
	d := matterData{Matter: m, DomainName: name(domains, m.Domain)}
	if d.AsOf, err = p.AsOf(r.Context()); err != nil {
		return err
	}
	return p.render.Render(w, r, http.StatusOK, "public_matter", d)
}

// name is a domain as people know it; empty for one that could not be assigned.
func name(domains *law.Domains, id string) string {
	d, _ := domains.Find(id)
	return d.Name
}
