package cli

import (
	"context"
	"fmt"
	"io"

	"xinban/internal/app"
	"xinban/internal/platform"
)

type adminPlatformCmd struct {
	common
	ID     string   `arg:"" help:"Small letters, digits and hyphens."`
	Name   string   `help:"Name as shown." required:""`
	Kind   string   `help:"official, sector or third_party." enum:"official,sector,third_party" default:"official"`
	Push   string   `help:"Address that takes effects." required:""`
	Page   string   `help:"Address of a matter's public page, with {matter}, {code} and {doc} in place of what it is about." required:""`
	Secret string   `help:"Shared with the platform, at least 16 characters." env:"XINBAN_PLATFORM_SECRET" required:""`
	Sector []string `help:"Domains of which it shows matters; empty for all, but for a sector's system."`
	Mark   bool     `help:"It marks what is repaired instead of hiding it."`
	Place  int64    `help:"Place in lists, the lowest first."`
	Closed bool     `help:"It is told nothing any more."`
}

func (c *adminPlatformCmd) Run(ctx context.Context, p *printer) error {
	return withWeb(ctx, &c.common, func(w *app.Web) error {
		t := platform.Target{ID: c.ID, Name: c.Name, Kind: platform.Kind(c.Kind), Push: c.Push, Page: c.Page, Secret: c.Secret, Sectors: c.Sector,
			Manner: platform.Hide, Place: c.Place, Closed: c.Closed}
		if c.Mark {
			t.Manner = platform.Mark
		}
		if err := w.Platform.SetTarget(ctx, t); err != nil {
			return err
		}
		return p.print(struct {
			ID string `json:"id"`
		}{c.ID}, func(out io.Writer) { fmt.Fprintf(out, "已设置平台%s：%s\n", c.ID, c.Name) })
	})
}
