package app

import (
	"net/http"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// clockSteps are how far one click moves the demo's date.
var clockSteps = map[string]func(a *App, from credit.Date) credit.Date{
	"workday": func(a *App, from credit.Date) credit.Date { return a.Calendar.Add(from, 1).Date },
	"month":   func(_ *App, from credit.Date) credit.Date { return from.AddDays(30) },
}

// moveClock moves the demo's date and goes back to where the click was made.
func (a *App) moveClock(w http.ResponseWriter, r *http.Request) error {
	step, ok := clockSteps[r.FormValue("step")]
	if !ok {
		return problem.New(http.StatusBadRequest, "bad-request")
	}
	if err := a.clock.move(step(a, credit.DateOf(a.Now()))); err != nil {
		return err
	}
	http.Redirect(w, r, page.SafePath(r.FormValue("return")), http.StatusSeeOther)
	return nil
}

// clockSurface is the demo's clock.
func (a *App) clockSurface() account.Surface {
	return account.Surface{Name: "clock", Routes: []account.Route{
		{Method: http.MethodPost, Pattern: "/demo/clock", Allow: account.Anyone(), Handle: a.moveClock, Repeatable: true},
	}}
}
