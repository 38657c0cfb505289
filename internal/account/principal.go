package account

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/problem"
)

// Role is what a person may do. An account has one or more.
type Role string

// The roles.
const (
	Public     Role = "public"     // 社会公众: anybody, without signing in
	Enterprise Role = "enterprise" // 企业用户: acts for the subjects bound to it
	Clerk      Role = "clerk"      // 部门经办人: acts for one organ
	Centre     Role = "centre"     // 信用中心
	Operator   Role = "operator"   // 系统运维: alone sees why a matter is hidden
	Auditor    Role = "auditor"    // 审计: reads logs, changes nothing
	Receiver   Role = "receiver"   // 接收方: verifies papers and reads what subjects allow, for the organisation bound to it
	Window     Role = "window"     // 综合窗口: helps a walk-in who has no account
	Kiosk      Role = "kiosk"      // 自助机: a machine in a hall
)

// Roles lists every role.
func Roles() []Role {
	return []Role{Public, Enterprise, Clerk, Centre, Operator, Auditor, Receiver, Window, Kiosk}
}

// Channels of a request.
const (
	ChannelPage = "page"
	ChannelAPI  = "api"
)

// Principal is who makes a request, with all authority. The zero value is anybody, signed in as nobody.
type Principal struct {
	ID       string // account, empty for anybody
	Login    string
	Name     string
	Roles    []Role
	Organ    string       // code of the organ a clerk acts for (统一社会信用代码 or register code)
	OrganOf  string       // its name
	Region   string       // digits with which the areas begin that it reaches (管辖区域); empty: the whole store
	Subjects []credit.Key // subjects an enterprise user acts for
	Channel  string       // ChannelPage or ChannelAPI
	Session  string       // digest of the session or identifier of the token
}

// SignedIn tells whether the principal has an account.
func (p Principal) SignedIn() bool { return p.ID != "" }

// Has tells whether the principal has any of the roles. Everybody has Public.
func (p Principal) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return r == Public || slices.Contains(p.Roles, r) })
}

// MayActFor tells whether the principal is bound to the subject, as an enterprise user is to its own.
func (p Principal) MayActFor(key credit.Key) bool {
	return key != "" && p.Has(Enterprise) && slices.Contains(p.Subjects, key)
}

// ForOrgan tells whether the principal acts for the organ.
func (p Principal) ForOrgan(code string) bool { return code != "" && p.Organ == code }

// Reaches tells whether an area (行政区划代码, six or more digits; empty: not known) lies in the principal's
// region. An area that is not known is reached only without a region.
func (p Principal) Reaches(area string) bool {
	return p.Region == "" || strings.HasPrefix(area, p.Region)
}

// Actor is the principal as the access log keeps it; audit.Actor has the same fields.
type Actor struct{ ID, Name, Role, Organ, Channel string }

// Actor returns the principal for the access log. Its name is the organ's where it acts for one: the
// subject learns who looked, and the organ knows which clerk it was.
func (p Principal) Actor() Actor {
	a := Actor{ID: p.ID, Name: p.Name, Role: string(Public), Organ: p.Organ, Channel: p.Channel}
	if len(p.Roles) > 0 {
		a.Role = string(p.Roles[0])
	}
	if p.OrganOf != "" {
		a.Name = p.OrganOf
	}
	return a
}

type contextKey int

const (
	principalKey contextKey = iota
	idempotencyKey
	addressKey
)

// With returns a context that carries the principal.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey, p)
}

// From returns the principal of a context; without one it is anybody.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey).(Principal)
	return p
}

// WithIdempotencyKey returns a context that carries the caller's Idempotency-Key.
func WithIdempotencyKey(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, idempotencyKey, key)
}

// IdempotencyKey returns the caller's Idempotency-Key, empty when the request has none. A command may
// keep it in a unique column to be exact even when the process is killed between its commit and the answer.
func IdempotencyKey(ctx context.Context) string {
	k, _ := ctx.Value(idempotencyKey).(string)
	return k
}

// WithAddress returns a context that carries the caller's network address.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey, address)
}

// Address returns the caller's network address past the proxies that are believed, empty when not known. It is for
// limiting who tries too often, and is kept nowhere.
func Address(ctx context.Context) string {
	a, _ := ctx.Value(addressKey).(string)
	return a
}

// ErrSignIn asks an anonymous caller to sign in.
func ErrSignIn() *problem.Error { return problem.New(http.StatusUnauthorized, "sign-in") }

// ErrForbidden says that the role or authority does not reach so far.
func ErrForbidden() *problem.Error { return problem.New(http.StatusForbidden, "forbidden") }

// ErrRegion says that a subject or a source lies outside the account's region.
func ErrRegion() *problem.Error { return problem.New(http.StatusForbidden, "outside-region") }
