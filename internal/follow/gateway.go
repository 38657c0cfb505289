package follow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Text is a message as a provider takes it.
type Text struct {
	ID   string // the same for the same message, so that a provider can tell a repeated one
	To   string // phone number or mail address
	Body string
}

// Provider hands texts to phones and mailboxes. It returns nil only when it has taken the text: an answer that
// cannot be understood is an error.
type Provider interface {
	Name() string
	Send(ctx context.Context, t Text) error
}

// Gateway sends by the first provider that takes the text.
type Gateway struct {
	Providers []Provider
	Wait      time.Duration // for one provider, 0 for three seconds
}

// usualWait is how long one provider has: two of them fit into the time that the outbox gives a try.
const usualWait = 3 * time.Second

// Send tries the providers in order. When all fail it returns what each of them said.
func (g *Gateway) Send(ctx context.Context, t Text) error {
	_, err := g.send(ctx, t)
	return err
}

// find is the place of a provider by its name, -1 when there is none.
func (g *Gateway) find(name string) int {
	return slices.IndexFunc(g.Providers, func(p Provider) bool { return p.Name() == name })
}

// send returns the provider that took the text.
func (g *Gateway) send(ctx context.Context, t Text) (Provider, error) {
	wait := g.Wait
	if wait == 0 {
		wait = usualWait
	}
	errs := []error{errors.New("没有可用的消息通道")}
	for _, p := range g.Providers {
		trying, cancel := context.WithTimeout(ctx, wait)
		err := p.Send(trying, t)
		cancel()
		if err == nil {
			return p, nil
		}
		errs = append(errs, fmt.Errorf("%s：%w", p.Name(), err))
	}
	return nil, errors.Join(errs...)
}
