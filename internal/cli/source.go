package cli

import (
	"context"
	"fmt"
	"io"

	"xinban/internal/credit"
	"xinban/internal/intake"
)

type adminSourceCmd struct {
	common
	Code    string      `arg:"" help:"Code that --source of intake names."`
	Name    string      `help:"Name of the source." required:""`
	Organ   string      `help:"Code of its organ."`
	Kind    string      `help:"Kind that it may send." required:""`
	Basis   string      `help:"Catalogue entry or recorded basis for gathering." required:""`
	Rhythm  int         `help:"Days within which the next file is due, at least 1." default:"7"`
	Domains []string    `help:"Domains for which the feed answers; without any it answers for all."`
	Since   credit.Date `help:"First day for which the feed can answer."`
	List    bool        `name:"snapshot" help:"Each file is the whole list."`
}

func (c *adminSourceCmd) Run(ctx context.Context, p *printer) error {
	kind, err := credit.ParseKind(c.Kind)
	if err != nil {
		return fmt.Errorf("没有“%s”这一类信息，可用：%s", c.Kind, kindsText())
	}
	a, err := c.make(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	src, err := a.Intake.AddSource(ctx, intake.Source{Code: c.Code, Name: c.Name, Organ: c.Organ})
	if err != nil {
		return err
	}
	book, err := a.Books.Book("")
	if err != nil {
		return err
	}
	f := intake.Feed{Source: src.ID, Kind: kind, Basis: c.Basis, Rhythm: c.Rhythm, Since: c.Since, Snapshot: c.List}
	for _, d := range c.Domains {
		x, ok := book.Domains(credit.DateOf(a.Now())).Find(d)
		if !ok {
			return fmt.Errorf("没有名为“%s”的领域", d)
		}
		f.Domains = append(f.Domains, x.ID)
	}
	if err := a.Intake.AddFeed(ctx, f); err != nil {
		return err
	}
	return p.print(map[string]any{"source": src.Code, "kind": kind}, func(w io.Writer) { fmt.Fprintf(w, "已登记来源%s的%s\n", src.Name, kind.Chinese()) })
}
