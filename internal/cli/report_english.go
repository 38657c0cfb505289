package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"xinban/internal/audit"
	"xinban/internal/report"
	"xinban/internal/store"
)

type reportEnglishCmd struct {
	common
	Number string `arg:"" help:"Number of the report."`
	Out    string `help:"File to write: .pdf for the signed paper, .json for the signed data." required:"" type:"path"`
}

// englishDoc tells of an English rendering, for programs.
type englishDoc struct {
	Number   string `json:"number"`
	Original string `json:"original_sha256"`
	File     string `json:"file"`
}

func (c *reportEnglishCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	doc, err := a.Report.Document(ctx, c.Number)
	if err != nil {
		return err
	}
	paper := !strings.EqualFold(filepath.Ext(c.Out), ".json")
	r, err := a.Report.English(ctx, doc, paper)
	if err != nil {
		return err
	}
	entry := audit.Entry{Subject: doc.Content.Subject, At: a.Now(), Actor: audit.Actor{ID: "command", Name: "命令行", Role: "operator", Channel: "command"},
		Action: audit.Download, Document: c.Number}
	if err := a.DB.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, entry) }); err != nil {
		return err
	}
	body := r.Envelope
	if paper {
		body = r.Paper
	}
	if err := os.WriteFile(c.Out, body, 0o640); err != nil {
		return fmt.Errorf("写文件失败：%w", err)
	}
	return p.print(englishDoc{c.Number, r.English.Original.SHA256, c.Out}, func(w io.Writer) { englishText(w, doc, c.Out) })
}

func englishText(w io.Writer, d *report.Issued, file string) {
	fmt.Fprintf(w, "报告%s的英文版：%s\n内容以中文报告为准，中文报告摘要（SHA-256）%s\n", d.Content.Number, file, d.SHA256())
}
