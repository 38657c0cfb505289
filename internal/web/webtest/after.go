package webtest

import (
	"fmt"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
)

// Fill is a field that is filled in.
type Fill struct{ Field, Text string }

// LookAfter looks at the page to which a button leads: what only a form answers, such as a fault. The fields are filled in before.
func (b *Browser) LookAfter(t *testing.T, name, path, button string, fields ...Fill) {
	t.Helper()
	b.look(t, name, path, func(p *rod.Page) error { return press(p, button, fields) })
}

func press(p *rod.Page, button string, fields []Fill) error {
	for _, f := range fields {
		e, err := p.Element(f.Field)
		if err == nil {
			err = e.Input(f.Text)
		}
		if err != nil {
			return fmt.Errorf("filling %s: %w", f.Field, err)
		}
	}
	e, err := p.Element(button)
	if err != nil {
		return fmt.Errorf("looking for %s: %w", button, err)
	}
	wait := p.WaitNavigation(proto.PageLifecycleEventNameLoad)
	if err := e.Click(proto.InputMouseButtonLeft, 1); err != nil {
		return fmt.Errorf("pressing %s: %w", button, err)
	}
	wait()
	return p.WaitLoad()
}
