// Package decision is the form of every answer in the program: yes, no or unknown, with the reasons.
//
// Missing data is unknown. Unknown is never "no" and never "clean": combining conditions keeps it
// (Kleene's three-valued logic), and whoever acts on an answer has to say what happens on unknown.
package decision
