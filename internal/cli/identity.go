package cli

import (
	"context"
	"fmt"
	"io"
)

type identityKeyCmd struct{ common }

func (c *identityKeyCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.NewIdentityKey(ctx)
	if err != nil {
		return err
	}
	return p.print(map[string]int{"identities": n}, func(w io.Writer) {
		fmt.Fprintf(w, "已换用新的身份密钥，%d人重新登记；请备份keys目录，并重新启动正在运行的服务\n", n)
	})
}
