package ruleset

import (
	"errors"
	"slices"

	"xinban/internal/account"
)

// mayEdit tells whether the caller proposes and decides.
func mayEdit(p account.Principal) bool { return p.Region == "" && p.Has(editors...) }

// editors are the roles that propose and decide rules.
var editors = []account.Role{account.Centre, account.Operator}

// ErrNoEditor says who may propose and decide rules.
var ErrNoEditor = errors.New("只有信用中心或系统运维的账号可以提出和决定规则，且账号不能已停用、不能限于部分区域")

// Editor returns nil when the account may propose and decide rules. Rules are the whole store's, so no account of a
// region does.
func Editor(a account.Account) error {
	if a.Closed || a.Region != "" || !slices.ContainsFunc(a.Roles, func(r account.Role) bool { return slices.Contains(editors, r) }) {
		return ErrNoEditor
	}
	return nil
}
