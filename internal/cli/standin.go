package cli

import (
	"context"
	"fmt"
	"io"

	platform "xinban/internal/exchange/platform"
)

type standinCmd struct {
	Platform standinPlatformCmd `cmd:"" help:"A platform that shows matters; it misbehaves by POST /behave."`
}

type standinPlatformCmd struct {
	Addr   string `help:"Address to listen on; this machine's only." default:"127.0.0.1:0"`
	Name   string `help:"What its pages are called." default:"演示公示平台"`
	Secret string `help:"Shared with the server that tells it; better in the environment." required:"" env:"XINBAN_PLATFORM_SECRET"`
	File   string `help:"File in which it keeps what it shows; made when absent." required:"" type:"path"`
	ID     string `help:"Its ID at the server to which it reports repairs that POST /repair lets it make."`
	Report string `help:"Address of the server that takes such reports."`
}

// Run serves until it is stopped.
func (c *standinPlatformCmd) Run(ctx context.Context, p *printer) error {
	s, err := platform.New(c.Name, c.Secret, c.File)
	if err != nil {
		return err
	}
	defer s.Close()
	s.ID, s.Report = c.ID, c.Report
	address, err := standIn(ctx, c.Addr, s)
	if err != nil {
		return err
	}
	err = p.print(map[string]string{"push": address + "/effects", "page": address + "/matters/{matter}", "daily": address + "/daily.csv"}, func(w io.Writer) {
		fmt.Fprintf(w, "%s（演示）正在 %s 运行：推送地址 %s/effects，公示页面 %s/matters/{matter}，每日文件 %s/daily.csv\n", c.Name, address, address, address, address)
	})
	if err == nil {
		<-ctx.Done()
	}
	return err
}
