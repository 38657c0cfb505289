package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/store"
)

// Request is what is asked for.
type Request struct {
	Key     credit.Key
	Edition string      // general, administration or listing
	RuleSet string      // empty for the one in force in the region
	From    credit.Date // 0 with To 0 for the longest period that ends today
	To      credit.Date
	Domains []string // identifiers or names; empty for all
	Purpose string   // what it is for; printed
	Paper   bool     // make the signed PDF too
	// Shown says that the report is made to be shown by a live code: its purpose is [ShownPurpose], which no other
	// request may state.
	Shown bool
	// Within, if not nil, is called in the transaction that issues: what it writes and what it refuses
	// is one with the document. number is the document's, also when it was issued before. It may be
	// called again when another was first.
	Within func(tx *store.Tx, number string) error
}

// Errors that a person can act on. Their text is shown.
var (
	ErrNoSubject  = errors.New("没有查到该主体的登记或归集信息：请核对代码是否正确。这不表示该主体没有违法违规记录")
	ErrNoDocument = errors.New("没有这个编号的报告：请核对报告编号与核验码是否抄写完整")
)

// RequestError says what is wrong with what was asked, in Chinese and for the asker.
type RequestError struct{ Err error }

// Error is the text for the asker.
func (e *RequestError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong, such as a *law.PeriodError.
func (e *RequestError) Unwrap() error { return e.Err }

// settings is the request as it is after defaults, which decides what is the same request.
type settings struct {
	Edition string      `json:"edition"`
	RuleSet string      `json:"ruleset"`
	From    credit.Date `json:"from"`
	To      credit.Date `json:"to"`
	Domains []string    `json:"domains"`
	Purpose string      `json:"purpose"`
	Chosen  bool        `json:"chosen,omitempty"` // the period is not the one that moves with the day
}

// series names requests that differ only in their day: a later document of the series on changed facts
// replaces the earlier. A period that was chosen belongs to the series; the longest one, which ends with
// the day, does not.
func (s *settings) series() string {
	parts := []string{"series", s.Edition, s.RuleSet, s.Purpose, strings.Join(s.Domains, ",")}
	if s.Chosen {
		parts = append(parts, s.From.String(), s.To.String())
	}
	return digest(parts...)
}

// request names the request together with the day, the facts and the feeds it rests on.
// statements are the numbers of those that the document names.
func (s *settings) request(day credit.Date, b *Basis, statements []string) string {
	parts := []string{"request", s.series(), s.From.String(), s.To.String(), day.String(), b.Rules, b.Organs, b.Feeds, b.Template}
	for _, v := range b.Facts {
		parts = append(parts, string(v.Key), fmt.Sprint(v.Seq))
	}
	return digest(append(parts, statements...)...)
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// settle fills in what the request leaves open and checks what it asks.
func (s *Service) settle(r Request, today credit.Date) (settings, error) {
	book := s.book()
	set := settings{Edition: r.Edition, RuleSet: r.RuleSet, From: r.From, To: r.To, Purpose: strings.TrimSpace(r.Purpose)}
	switch {
	case r.Shown:
		set.Purpose = ShownPurpose
	case set.Purpose == ShownPurpose:
		return set, fmt.Errorf("用途“%s”只用于亮码时自动生成的报告，请选择或填写实际用途", ShownPurpose)
	}
	if set.RuleSet == "" {
		region, err := book.Region(s.c.Region, today)
		if err != nil {
			return set, err
		}
		rules, err := book.ReportRules(region, today)
		if err != nil {
			return set, err
		}
		set.RuleSet = rules.Set.ID
	}
	rules, err := book.ReportRulesByID(set.RuleSet, today)
	if err != nil {
		return set, fmt.Errorf("没有名为“%s”的报告规则，可用：%s", set.RuleSet, strings.Join(book.ReportRuleIDs(), "、"))
	}
	if _, err := rules.Edition(set.Edition); err != nil {
		return set, fmt.Errorf("没有“%s”这一专版，可用：general（普通版）、administration（行政管理专版）、listing（上市专版）", set.Edition)
	}
	if len([]rune(set.Purpose)) > 60 {
		return set, errors.New("用途请写在60字以内")
	}
	all := book.Domains(today)
	for _, name := range r.Domains {
		d, ok := all.Find(name)
		if !ok {
			return set, fmt.Errorf("没有名为“%s”的领域，请从领域清单中选择", name)
		}
		if !slices.Contains(set.Domains, d.ID) {
			set.Domains = append(set.Domains, d.ID)
		}
	}
	if len(r.Domains) == 0 {
		set.Domains = all.IDs()
	}
	slices.SortFunc(set.Domains, func(a, b string) int {
		x, _ := all.Find(a)
		y, _ := all.Find(b)
		return x.No - y.No
	})
	period := s.periodRule(rules, today)
	from, to := period.Default(today, set.Domains)
	if set.From == 0 && set.To == 0 {
		set.From, set.To = from, to
	}
	set.Chosen = set.From != from || set.To != to
	return set, period.Check(set.From, set.To, today, set.Domains, all)
}

// periodRule is which period may be asked for under a rule set: not before the region's data begin.
func (s *Service) periodRule(rules *law.ReportRules, today credit.Date) law.PeriodRule {
	period := rules.Period()
	if region, err := s.book().Region(s.c.Region, today); err == nil {
		period = period.WithStart(region.DataStart)
	}
	return period
}
