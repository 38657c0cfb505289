package app

import (
	"xinban/internal/account"
	"xinban/internal/mandate"
	"xinban/internal/page"
	"xinban/internal/report"
)

// mandateSurface is the pages of consent, with the purposes of reports.
func (a *Web) mandateSurface(pages *page.Renderer) account.Surface {
	var purposes []string
	for _, p := range report.Presets() {
		purposes = append(purposes, p.Purpose)
	}
	return a.Mandate.Surface(mandate.Deps{Pages: pages, Ledger: a.Ledger, Accounts: a.Accounts, Purposes: purposes})
}
