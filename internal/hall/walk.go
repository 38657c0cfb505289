package hall

import (
	"context"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
)

// Walk is a service from its beginning to where it was left, as a clerk or a machine gives it. Demos have such.
type Walk struct {
	Key       credit.Key
	Place     Place
	Person    Person
	Purpose   string
	Method    consent.Method // empty for consent.OnPad, and for a touch at a kiosk
	Signed    *Paper         // nil at a kiosk
	Authority *Paper         // of an agent
	Left      State          // where it was left
}

// Walk gives a service step by step, through the same steps as the pages.
func (s *Service) Walk(ctx context.Context, me account.Principal, w Walk) error {
	v, err := s.begin(ctx, me, w.Place, w.Key, Person{}, nil)
	if err != nil || w.Left == Open {
		return err
	}
	if err := s.identify(ctx, v, w.Person, w.Purpose); err != nil || w.Left == Known {
		return err
	}
	v.State = Known
	method := w.Method
	switch {
	case w.Place == AtKiosk:
		method = consent.ByTouch
	case method == "":
		method = consent.OnPad
	}
	if err := s.sign(ctx, v, method, w.Signed, w.Authority); err != nil || w.Left == Signed {
		return err
	}
	v.State = Signed
	if _, err := s.issue(ctx, me, v); err != nil || w.Left == Issued {
		return err
	}
	v.State = Issued
	return s.finish(ctx, v)
}
