package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/ruleset"
)

type rulesetCmd struct {
	List    rulesetListCmd    `cmd:"" help:"Rule sets in force, and proposals that wait for a decision."`
	Show    rulesetShowCmd    `cmd:"" help:"Print a rule set in force."`
	Export  rulesetExportCmd  `cmd:"" help:"Write a rule set in force to a file, to edit and propose it."`
	Diff    rulesetDiffCmd    `cmd:"" help:"What a file, or each waiting proposal, would change."`
	Propose rulesetProposeCmd `cmd:"" help:"Propose a file; another person adopts it."`
	Adopt   rulesetAdoptCmd   `cmd:"" help:"Put a waiting proposal in force."`
	Reject  rulesetRejectCmd  `cmd:"" help:"Decide that a waiting proposal shall not be in force."`
}

// setDoc is a rule set, for programs.
type setDoc struct {
	Kind     law.SetKind      `json:"kind"`
	ID       string           `json:"id"`
	Title    string           `json:"title"`
	From     credit.Date      `json:"effective_from"`
	Source   string           `json:"source"`
	Sureness string           `json:"sureness"`
	Digest   string           `json:"digest"`
	Author   string           `json:"author,omitempty"`
	Changes  []adopted.Change `json:"changes,omitempty"`
}

func setOf(s law.Set) setDoc {
	return setDoc{Kind: s.Kind, ID: s.ID, Title: s.Title, From: s.EffectiveFrom, Source: s.Source, Sureness: s.Sureness.String(), Digest: s.Digest}
}

func waitingOf(w adopted.Waiting) setDoc {
	d := setOf(w.Set)
	d.Author, d.Changes = w.Author, w.Changes
	return d
}

// short is as much of a digest as people type.
func short(digest string) string { return digest[:12] }

type rulesetListDoc struct {
	Book     string   `json:"book"`
	InForce  []setDoc `json:"in_force"`
	Proposed []setDoc `json:"proposed"`
}

type rulesetListCmd struct{ common }

func (c *rulesetListCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	book, err := a.Books.Book("")
	if err != nil {
		return err
	}
	waiting, err := a.Books.Waiting(ctx)
	if err != nil {
		return err
	}
	doc := rulesetListDoc{Book: book.Digest(), InForce: []setDoc{}, Proposed: []setDoc{}}
	for _, s := range book.Sets() {
		doc.InForce = append(doc.InForce, setOf(s))
	}
	for _, w := range waiting {
		doc.Proposed = append(doc.Proposed, waitingOf(w))
	}
	return p.print(doc, func(w io.Writer) {
		fmt.Fprintf(w, "现行规则%d份\n", len(doc.InForce))
		for _, s := range book.Sets() {
			fmt.Fprintf(w, "  %s  %s，%s起，%s：%s（%s）\n", s.ID, s.Title, s.EffectiveFrom, s.Sureness.Chinese(), s.Source, short(s.Digest))
		}
		fmt.Fprintf(w, "等待决定的提案%d份\n", len(waiting))
		for _, x := range waiting {
			fmt.Fprintf(w, "  %s  %s %s，%s起，提出人%s，变动%d处\n", short(x.Digest), x.ID, x.Title, x.EffectiveFrom, author(x), len(x.Changes))
		}
	})
}

func author(w adopted.Waiting) string {
	if w.Shipped() {
		return "程序自带"
	}
	return w.Author
}

// setsByID are the sets in force with an identifier, newest first.
func setsByID(a *app.App, id string) (found []law.Set, err error) {
	book, err := a.Books.Book("")
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, s := range book.Sets() {
		ids = append(ids, s.ID)
		if s.ID == id {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("现行规则中没有“%s”，可用：%s", id, strings.Join(ids, "、"))
	}
	return found, nil
}

type rulesetShowCmd struct {
	common
	ID string `arg:"" help:"Identifier, such as O36."`
}

func (c *rulesetShowCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	sets, err := setsByID(a, c.ID)
	if err != nil {
		return err
	}
	var docs []map[string]any
	for _, s := range sets {
		docs = append(docs, map[string]any{"set": setOf(s), "body": string(s.Body)})
	}
	return p.print(docs, func(w io.Writer) {
		for _, s := range sets {
			fmt.Fprintf(w, "%s %s，%s起\n%s：%s\n摘要 %s\n\n%s\n", s.ID, s.Title, s.EffectiveFrom, s.Sureness.Chinese(), s.Source, s.Digest, s.Body)
		}
	})
}

type rulesetExportCmd struct {
	common
	ID  string `arg:"" help:"Identifier, such as O36; the newest where there are several."`
	Out string `help:"File to write." required:"" type:"path"`
}

func (c *rulesetExportCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	sets, err := setsByID(a, c.ID)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, sets[0].Body, 0o640); err != nil {
		return fmt.Errorf("无法写文件：%w", err)
	}
	return p.print(map[string]any{"set": setOf(sets[0]), "file": c.Out}, func(w io.Writer) {
		fmt.Fprintf(w, "已写入%s。修改后用 xinban admin ruleset propose %s --by 账号 提出\n", c.Out, c.Out)
	})
}

type rulesetDiffCmd struct {
	common
	File string `arg:"" optional:"" help:"Rule file; every waiting proposal when absent." type:"existingfile"`
}

func (c *rulesetDiffCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	waiting, err := c.waiting(ctx, a)
	if err != nil {
		return err
	}
	docs := []setDoc{}
	for _, x := range waiting {
		docs = append(docs, waitingOf(x))
	}
	return p.print(docs, func(w io.Writer) {
		for _, x := range waiting {
			fmt.Fprintf(w, "%s %s，%s起\n%s", x.ID, x.Title, x.EffectiveFrom, adopted.Text(x.Changes))
		}
		if len(waiting) == 0 {
			fmt.Fprintln(w, "没有等待决定的提案")
		}
	})
}

// waiting is the file as if it were proposed, or all proposals.
func (c *rulesetDiffCmd) waiting(ctx context.Context, a *app.App) ([]adopted.Waiting, error) {
	if c.File == "" {
		return a.Books.Waiting(ctx)
	}
	body, err := os.ReadFile(c.File)
	if err != nil {
		return nil, err
	}
	w, err := a.Books.Try(ctx, body)
	return []adopted.Waiting{w}, err
}

type rulesetProposeCmd struct {
	common
	File string `arg:"" help:"Rule file." type:"existingfile"`
	By   string `help:"Login of who proposes it." required:""`
}

func (c *rulesetProposeCmd) Run(ctx context.Context, p *printer) error {
	body, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	return withEditor(ctx, &c.common, c.By, func(a *app.App, login string) error {
		x, err := a.Books.Propose(ctx, body, login, a.Now().UnixMilli())
		if err != nil {
			return err
		}
		return p.print(waitingOf(x), func(w io.Writer) {
			fmt.Fprintf(w, "已提出%s，等待另一人决定。变动如下：\n%s采用：xinban admin ruleset adopt %s --by 账号\n", x.ID, adopted.Text(x.Changes), short(x.Digest))
		})
	})
}

type rulesetAdoptCmd struct {
	common
	Digest string `arg:"" help:"Digest of the proposal, or its first characters."`
	By     string `help:"Login of who adopts it; another person than who proposed it." required:""`
}

func (c *rulesetAdoptCmd) Run(ctx context.Context, p *printer) error {
	return decide(ctx, &c.common, c.Digest, c.By, true, "", p)
}

type rulesetRejectCmd struct {
	common
	Digest string `arg:"" help:"Digest of the proposal, or its first characters."`
	By     string `help:"Login of who decides; another person than who proposed it." required:""`
	Reason string `help:"Why." required:""`
}

func (c *rulesetRejectCmd) Run(ctx context.Context, p *printer) error {
	return decide(ctx, &c.common, c.Digest, c.By, false, c.Reason, p)
}

func decide(ctx context.Context, c *common, digest, by string, adopts bool, reason string, p *printer) error {
	return withEditor(ctx, c, by, func(a *app.App, login string) error {
		now := a.Now()
		x, err := a.Books.Decide(ctx, digest, login, adopts, reason, credit.DateOf(now), now.UnixMilli())
		if err != nil {
			return err
		}
		return p.print(waitingOf(x), func(w io.Writer) {
			if adopts {
				fmt.Fprintf(w, "已采用%s（%s）。正在运行的服务会在数秒内换用，已出具的报告仍按原规则核对\n", x.ID, x.Title)
			} else {
				fmt.Fprintf(w, "已决定不采用%s（%s）\n", x.ID, x.Title)
			}
		})
	})
}

// withEditor opens the store for somebody who may change rules.
func withEditor(ctx context.Context, c *common, login string, fn func(a *app.App, login string) error) error {
	return c.existing(ctx, func(w *app.Web) error {
		acc, err := w.Accounts.ByLogin(ctx, login)
		if err == nil {
			err = ruleset.Editor(acc)
		}
		if err != nil {
			return fmt.Errorf("账号%s：%w", login, err)
		}
		return fn(w.App, acc.Login)
	})
}
