// Package exchange is the adapters to systems outside the house: each speaks to its system in that system's form, and
// each has a stand-in here that misbehaves when it is told to, so that the program can be shown and tested without the
// system.
//
// Here: providers that carry messages to phones and mailboxes, spoken to by signed requests over HTTP ([Messenger], stand-in
// [StandIn]). In folders of their own: the card reader (cardreader) and the printer of a kiosk (printer), the identity provider
// through which people sign in (identity), a platform that shows matters to the public (platform; a process of its own), and an app of a province that embeds our pages (provinceapp, a stand-in only: it is the caller).
package exchange
