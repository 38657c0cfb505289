// Package exchange is the adapters to systems outside the house: each speaks to its system in that system's form, and
// each has a stand-in here that misbehaves when it is told to, so that the program can be shown and tested without the
// system.
//
// So far: providers that carry messages to phones and mailboxes, spoken to by signed requests over HTTP ([Messenger],
// stand-in [StandIn]).
package exchange
