package platform

import (
	"xinban/internal/credit"
)

// State is where a matter stands on one platform.
type State string

// The states.
const (
	Pending    State = "pending"
	Confirmed  State = "confirmed"
	Mismatch   State = "mismatch"
	LetterSent State = "letter_sent"
	Replied    State = "replied"
	Overdue    State = "overdue"
)

// States lists the states in the order of a board.
func States() []State { return []State{Pending, Confirmed, Mismatch, LetterSent, Replied, Overdue} }

// Shown is how one matter stands on one platform.
type Shown struct {
	Subject     credit.Key
	Matter      string // [credit.MatterID] in hexadecimal
	Target      string
	Version     int64 // of the effect
	Ended       bool  // it shall be shown no more
	State       State
	Since       int64       // UTC ms at which it began to disagree
	Due         credit.Date // last day on which it is in time
	Provisional bool        // Due was counted over a year without a published calendar
	Confirmed   int64       // UTC ms at which the page last came to agree, 0 for never
	Checked     int64       // UTC ms at which the page was last looked at
	Round       int64       // how often it was sent anew after a denial
	Tries       int64       // pages that disagreed in this round
	Reason      string      // why it does not agree, for people
	Letter      string      // number of the letter, empty for none
	body        string
}

// What happens to a matter on a platform.
type happening uint8

const (
	told happening = iota
	agrees
	differs
	silent // the page could not be read
	passed // its day is over
	written
	answered
)

// event is one thing that happens.
type event struct {
	what        happening
	version     int64
	ended       bool
	at          int64       // UTC ms
	due         credit.Date // the new day of told, written and answered, and of a denial
	provisional bool
	text        string // reason, number of a letter or words of an answer
}

// next is a matter after an event; false when the event changes nothing.
func next(s Shown, e event) (Shown, bool) {
	if e.what == told {
		return tell(s, e)
	}
	if e.version != s.Version {
		return s, false
	}
	switch e.what {
	case agrees:
		return agree(s, e), true
	case differs:
		return differ(s, e), true
	case silent:
		s.Checked, s.Reason = e.at, e.text
		return s, true
	case passed:
		if s.State == Confirmed || s.State == Overdue {
			return s, false
		}
		s.State = Overdue
		return s, true
	case written:
		if s.State != Mismatch && s.State != Overdue && s.State != Replied {
			return s, false
		}
		s.State, s.Letter = LetterSent, e.text
	case answered:
		if s.Letter == "" || s.State != LetterSent && s.State != Overdue {
			return s, false
		}
		s.State, s.Reason = Replied, e.text
	}
	s.Due, s.Provisional = e.due, e.provisional
	return s, true
}

func tell(s Shown, e event) (Shown, bool) {
	if e.version <= s.Version {
		return s, false
	}
	return Shown{Subject: s.Subject, Matter: s.Matter, Target: s.Target, Version: e.version, Ended: e.ended, State: Pending, Since: e.at,
		Due: e.due, Provisional: e.provisional, body: e.text}, true
}

func agree(s Shown, e event) Shown {
	if s.State != Confirmed {
		s.State, s.Confirmed = Confirmed, e.at
	}
	s.Checked, s.Tries, s.Reason = e.at, 0, ""
	return s
}

// differ notes a page that disagrees. One that had agreed begins a new clock and a new round; a letter and a day that is
// over stay what they are.
func differ(s Shown, e event) Shown {
	s.Checked, s.Reason = e.at, e.text
	s.Tries++
	switch s.State {
	case Pending:
		s.State = Mismatch
	case Confirmed:
		s.State, s.Since, s.Due, s.Provisional, s.Letter, s.Tries = Mismatch, e.at, e.due, e.provisional, "", 0
		s.Round++
	}
	return s
}
