package app

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"time"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/hall"
)

// visitOfDemo is a service in the demo's hall: how many days before today, at which minute of the day, and what.
type visitOfDemo struct {
	days, minute int
	machine      bool
	who          string
	capacity     hall.Capacity
	purpose      string
	method       consent.Method
	left         hall.State
}

// visitsOfDemo are those of a week, at the window and at the kiosk. Those of today end shortly before the demo's noon; one
// is running still.
var visitsOfDemo = []visitOfDemo{
	{7, 9*60 + 12, false, "演示甲子", hall.Legal, "tender", consent.OnPaper, hall.Closed},
	{7, 14*60 + 40, true, "", hall.Bearer, "loan", "", hall.Closed},
	{6, 10*60 + 5, false, "演示乙丑", hall.Agent, "loan", consent.OnPaper, hall.Closed},
	{5, 15*60 + 31, false, "演示丙寅", hall.Legal, "approval", consent.OnPad, hall.Closed},
	{4, 11*60 + 2, true, "演示丁卯", hall.BearerShown, "listing", "", hall.Closed},
	{3, 9*60 + 48, false, "演示戊辰", hall.Agent, "tender", consent.OnPad, hall.Closed},
	{0, 9*60 + 3, false, "演示己巳", hall.Legal, "fund", consent.OnPaper, hall.Closed},
	{0, 9*60 + 55, true, "", hall.BearerPIN, "tender", "", hall.Closed},
	{0, 10*60 + 26, false, "演示庚午", hall.Agent, "approval", consent.OnPad, hall.Closed},
	{0, 11*60 + 41, false, "演示辛未", hall.Legal, "loan", "", hall.Known},
}

// SeedVisits gives the demo's hall a week of services. It does nothing where there are some.
func (a *App) SeedVisits(ctx context.Context, p demo.Province, accounts *account.Service) error {
	had, err := a.Hall.Any(ctx)
	if err != nil || had {
		return err
	}
	firms, err := a.firmsForVisits(ctx, &p)
	if err != nil || len(firms) == 0 {
		return err
	}
	today := credit.DateOf(a.Now())
	for i, x := range visitsOfDemo {
		login := "window"
		if x.machine {
			login = "kiosk"
		}
		me, err := accounts.ByLogin(ctx, login)
		if err != nil {
			return err
		}
		at := today.AddDays(-x.days).Time().Add(time.Duration(x.minute) * time.Minute)
		err = a.clock.during(at, func() error {
			return a.Hall.Walk(ctx, account.Principal{ID: me.ID, Login: me.Login, Name: me.Name, Roles: me.Roles, Organ: me.Organ, OrganOf: me.OrganOf}, x.walk(i, firms[i%len(firms)]))
		})
		if err != nil {
			return fmt.Errorf("app: giving the demo a service in the hall: %w", err)
		}
	}
	return nil
}

// firmsForVisits are firms of the province for which no account of the demo acts.
func (a *App) firmsForVisits(ctx context.Context, p *demo.Province) (keys []credit.Key, err error) {
	own := map[credit.Key]bool{}
	for _, s := range p.ShowcaseSubjects() {
		own[s.Subject.Key] = true
	}
	for _, x := range p.Accounts() {
		own[x.SubjectKey] = true
	}
	firms, err := a.Ledger.NamesFrom(ctx, "青梧", "", "", 4*len(visitsOfDemo))
	if err != nil {
		return nil, err
	}
	for _, f := range firms {
		if !own[f.Key] && f.Class == credit.Organisation && f.Key.Scheme() == "" && len(keys) < len(visitsOfDemo) {
			keys = append(keys, f.Key)
		}
	}
	return keys, nil
}

// walk is the service for a firm, the i-th of them.
func (x *visitOfDemo) walk(i int, firm credit.Key) hall.Walk {
	w := hall.Walk{Key: firm, Place: hall.AtWindow, Purpose: x.purpose, Method: x.method, Left: x.left,
		Person: hall.Person{Name: x.who, Document: "passport", Number: fmt.Sprintf("E0000000%d", i), Capacity: x.capacity, Checked: "eye"}}
	switch {
	case x.machine:
		w.Place, w.Person.Checked = hall.AtKiosk, "reader"
		if x.who == "" {
			w.Person.Document, w.Person.Number, w.Person.Name = "licence", firm.Code(), "营业执照"
		}
		return w
	case x.method != "":
		w.Signed = handwriting(i)
	}
	if x.capacity == hall.Agent {
		w.Authority = handwriting(i + len(visitsOfDemo))
	}
	return w
}

// handwriting is a wave that stands for a signature: it is nobody's.
func handwriting(seed int) *hall.Paper {
	m := image.NewNRGBA(image.Rect(0, 0, 450, 180))
	for x := 40; x < 410; x++ {
		y := 90 + 45*math.Sin(float64(x)/(9+float64(seed)))
		for d := range 4 {
			m.Set(x, int(y)+d, color.NRGBA{R: 0x17, G: 0x30, B: 0x3a, A: 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return &hall.Paper{Media: "image/png", Body: b.Bytes()}
}
