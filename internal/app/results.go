package app

import "xinban/internal/credit"

// domainNames gives the results page the names of domains.
type domainNames struct{ a *App }

// Domain is the name of a domain as it is called today, or its identifier when it is not in the list.
func (d domainNames) Domain(id string) string {
	book, err := d.a.Books.Book("")
	if err != nil {
		return id
	}
	if x, ok := book.Domains(credit.DateOf(d.a.Now())).Find(id); ok {
		return x.Name
	}
	return id
}
