package account

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// Check is a condition on the caller beyond the role. It returns nil, or the problem to show.
type Check func(p Principal, r *http.Request) error

// Access says who may use a route: one of the roles, and every check holds. The zero value is nobody,
// and the server refuses to mount it.
type Access struct {
	roles  []Role
	checks []Check
}

// Anyone lets everybody in, signed in or not.
func Anyone() Access { return Access{roles: []Role{Public}} }

// Only lets in those who have one of the roles.
func Only(roles ...Role) Access { return Access{roles: roles} }

// SignedIn lets in everybody who has signed in.
func SignedIn() Access {
	return Only(Enterprise, Clerk, Centre, Operator, Auditor, Receiver, Window, Kiosk)
}

// Where adds a check.
func (a Access) Where(check Check) Access {
	a.checks = append(slices.Clone(a.checks), check)
	return a
}

// WholeStore lets in only accounts that are not bound to a region, for what is of all regions.
func (a Access) WholeStore() Access {
	return a.Where(func(p Principal, _ *http.Request) error {
		if p.Region != "" {
			return ErrRegion()
		}
		return nil
	})
}

// Roles returns the roles that are let in.
func (a Access) Roles() []Role { return slices.Clone(a.roles) }

// Admit returns nil when the principal may make the request, otherwise the problem to show.
func (a Access) Admit(p Principal, r *http.Request) error {
	if !a.Admits(p) {
		if !p.SignedIn() {
			return ErrSignIn()
		}
		return ErrForbidden()
	}
	for _, check := range a.checks {
		if err := check(p, r); err != nil {
			return err
		}
	}
	return nil
}

// Admits tells whether the principal has one of the roles. Links and tiles are shown by it.
func (a Access) Admits(p Principal) bool { return len(a.roles) > 0 && p.Has(a.roles...) }

const accessMetadata = "xinban.access"

// Repeatable is the metadata of an API operation whose answer must not be kept, as of [Route.Repeatable].
const Repeatable = "xinban.repeatable"

// On attaches the access to an API operation:
//
//	huma.Register(api, account.Only(account.Centre).On(huma.Operation{…}), s.listFeeds)
func (a Access) On(op huma.Operation) huma.Operation {
	if op.Metadata == nil {
		op.Metadata = map[string]any{}
	}
	op.Metadata[accessMetadata] = a
	if len(op.Security) == 0 && !slices.Contains(a.roles, Public) {
		op.Security = []map[string][]string{{"token": {}}, {"session": {}}}
	}
	return op
}

// AccessOf returns the access attached to an API operation.
func AccessOf(op *huma.Operation) (Access, bool) {
	a, ok := op.Metadata[accessMetadata].(Access)
	return a, ok
}
