package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/report"
)

// accountRow is an account, for programs.
type accountRow struct {
	Login    string         `json:"login"`
	Name     string         `json:"name"`
	Roles    []account.Role `json:"roles"`
	Organ    string         `json:"organ"`
	Region   string         `json:"region,omitempty"`
	Subjects []credit.Key   `json:"subjects,omitempty"`
	TOTP     bool           `json:"totp"`
	Closed   bool           `json:"closed"`
}

var roleText = map[account.Role]string{account.Enterprise: "企业用户", account.Clerk: "部门经办人", account.Centre: "信用中心",
	account.Operator: "系统运维", account.Auditor: "审计", account.Receiver: "接收方", account.Window: "综合窗口", account.Kiosk: "自助机"}

func roleNames(roles []account.Role) string {
	var names []string
	for _, r := range roles {
		names = append(names, roleText[r])
	}
	return strings.Join(names, "、")
}

func rowOf(a account.Account) accountRow {
	return accountRow{a.Login, a.Name, a.Roles, a.Organ, a.Region, a.Subjects, a.TOTP, a.Closed}
}

func (r accountRow) text(w io.Writer) {
	state := "可用"
	if r.Closed {
		state = "已停用"
	}
	region := ""
	if r.Region != "" {
		region = "，管辖区域" + r.Region
	}
	second := ""
	if r.TOTP {
		second = "，已设动态口令"
	}
	fmt.Fprintf(w, "%s  %s  %s  %s%s%s\n", r.Login, r.Name, roleNames(r.Roles), state, region, second)
}

type adminListCmd struct{ common }

// listPage is how many accounts are read at once.
const listPage = 500

func (c *adminListCmd) Run(ctx context.Context, p *printer) error {
	return c.existing(ctx, func(w *app.Web) error {
		rows, after := []accountRow{}, ""
		for {
			page, err := w.Accounts.List(ctx, after, listPage)
			if err != nil {
				return err
			}
			for _, a := range page {
				rows = append(rows, rowOf(a))
				after = a.Login
			}
			if len(page) < listPage {
				break
			}
		}
		return p.print(rows, func(w io.Writer) {
			for _, r := range rows {
				r.text(w)
			}
			fmt.Fprintf(w, "共%d个账号\n", len(rows))
		})
	})
}

// one names the account that a command is about.
type one struct {
	common
	Login string `arg:"" help:"Login name."`
}

// change does something to the account and prints what it is afterwards.
func (c *one) change(ctx context.Context, p *printer, done string, fn func(w *app.Web, a account.Account) error) error {
	return c.existing(ctx, func(w *app.Web) error {
		a, err := w.Accounts.ByLogin(ctx, c.Login)
		if err == nil {
			err = fn(w, a)
		}
		if err != nil {
			return err
		}
		if a, err = w.Accounts.ByID(ctx, a.ID); err != nil {
			return err
		}
		return p.print(rowOf(a), func(w io.Writer) { fmt.Fprintf(w, "账号%s%s\n", a.Login, done) })
	})
}

type adminCloseCmd struct{ one }

func (c *adminCloseCmd) Run(ctx context.Context, p *printer) error {
	return c.change(ctx, p, "已停用，登录和令牌即刻失效", func(w *app.Web, a account.Account) error { return w.Accounts.Close(ctx, a.ID) })
}

type adminReopenCmd struct{ one }

func (c *adminReopenCmd) Run(ctx context.Context, p *printer) error {
	return c.change(ctx, p, "已恢复，需重新登录", func(w *app.Web, a account.Account) error { return w.Accounts.Reopen(ctx, a.ID) })
}

type adminResetCmd struct{ one }

func (c *adminResetCmd) Run(ctx context.Context, p *printer) error {
	return c.change(ctx, p, "的动态口令已清除，请本人登录后重新设置", func(w *app.Web, a account.Account) error { return w.Accounts.ResetTOTP(ctx, a.ID) })
}

type adminBindCmd struct {
	one
	Subject []string `arg:"" help:"Codes or exact names of the subjects."`
}

func (c *adminBindCmd) Run(ctx context.Context, p *printer) error {
	return c.change(ctx, p, "现可代办所列主体", func(w *app.Web, a account.Account) error {
		keys, err := subjectKeys(ctx, w.App, c.Subject)
		if err != nil {
			return err
		}
		return w.Accounts.Bind(ctx, a.ID, keys...)
	})
}

type adminUnbindCmd struct {
	one
	Subject []string `arg:"" help:"Codes or exact names of the subjects."`
}

func (c *adminUnbindCmd) Run(ctx context.Context, p *printer) error {
	return c.change(ctx, p, "不再代办所列主体", func(w *app.Web, a account.Account) error {
		keys, err := subjectKeys(ctx, w.App, c.Subject)
		if err != nil {
			return err
		}
		for i, k := range keys {
			was, err := w.Accounts.Unbind(ctx, a.ID, k)
			if err != nil {
				return err
			}
			if !was {
				return fmt.Errorf("账号%s原本就不代办%s", a.Login, c.Subject[i])
			}
		}
		return nil
	})
}

// subjectKeys finds the subjects that the texts mean. A firm that has no record yet is known by its code.
func subjectKeys(ctx context.Context, a *app.App, texts []string) (keys []credit.Key, err error) {
	for _, t := range texts {
		k, err := subjectKey(ctx, a, t)
		if code := credit.NormalCode(t); errors.Is(err, report.ErrNoSubject) && credit.CheckUSCC(code).Verdict == credit.Valid {
			k, err = credit.OrgKey(code), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s：%w", t, err)
		}
		keys = append(keys, k)
	}
	return keys, nil
}
