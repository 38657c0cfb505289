package consent

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"xinban/internal/credit"
)

// Scope is what a grant allows.
type Scope string

// The scopes.
const (
	Ask  Scope = "ask"  // 代办: ask for reports in the subject's name, and read them
	Read Scope = "read" // 授权查询: have a report made for oneself and read it
)

// Grantee is who is allowed: an account, or everybody who acts for an organisation.
type Grantee string

// AccountGrantee is a person with an account; OrganisationGrantee everybody bound to a subject.
func AccountGrantee(id string) Grantee { return Grantee("account:" + id) }

// OrganisationGrantee is everybody who acts for the organisation.
func OrganisationGrantee(key credit.Key) Grantee { return Grantee("subject:" + string(key)) }

// Method is how a signature was given.
type Method string

// The methods.
const (
	ByPassword Method = "password" // the signer's password, typed again
	OnPaper    Method = "paper"    // a signed paper, seen and kept by a window's clerk
	OnPad      Method = "pad"      // drawn on a pad at a window
	ByTouch    Method = "touch"    // agreed to on a kiosk's screen by who laid the card on its reader
)

var methods = []Method{ByPassword, OnPaper, OnPad, ByTouch}

// Signature is who signed what, when and how.
type Signature struct {
	Text   string `json:"text"` // the words that were signed
	By     string `json:"by"`   // account
	Name   string `json:"name"`
	At     int64  `json:"at"` // UTC ms
	Method Method `json:"method"`
	Proof  string `json:"proof,omitempty"` // digest of the paper or drawing
}

// Grant is what a subject allows.
type Grant struct {
	Subject   credit.Key
	ID        string
	Grantee   Grantee
	Name      string // of the grantee, as shown
	Scope     Scope
	Purpose   string
	Editions  []string    // of reports; empty for all
	Domains   []Domain    // fields of the report; empty for all
	From, To  credit.Date // of the period that may be shown; 0 for one without limit
	Level     Level       // the most that may be seen; empty for Records
	Uses      int64       // how often, 0 for any number of times
	Used      int64
	Given     int64       // UTC ms
	Until     credit.Date // last day
	Withdrawn int64       // UTC ms, 0 while it stands
	Signature Signature
}

// Longest is how long a grant may last, in months: who still needs one asks again.
const Longest = 36

// Errors of giving and using a grant. Their text is shown.
var (
	ErrNone      = errors.New("没有该主体对这一用途的有效授权：请主体先授权")
	ErrWithdrawn = errors.New("该主体已撤回授权")
	ErrExpired   = errors.New("该主体的授权已到期")
	ErrUsedUp    = errors.New("该主体授权的次数已用完")
	ErrOutside   = errors.New("该主体的授权不包括所申请的用途、版本、领域、时段或内容")
	ErrSeal      = errors.New("该主体授权的签名核验不通过，不能使用：请主体重新签署授权")
)

// reasons are from the least telling to the most.
var reasons = []error{ErrNone, ErrOutside, ErrExpired, ErrUsedUp, ErrWithdrawn, ErrSeal}

// Why finds in an error the reason for which a grant does not allow something; its text is shown.
func Why(err error) (why error, ok bool) {
	for _, r := range reasons {
		if errors.Is(err, r) {
			return r, true
		}
	}
	return nil, false
}

// check tells what is wrong with a grant that is to be given.
func (g *Grant) check(today credit.Date) error {
	switch {
	case g.Subject == "" || g.Grantee == "" || g.Name == "":
		return errors.New("请写明授权给谁")
	case g.Scope != Ask && g.Scope != Read:
		return fmt.Errorf("consent: unknown scope %q", g.Scope)
	case g.Level != "" && !slices.Contains(Levels(), g.Level):
		return fmt.Errorf("consent: unknown level %q", g.Level)
	case g.Level == Conclusion && g.Scope == Ask:
		return errors.New("代办须能取得报告，不能只看结论")
	case strings.TrimSpace(g.Purpose) == "":
		return errors.New("请写明授权的用途")
	case g.From != 0 && g.To != 0 && g.From > g.To:
		return errors.New("信息时段的开始日期不能晚于结束日期")
	case g.Uses < 0 || g.Uses > 1000:
		return errors.New("授权次数请填1至1000，不限次数请留空")
	case g.Until < today:
		return errors.New("授权的最后一日不能早于今天")
	case g.Until > today.AddMonths(Longest):
		return fmt.Errorf("授权最长%d个月，到期可以再次授权", Longest)
	case g.Signature.Text == "" || g.Signature.By == "" || !slices.Contains(methods, g.Signature.Method):
		return errors.New("授权须由主体签署")
	case strings.HasPrefix(g.Signature.Text, "单独同意"):
		return errors.New("个人单独同意须写明本人姓名：请先完成实名认证")
	}
	return nil
}

func (g *Grant) encode() (editions, domains, signature string, err error) {
	e, err := json.Marshal(append([]string{}, g.Editions...))
	if err != nil {
		return "", "", "", err
	}
	d, err := json.Marshal(append([]Domain{}, g.Domains...))
	if err != nil {
		return "", "", "", err
	}
	s, err := json.Marshal(g.Signature)
	return string(e), string(d), string(s), err
}

const columns = "subject, id, grantee, grantee_name, scope, purpose, editions, domains, period_from, period_to, level, uses, used, given, until, withdrawn, signature"

func scan(rows interface{ Scan(...any) error }) (Grant, error) {
	var g Grant
	var editions, domains, signature string
	var from, to, until int64
	err := rows.Scan(&g.Subject, &g.ID, &g.Grantee, &g.Name, &g.Scope, &g.Purpose, &editions, &domains, &from, &to, &g.Level, &g.Uses, &g.Used,
		&g.Given, &until, &g.Withdrawn, &signature)
	if err == nil {
		g.From, g.To, g.Until = credit.Date(from), credit.Date(to), credit.Date(until)
		err = errors.Join(json.Unmarshal([]byte(editions), &g.Editions), json.Unmarshal([]byte(domains), &g.Domains),
			json.Unmarshal([]byte(signature), &g.Signature))
	}
	return g, err
}

func ms(t time.Time) int64 { return t.UnixMilli() }
