package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/store"
)

type intakeCmd struct {
	common
	Files  []string `arg:"" help:"CSV, XLSX or JSON lines files." type:"path"`
	Source string   `help:"Code of the source; local is open to every kind, for trials." required:""`
	Kind   string   `help:"Kind of matter, such as penalty; told by the headings when absent."`
	Shrink string   `help:"Why a snapshot may be much smaller than the list on record; without it such a file is stopped."`
	Quiet  bool     `help:"No progress."`
}

// fileDoc is the verdict on one file, for programs.
type fileDoc struct {
	Path        string `json:"path"`
	Kind        string `json:"kind"`
	Encoding    string `json:"encoding"`
	Load        int64  `json:"load,omitempty"`
	Rows        int64  `json:"rows"`
	Accepted    int64  `json:"accepted"`
	Unchanged   int64  `json:"unchanged"`
	Amended     int64  `json:"amended"`
	Quarantined int64  `json:"quarantined"`
	Warned      int64  `json:"warned"`
	Verdicts    string `json:"verdicts,omitempty"`
	Error       string `json:"error,omitempty"`
}

type findingDoc struct {
	File string `json:"file"`
	intake.FileFinding
}

type intakeDoc struct {
	Files    []fileDoc    `json:"files"`
	Findings []findingDoc `json:"findings"`
}

func (c *intakeCmd) Run(ctx context.Context, p *printer) error {
	var kind credit.Kind
	if c.Kind != "" {
		var err error
		if kind, err = credit.ParseKind(c.Kind); err != nil {
			return fmt.Errorf("没有“%s”这一类信息，可用：%s", c.Kind, kindsText())
		}
	}
	a, err := c.make(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	doc := intakeDoc{Files: []fileDoc{}, Findings: []findingDoc{}}
	bad := false
	for _, path := range c.Files {
		r, err := a.Intake.LoadFile(ctx, intake.Request{Path: path, Source: c.Source, Kind: kind, By: "command", Shrink: c.Shrink, Progress: c.progress(path, p)})
		f := fileDoc{Path: path, Kind: kindName(r.Kind), Encoding: r.Encoding, Load: r.ID, Rows: r.Rows, Accepted: r.Accepted, Unchanged: r.Unchanged,
			Amended: r.Amended, Quarantined: r.Quarantined, Warned: r.Warned}
		if r.ID != 0 {
			f.Verdicts = a.Intake.VerdictFile(r.ID)
		}
		if err != nil {
			f.Error = loadFault(err)
		}
		bad = bad || err != nil || r.Quarantined > 0
		doc.Files = append(doc.Files, f)
		for _, n := range r.Findings {
			doc.Findings = append(doc.Findings, findingDoc{path, n})
		}
		if errors.Is(err, context.Canceled) {
			break
		}
	}
	if err := p.print(doc, doc.text); err != nil {
		return err
	}
	if bad {
		return errRefused
	}
	return nil
}

// loadFault is what a person can do about a load that ended badly.
func loadFault(err error) string {
	if errors.Is(err, store.ErrDiskFull) || errors.Is(err, syscall.ENOSPC) {
		return "磁盘已满，本次报送没有完成。请腾出空间后重新报送同一文件，已记入的行不会重复（" + firstLine(err) + "）"
	}
	return err.Error()
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func kindName(k credit.Kind) string {
	if k == 0 {
		return ""
	}
	return k.String()
}

// kindText is the Chinese name of a kind; a file that could not be read has none.
func kindText(name string) string {
	k, err := credit.ParseKind(name)
	if err != nil {
		return "未识别"
	}
	return k.Chinese()
}

// kindsText is every kind with its Chinese name, for who must choose one.
func kindsText() string {
	var all []string
	for _, k := range credit.Kinds() {
		all = append(all, k.String()+"（"+k.Chinese()+"）")
	}
	return strings.Join(all, "、")
}

// progress writes a line a second to standard error while a person waits.
func (c *intakeCmd) progress(path string, p *printer) func(intake.Progress) {
	if c.Quiet || p.json {
		return nil
	}
	last := time.Now()
	return func(g intake.Progress) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(os.Stderr, "\r%s：%d行，%.0f行/秒，约剩%.0f秒   ", path, g.Rows, g.RowsPerS, g.Remaining)
	}
}

func (d intakeDoc) text(w io.Writer) {
	for _, f := range d.Files {
		fmt.Fprintf(w, "%s\n  %s %s：共%d行，新增%d，未变%d，变更%d，待改%d，提示%d\n", f.Path, kindText(f.Kind), f.Encoding, f.Rows, f.Accepted, f.Unchanged, f.Amended, f.Quarantined, f.Warned)
		if f.Error != "" {
			fmt.Fprintf(w, "  未完成：%s\n", f.Error)
		}
		if f.Verdicts != "" {
			fmt.Fprintf(w, "  逐行结论：%s\n", f.Verdicts)
		}
	}
	for i, n := range d.Findings {
		if i == 20 {
			fmt.Fprintf(w, "  ……共%d条，其余见逐行结论文件\n", len(d.Findings))
			return
		}
		where := "全表"
		if n.Row > 0 {
			where = strings.TrimSpace(fmt.Sprintf("第%d行 %s", n.Row, n.Field))
		}
		fmt.Fprintf(w, "  %s：%s。%s\n", where, n.Message, n.Fix)
	}
}
