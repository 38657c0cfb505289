package follow

import (
	"net/url"
	"strconv"

	"xinban/internal/credit"
)

// Matter is what following needs to know of a matter that the subject may see.
type Matter struct {
	ID         string
	HiddenFrom credit.Date // first day on which its publicity has ended by itself, 0 for none
	ApplyFrom  credit.Date // first day on which repair or early removal may be asked for, 0 for none
	Done       bool        // repaired, removed or annulled already
}

// Report is a report of the subject and how it stands.
type Report struct {
	Number    string
	Changed   bool // true on its day, later changes exist
	Withdrawn bool
}

// compose is what a subscriber is to be told of the state of things on a day. What was told before has the same topic.
func compose(s *Subscription, matters []Matter, reports []Report, today credit.Date) (all []note) {
	since := credit.DateOf(timeOf(s.Since))
	for _, m := range matters {
		all = append(all, note{topic: "new:" + m.ID, event: Added, kind: string(Added), link: checkupHref(s.Subject) + "#m-" + m.ID})
		if m.Done {
			continue
		}
		if end := m.HiddenFrom; end != 0 {
			switch version := m.ID + ":" + end.String(); {
			case today < end && today.AddDays(s.Days) >= end:
				all = append(all, note{"ending:" + version, Ending, string(Ending), checkupHref(s.Subject) + "#m-" + m.ID, end})
			case today >= end && end > since:
				all = append(all, note{"ended:" + version, Ending, kindEnded, checkupHref(s.Subject) + "#m-" + m.ID, end})
			}
		}
		if n, ok := repairNote(s, &m, since, today); ok {
			all = append(all, n)
		}
	}
	return wanted(s, append(all, documentNotes(reports)...))
}

// soonDays are how many days before the day from which repair may be asked for a subscriber is told, the nearest first.
var soonDays = []int{7, 15}

// repairNote tells that repair may be asked for, or will be soon; ok is false when it is neither.
func repairNote(s *Subscription, m *Matter, since, today credit.Date) (n note, ok bool) {
	from := m.ApplyFrom
	if from == 0 || from <= since || m.HiddenFrom != 0 && today >= m.HiddenFrom {
		return n, false
	}
	version := m.ID + ":" + from.String()
	if today >= from {
		return note{"repairable:" + version, Repairable, string(Repairable), repairHref(s.Subject, m.ID), from}, true
	}
	for _, days := range soonDays {
		if today.AddDays(days) >= from {
			return note{"repairable:" + version + ":" + strconv.Itoa(days), Repairable, kindSoon, checkupHref(s.Subject) + "#m-" + m.ID, from}, true
		}
	}
	return n, false
}

// repairHref is where the repair of a matter is asked for.
func repairHref(subject credit.Key, matter string) string {
	return "/repairs/new?" + url.Values{"subject": {string(subject)}, "matter": {matter}}.Encode()
}

// documentNotes are those on reports that do not stand as they were issued.
func documentNotes(reports []Report) (all []note) {
	for _, r := range reports {
		switch {
		case r.Withdrawn:
			all = append(all, note{topic: "document:" + r.Number + ":withdrawn", event: Document, kind: kindWithdrawn, link: "/reports/" + r.Number})
		case r.Changed:
			all = append(all, note{topic: "document:" + r.Number + ":changed", event: Document, kind: string(Document), link: "/reports/" + r.Number})
		}
	}
	return all
}

// wanted are the notes on events that are followed.
func wanted(s *Subscription, all []note) (some []note) {
	for _, n := range all {
		if s.Follows(n.event) {
			some = append(some, n)
		}
	}
	return some
}
