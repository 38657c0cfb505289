package page

import (
	"fmt"
	"html/template"
)

// icons are drawn on a grid of 24 with lines of two, in the style of the header's mark.
var icons = map[string]string{
	"home":     `<path d="M4 11.5 12 5l8 6.5"/><path d="M6.5 10v9h11v-9"/><path d="M10 19v-5h4v5"/>`,
	"report":   `<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4"/><path d="M9 12h6M9 16h4"/>`,
	"verify":   `<path d="M12 3 5 6v5c0 4.5 3 8 7 10 4-2 7-5.5 7-10V6z"/><path d="m9 12 2 2 4-4"/>`,
	"search":   `<circle cx="11" cy="11" r="6"/><path d="m20 20-4.5-4.5"/>`,
	"list":     `<path d="M9 6h11M9 12h11M9 18h11"/><path d="M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>`,
	"upload":   `<path d="M12 15V4"/><path d="m8 8 4-4 4 4"/><path d="M5 14v5h14v-5"/>`,
	"download": `<path d="M12 4v11"/><path d="m8 11 4 4 4-4"/><path d="M5 15v4h14v-4"/>`,
	"feed":     `<path d="M5 6c0-1.5 3-2.5 7-2.5s7 1 7 2.5-3 2.5-7 2.5S5 7.5 5 6z"/><path d="M5 6v6c0 1.5 3 2.5 7 2.5s7-1 7-2.5V6"/><path d="M5 12v6c0 1.5 3 2.5 7 2.5s7-1 7-2.5v-6"/>`,
	"quality":  `<path d="M4 20h16"/><path d="M7 16v-5M12 16V6M17 16v-8"/>`,
	"subject":  `<path d="M5 20V6l7-3v17"/><path d="M12 8h7v12"/><path d="M3 20h18"/><path d="M8 9v.01M8 13v.01M15.5 12v.01M15.5 16v.01"/>`,
	"rules":    `<path d="M12 4v16M7 20h10"/><path d="M5 8h14"/><path d="m5 8-2 6h5zM19 8l-3 6h5z"/>`,
	"user":     `<circle cx="12" cy="8" r="4"/><path d="M5 20c.5-4 3.5-6 7-6s6.5 2 7 6"/>`,
	"log":      `<circle cx="12" cy="12" r="8"/><path d="M12 8v4l3 2"/>`,
	"edit":     `<path d="M5 19h4L19 9l-4-4L5 15z"/><path d="m13 7 4 4"/>`,
	"key":      `<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8"/><path d="m16 7 2 2"/>`,
	"public":   `<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17"/><path d="M12 3.5c3 3 3 14 0 17-3-3-3-14 0-17z"/>`,
	"alert":    `<path d="M12 4 3 19h18z"/><path d="M12 10v4M12 16.5v.01"/>`,
	"info":     `<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>`,
	"check":    `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"close":    `<path d="m6 6 12 12M18 6 6 18"/>`,
	"arrow":    `<path d="M5 12h14"/><path d="m13 6 6 6-6 6"/>`,
	"warning":  `<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5M12 16v.01"/>`,
	"settings": `<path d="M4 7h10M18 7h2M4 17h2M10 17h10"/><circle cx="16" cy="7" r="2"/><circle cx="8" cy="17" r="2"/>`,
	"archive":  `<path d="M4 5h16v4H4z"/><path d="M6 9v10h12V9"/><path d="M10 13h4"/>`,
	"print":    `<path d="M7 8V4h10v4"/><path d="M5 16V8h14v8h-2"/><path d="M7 14h10v6H7z"/>`,
}

// icon returns a picture that says nothing a screen reader must hear.
func icon(name string) (template.HTML, error) {
	d, ok := icons[name]
	if !ok {
		return "", fmt.Errorf("page: there is no icon %q", name)
	}
	return template.HTML(`<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
		`stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + d + `</svg>`), nil
}
