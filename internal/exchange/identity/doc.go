// Package identity signs people in through the unified identity of a province (统一身份认证), an OpenID provider. It runs
// the code flow with PKCE and checks the ID token: signature, issuer, audience, time and nonce. A claim of the token names an
// account that is there already: a provider never makes an account and gives no authority.
//
// [StandIn] is a provider for demos and tests, which misbehaves when told to.
package identity
