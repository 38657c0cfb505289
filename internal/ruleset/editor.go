package ruleset

import (
	"errors"
	"slices"

	"xinban/internal/account"
)

// editors are the roles that propose and decide rules.
var editors = []account.Role{account.Centre, account.Operator}

// ErrNoEditor says who may propose and decide rules.
var ErrNoEditor = errors.New("只有信用中心或系统运维的账号可以提出和决定规则，且账号不能已停用")

// Editor returns nil when the account may propose and decide rules.
func Editor(a account.Account) error {
	if a.Closed || !slices.ContainsFunc(a.Roles, func(r account.Role) bool { return slices.Contains(editors, r) }) {
		return ErrNoEditor
	}
	return nil
}
