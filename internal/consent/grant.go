package consent

import (
	"cmp"
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
)

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
	Editions  []string // of reports; empty for all
	Uses      int64    // how often, 0 for any number of times
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
	ErrOutside   = errors.New("该主体的授权不包括这一用途或版本")
)

// Allows returns nil when the grant allows a use on a day, otherwise why not. An empty purpose is any.
func (g *Grant) Allows(scope Scope, purpose, edition string, on credit.Date) error {
	switch {
	case g.Scope != scope || purpose != "" && g.Purpose != "" && purpose != g.Purpose || len(g.Editions) > 0 && !slices.Contains(g.Editions, edition):
		return ErrOutside
	}
	return g.Over(on)
}

// Over returns nil while a grant stands on a day and has a use left, otherwise why not.
func (g *Grant) Over(on credit.Date) error {
	switch {
	case g.Withdrawn != 0:
		return ErrWithdrawn
	case g.Until < on:
		return ErrExpired
	case g.Uses > 0 && g.Used >= g.Uses:
		return ErrUsedUp
	}
	return nil
}

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
	case strings.TrimSpace(g.Purpose) == "":
		return errors.New("请写明授权的用途")
	case g.Uses < 0 || g.Uses > 1000:
		return errors.New("授权次数请填1至1000，不限次数请留空")
	case g.Until < today:
		return errors.New("授权的最后一日不能早于今天")
	case g.Until > today.AddMonths(Longest):
		return fmt.Errorf("授权最长%d个月，到期可以再次授权", Longest)
	case g.Signature.Text == "" || g.Signature.By == "" || g.Signature.Method == "":
		return errors.New("授权须由主体签署")
	}
	return nil
}

// editionNames are the editions as the words of a grant name them.
var editionNames = map[string]string{"general": "普通版", "administration": "行政管理专版", "listing": "上市专版"}

// Text is the words that the subject signs. A natural person's are a consent of their own (单独同意): they name what is
// disclosed, and nothing else is agreed to with them.
func (g *Grant) Text(subjectName string) string {
	what := "以本主体名义申请并查看信用报告"
	if g.Scope == Read {
		what = "查询并查看本主体的信用报告"
	}
	if len(g.Editions) > 0 {
		var names []string
		for _, e := range g.Editions {
			names = append(names, cmp.Or(editionNames[e], e))
		}
		what += "（限" + strings.Join(names, "、") + "）"
	}
	times := "次数不限"
	if g.Uses > 0 {
		times = fmt.Sprintf("共%d次", g.Uses)
	}
	if g.Subject.Person() {
		return fmt.Sprintf("%s单独同意：%s%s，其中含本人的行政许可、行政处罚和名单等个人公共信用信息，用途：%s，%s，截至%s。本同意只就这一事项作出，与其他事项无关，可随时撤回，撤回后立即停止使用。",
			subjectName, g.Name, strings.ReplaceAll(what, "本主体", "本人"), g.Purpose, times, g.Until.Chinese())
	}
	return fmt.Sprintf("%s授权%s%s，用途：%s，%s，截至%s。本授权可随时撤回，撤回后立即停止使用。",
		cmp.Or(subjectName, string(g.Subject)), g.Name, what, g.Purpose, times, g.Until.Chinese())
}

func (g *Grant) encode() (editions, signature string, err error) {
	e, err := json.Marshal(append([]string{}, g.Editions...))
	if err != nil {
		return "", "", err
	}
	s, err := json.Marshal(g.Signature)
	return string(e), string(s), err
}

func scan(rows interface{ Scan(...any) error }) (Grant, error) {
	var g Grant
	var editions, signature string
	var until int64
	err := rows.Scan(&g.Subject, &g.ID, &g.Grantee, &g.Name, &g.Scope, &g.Purpose, &editions, &g.Uses, &g.Used, &g.Given, &until, &g.Withdrawn, &signature)
	if err == nil {
		g.Until = credit.Date(until)
		err = errors.Join(json.Unmarshal([]byte(editions), &g.Editions), json.Unmarshal([]byte(signature), &g.Signature))
	}
	return g, err
}

const columns = "subject, id, grantee, grantee_name, scope, purpose, editions, uses, used, given, until, withdrawn, signature"

func ms(t time.Time) int64 { return t.UnixMilli() }
