package cli

import (
	"fmt"
	"io"

	"xinban/internal/credit"
	"xinban/internal/workday"
)

type codeCmd struct {
	Check codeCheckCmd `cmd:"" help:"Check a unified social credit code, identity number or organisation code."`
}

type codeCheckCmd struct {
	Code string `arg:"" help:"The code."`
}

func (c *codeCheckCmd) Run(p *printer) error {
	kind, check := credit.CheckCode(c.Code)
	doc := map[string]string{"code": c.Code, "kind": kind, "verdict": check.Verdict.String(), "reason": check.Reason}
	err := p.print(doc, func(w io.Writer) {
		fmt.Fprintln(w, columns(c.Code, codeText[kind], verdictText[check.Verdict], check.Reason))
	})
	if err == nil && check.Verdict == credit.Invalid {
		return errRefused
	}
	return err
}

var codeText = map[string]string{credit.CodeUSCC: "统一社会信用代码", credit.CodeResidentID: "公民身份号码", credit.CodeOrg: "组织机构代码",
	credit.CodeUnknown: "不能识别的代码"}

var verdictText = map[credit.Verdict]string{credit.Valid: "校验正确", credit.Warn: "格式正确，校验位不符", credit.Invalid: "不正确"}

type workdayCmd struct {
	Add     workdayAddCmd     `cmd:"" help:"The N-th working day after a date."`
	Between workdayBetweenCmd `cmd:"" help:"Working days after the first date up to the second."`
}

type workdayAddCmd struct {
	Date credit.Date `arg:""`
	N    int         `arg:""`
}

// maxWorkdays is how many working days are counted at most: about forty years.
const maxWorkdays = 10_000

func (c *workdayAddCmd) Run(p *printer) error {
	if c.N < -maxWorkdays || c.N > maxWorkdays {
		return fmt.Errorf("工作日数应在%d以内", maxWorkdays)
	}
	r := workday.Default().Add(c.Date, c.N)
	return p.print(map[string]any{"date": r.Date, "provisional": r.Provisional}, func(w io.Writer) {
		note := ""
		if r.Provisional {
			note = "（暂定：该年度放假安排尚未公布）"
		}
		fmt.Fprintf(w, "%s%s\n", r.Date, note)
	})
}

type workdayBetweenCmd struct {
	From credit.Date `arg:""`
	To   credit.Date `arg:""`
}

func (c *workdayBetweenCmd) Run(p *printer) error {
	r := workday.Default().Between(c.From, c.To)
	return p.print(map[string]any{"days": r.Days, "provisional": r.Provisional}, func(w io.Writer) { fmt.Fprintln(w, r.Days) })
}
