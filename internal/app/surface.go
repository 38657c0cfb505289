package app

import (
	"xinban/internal/account"
	"xinban/internal/page"
)

// surfaces is what the capabilities show, in the order in which they are mounted.
func (a *App) surfaces(pages *page.Renderer) []account.Surface {
	return []account.Surface{}
}
