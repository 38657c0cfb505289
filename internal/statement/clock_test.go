package statement

import (
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

// limited is the book with a time limit in the region's clocks.
func (o *office) limited(clock string) *law.Book {
	o.t.Helper()
	book, err := o.c.Books("")
	must(o.t, err)
	var sets []law.Adopted
	for _, s := range book.Sets() {
		body := s.Body
		if s.ID == "shandong" {
			body = []byte(strings.Replace(string(body), "clocks:\n", "clocks:\n"+clock, 1))
		}
		sets = append(sets, law.Adopted{Body: body, Author: "one", Approver: "two"})
	}
	with, err := law.NewBook(sets)
	must(o.t, err)
	return with
}

// A region that sets a limit of its own is followed, with its source; calendar days that end on a rest day run on to
// the next working day.
func TestTheRegionsLimitGoesBeforeTheDefault(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	region, err := o.limited("  - {id: statement, value: 5, unit: days, text: 情节说明, source: 某办法, sureness: law}\n").Region("", today)
	must(t, err)
	l := limitOf(region, DefaultDays)
	if l.days != 5 || l.working || l.source != "某办法" || l.sureness != decision.Law {
		t.Errorf("%+v", l)
	}
	if due := l.due(workday.Default(), today); due.Date != credit.Date(20260525) { // 05-23 is a Saturday
		t.Errorf("due on %s", due.Date)
	}
}
