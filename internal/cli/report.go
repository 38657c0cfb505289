package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/document/seal"
	"xinban/internal/report"
)

type reportCmd struct {
	Issue  reportIssueCmd  `cmd:"" help:"Issue a report."`
	Verify reportVerifyCmd `cmd:"" help:"Verify a PDF or signed JSON."`
	Replay reportReplayCmd `cmd:"" help:"Make a report again from the ledger and compare."`

	English reportEnglishCmd `cmd:"" help:"Write the English rendering of an issued report."`

	StatusList reportStatusListCmd `cmd:"" help:"Write the signed list of reports that are no longer in force, for verifying without the store."`
}

type reportIssueCmd struct {
	common
	Key     string      `arg:"" help:"Code, legacy number or exact name of the subject."`
	Edition string      `help:"general (普通版), administration (行政管理专版) or listing (上市专版)." required:"" enum:"general,administration,listing"`
	Ruleset string      `help:"Rule set, such as SD-2023 or NDRC-2025; the one in force when absent."`
	From    credit.Date `help:"First day of the period."`
	To      credit.Date `help:"Last day of the period."`
	Domains string      `help:"all, or identifiers or names separated by commas." default:"all"`
	Purpose string      `help:"What it is for; printed."`
	Out     string      `help:"File to write: .pdf for the signed paper, .json for the signed data." required:"" type:"path"`
	Hidden  bool        `help:"Also name each hidden matter and the rule that hid it: for operators."`
}

// issuedDoc is an issued report, for programs. The command is an operator's: it names each record, also where
// the edition signs only counts.
type issuedDoc struct {
	Number     string                `json:"number"`
	Code       string                `json:"code"`
	Subject    credit.Key            `json:"subject"`
	Name       string                `json:"name"`
	Edition    string                `json:"edition"`
	RuleSet    string                `json:"ruleset"`
	From       credit.Date           `json:"from"`
	To         credit.Date           `json:"to"`
	Domains    []report.DomainAnswer `json:"domains"`
	Records    []report.Record       `json:"records"`
	FinesFen   credit.Fen            `json:"fines_fen"`
	Conclusion report.Conclusion     `json:"conclusion"`
	Unanswered []string              `json:"unanswered"`
	SHA256     string                `json:"sha256"`
	File       string                `json:"file"`
	Again      bool                  `json:"again"`
	ElapsedMS  float64               `json:"elapsed_ms"`
	Hidden     []report.Hidden       `json:"hidden,omitempty"`
}

func (c *reportIssueCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	key, err := subjectKey(ctx, a, c.Key)
	if err != nil {
		return err
	}
	r := report.Request{Key: key, Edition: c.Edition, RuleSet: c.Ruleset, From: c.From, To: c.To, Purpose: c.Purpose,
		Paper: !strings.EqualFold(filepath.Ext(c.Out), ".json")}
	if c.Domains != "all" {
		r.Domains = strings.Split(c.Domains, ",")
	}
	start := time.Now()
	doc, err := a.Report.Issue(ctx, r, audit.Actor{ID: "command", Name: "命令行", Role: "operator", Channel: "command"})
	if err != nil {
		return err
	}
	elapsed := time.Since(start)
	body := doc.Envelope
	if r.Paper {
		body = doc.Paper
	}
	if err := os.WriteFile(c.Out, body, 0o640); err != nil {
		return fmt.Errorf("报告%s已出具，但写文件失败：%w", doc.Content.Number, err)
	}
	return p.print(c.doc(doc, elapsed), func(w io.Writer) { issuedText(w, doc, c.Out, elapsed) })
}

func (c *reportIssueCmd) doc(d *report.Issued, elapsed time.Duration) issuedDoc {
	t := &d.Content
	out := issuedDoc{t.Number, t.Code, t.Subject, t.Name, t.Edition, t.RuleSet, t.From, t.To, t.Domains, d.Shown, t.FinesFen,
		t.Conclusion, t.Unanswered, d.SHA256(), c.Out, d.Again, float64(elapsed.Microseconds()) / 1000, nil}
	if c.Hidden {
		out.Hidden = d.Hidden
	}
	return out
}

func issuedText(w io.Writer, d *report.Issued, file string, elapsed time.Duration) {
	t := &d.Content
	fmt.Fprintf(w, "%s（%s）\n报告编号 %s  核验码 %s\n%s %s，%s至%s\n", t.Name, t.Subject.Code(), t.Number, t.Code, known(editionText, t.Edition), t.RuleSet, t.From, t.To)
	switch t.Conclusion {
	case report.ConcludesFound:
		fmt.Fprintf(w, "查见记录，列示%d条，罚款合计%s元\n", len(t.Records), t.FinesFen.Grouped())
	case report.ConcludesNone:
		fmt.Fprintln(w, "未查见违法违规记录")
	}
	if len(t.Unanswered) > 0 {
		fmt.Fprintf(w, "不作结论的领域：%s\n", strings.Join(t.Unanswered, "、"))
	}
	fmt.Fprintf(w, "文件 %s，用时%.1f毫秒\n", file, float64(elapsed.Microseconds())/1000)
}

// subjectKey finds the one subject that text means. An organisation may be known by a number that reads
// as a person's, such as one of registration of 15 digits.
func subjectKey(ctx context.Context, a *app.App, text string) (credit.Key, error) {
	if number, ok := credit.ParsePersonNumber(text); ok {
		if key, ok, err := a.Ledger.FindPerson(ctx, number); err != nil || ok {
			return key, err
		}
	}
	found, err := a.Ledger.Find(ctx, text, 5)
	if err != nil {
		return "", err
	}
	switch len(found) {
	case 0:
		return "", report.ErrNoSubject
	case 1:
		return found[0].Key, nil
	}
	return "", fmt.Errorf("有%d个主体符合“%s”，请使用统一社会信用代码", len(found), text)
}

type reportVerifyCmd struct {
	common
	File       string `arg:"" help:"PDF or signed JSON." type:"existingfile"`
	StatusList string `help:"Signed list of statuses, for use without the store." type:"existingfile"`
	Trust      string `help:"Roots of the issuers to believe, PEM; those of the store when absent." type:"existingfile"`
}

func (c *reportVerifyCmd) Run(ctx context.Context, p *printer) error {
	file, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	v, err := c.verify(ctx, file)
	if err != nil {
		return err
	}
	if err := p.print(v, func(w io.Writer) { verifyText(w, v) }); err != nil {
		return err
	}
	if !v.Unaltered || !v.IssuerTrusted || v.Status == report.Withdrawn || v.Status == report.Unknown {
		return errRefused
	}
	return nil
}

func (c *reportVerifyCmd) verify(ctx context.Context, file []byte) (*report.Verification, error) {
	trust, err := c.trust()
	if err != nil {
		return nil, err
	}
	if c.StatusList != "" && trust != nil {
		return c.offline(file, trust, c.today())
	}
	a, err := c.open(ctx)
	if errors.Is(err, errNoStore) && c.StatusList != "" {
		return nil, fmt.Errorf("%w；离线核验请同时用 --trust 指明出具单位的信任证书（trust.pem）", err)
	}
	if errors.Is(err, errNoStore) { // the file alone tells whether it was altered, not whether it holds
		v := report.CheckFile(file, trust)
		v.Reasons = append(v.Reasons, "这里没有出具单位的数据，不能确认状态；离线核验请用 --status-list 和 --trust")
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	defer a.Close()
	if c.StatusList == "" {
		return a.Report.VerifyFile(ctx, file, trust)
	}
	return c.offline(file, a.Keys.Trust(), a.Now())
}

// trust is the roots that were given; nil for none.
func (c *reportVerifyCmd) trust() (*seal.Trust, error) {
	if c.Trust == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Trust)
	if err != nil {
		return nil, err
	}
	t, err := seal.ParseTrust(text)
	if err != nil {
		return nil, fmt.Errorf("%s不是信任证书：%w", c.Trust, err)
	}
	return t, nil
}

// today is the instant by which a list is stale; without a store --now misleads nobody but the asker.
func (c *reportVerifyCmd) today() time.Time {
	if c.Now != 0 {
		return c.Now.Time()
	}
	return time.Now()
}

func (c *reportVerifyCmd) offline(file []byte, trust *seal.Trust, now time.Time) (*report.Verification, error) {
	list, err := os.ReadFile(c.StatusList)
	if err != nil {
		return nil, err
	}
	return report.VerifyOffline(file, list, trust, now)
}

type reportStatusListCmd struct {
	common
	Out string `help:"File to write." required:"" type:"path"`
}

// statusListDoc tells of a status list, for programs.
type statusListDoc struct {
	File      string `json:"file"`
	At        string `json:"at"`
	Withdrawn int    `json:"withdrawn"`
	Replaced  int    `json:"replaced"`
}

func (c *reportStatusListCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	body, l, err := a.Report.SignedStatusList(ctx)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, body, 0o644); err != nil {
		return fmt.Errorf("写状态清单失败：%w", err)
	}
	d := statusListDoc{c.Out, l.At, len(l.Withdrawn), len(l.Replaced)}
	return p.print(d, func(w io.Writer) {
		fmt.Fprintf(w, "状态清单 %s，截至 %s：已作废%d份，已被替代%d份\n核验时与信任证书一起使用：xinban report verify FILE --status-list %s --trust %s\n",
			d.File, d.At, d.Withdrawn, d.Replaced, d.File, filepath.Join(c.Data, "keys", seal.TrustFile))
	})
}

var statusText = map[report.Status]string{
	report.Valid: "有效", report.Changed: "有效，出具后有变化", report.Replaced: "已有新的报告", report.Withdrawn: "已作废", report.Unknown: "无法核实",
}

func verifyText(w io.Writer, v *report.Verification) {
	yes := map[bool]string{true: "是", false: "否"}
	fmt.Fprintf(w, "编号 %s\n未被改动：%s\n出具单位：%s（可信：%s）\n状态：%s\n", v.Number, yes[v.Unaltered], v.Issuer, yes[v.IssuerTrusted], statusText[v.Status])
	if v.Language != "" {
		fmt.Fprintln(w, "文件是报告的英文译本，内容以中文报告为准")
	}
	for _, r := range v.Reasons {
		fmt.Fprintln(w, "  ·", r)
	}
}

type reportReplayCmd struct {
	common
	Number string `arg:"" help:"Number of the report."`
}

func (c *reportReplayCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := a.Report.Replay(ctx, c.Number)
	if errors.Is(err, report.ErrNoDocument) {
		return err
	}
	if err != nil {
		return err
	}
	err = p.print(r, func(w io.Writer) {
		verdict := "一致：按当时的数据和规则重新生成，与出具时逐字节相同"
		if !r.Same {
			verdict = "不一致：重新生成的内容与出具时不同，请用 xinban fsck 检查"
		}
		fmt.Fprintf(w, "报告%s %s\n出具时摘要 %s\n重新生成　 %s\n", r.Number, verdict, r.Issued, r.Replayed)
	})
	if err == nil && !r.Same {
		return errRefused
	}
	return err
}
