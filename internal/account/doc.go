// Package account is people and authority (账号与权限): who may do what, for which organ, where, and for
// which subjects. It also declares what a capability shows of itself: its [Surface].
//
// Authority is roles × organ × subjects × region; without a region it reaches the whole store. A [Route] carries its [Access]: the roles, and checks
// that read the request. The server mounts nothing without one, and one table-driven test tries every
// mounted route with every role.
//
//	routes := []account.Route{{Method: "GET", Pattern: "/report/{number}",
//		Allow: account.Only(account.Enterprise, account.Centre), Handle: s.showReport}}
//
// A check that needs data, such as whose report it is, belongs into the handler, which asks the
// [Principal]: p.MayActFor(key), p.ForOrgan(code), p.Reaches(area).
//
// # Signing in
//
//	           password                    code or recovery code
//	anonymous ──────────► (second step) ──────────────────────► signed in ──► signed out
//	    │                      │ 5 min                             │ idle 30 min, 12 h at most
//	    │ n failures           ▼                                   ▼ closed, password changed
//	    └──► locked, longer each time                             gone
//
// Passwords are kept as argon2id. Every failure counts against the login name, whether it exists or
// not, so that neither answer nor delay tells which names exist. A session has a new random name after
// each step; the store keeps only its digest. An API token acts for an account, with some of its roles.
//
// Placement of all tables: local.
package account
