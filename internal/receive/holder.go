package receive

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
)

// holderOption is one organisation for which the caller may receive papers.
type holderOption struct {
	Key     credit.Key
	Name    string
	Current bool
}

type holderKey struct{}

// withHolder returns a context in which the caller acts for the organisation; empty for the first of those bound to it.
func withHolder(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, holderKey{}, credit.Key(key))
}

// asHolder lets a page act for the organisation that its address names.
func asHolder(h account.Handler) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return h(w, r.WithContext(withHolder(r.Context(), r.URL.Query().Get("subject"))))
	}
}

// carried is the choice of a request, to be carried on to the next page.
func carried(r *http.Request) string {
	if key := r.URL.Query().Get("subject"); key != "" {
		return "?subject=" + url.QueryEscape(key)
	}
	return ""
}

// chosen is the organisation for which the caller acts, empty for an account that is bound to none.
func chosen(ctx context.Context) (credit.Key, error) {
	me := account.From(ctx)
	key, _ := ctx.Value(holderKey{}).(credit.Key)
	switch {
	case key != "" && !slices.Contains(me.Subjects, key):
		return "", account.ErrForbidden()
	case key == "" && len(me.Subjects) > 0:
		return me.Subjects[0], nil
	}
	return key, nil
}

// who is the receiver for whom the caller acts: the organisation that was chosen, else the person.
func (s *Service) who(ctx context.Context) (*Receiver, error) {
	key, err := chosen(ctx)
	if err != nil {
		return nil, err
	}
	return s.receiver(ctx, key)
}

func (s *Service) receiver(ctx context.Context, key credit.Key) (*Receiver, error) {
	me := account.From(ctx)
	r := &Receiver{ID: consent.AccountGrantee(me.ID), Name: me.Name, Access: audit.Actor(me.Actor())}
	r.Whom = []consent.Grantee{r.ID}
	if key == "" {
		return r, nil
	}
	r.ID = consent.OrganisationGrantee(key)
	r.Whom = append(r.Whom, r.ID)
	name, err := s.c.Name(ctx, key)
	if err != nil {
		return nil, err
	}
	if name != "" {
		r.Name, r.Access.Name = name, name // the subject learns which organisation looked
	}
	return r, nil
}

// everybody are the receivers for whom the caller may act: what is named by its number is found whichever it belongs to.
func (s *Service) everybody(ctx context.Context) (all []*Receiver, err error) {
	keys := account.From(ctx).Subjects
	if len(keys) == 0 {
		keys = []credit.Key{""}
	}
	for _, k := range keys {
		r, err := s.receiver(ctx, k)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// holderOptions are the organisations among which a page lets choose, none when there is no choice; query carries the choice on.
func (s *Service) holderOptions(ctx context.Context) (all []holderOption, query string, err error) {
	keys := account.From(ctx).Subjects
	now, err := chosen(ctx)
	if err != nil || len(keys) < 2 {
		return nil, "", err
	}
	for _, k := range keys {
		name, err := s.c.Name(ctx, k)
		if err != nil {
			return nil, "", err
		}
		all = append(all, holderOption{k, name, k == now})
	}
	return all, "?subject=" + url.QueryEscape(string(now)), nil
}

// reader is the receiver or the organ for which the caller acts.
func (s *Service) reader(ctx context.Context, organ bool) (*Receiver, error) {
	if !organ {
		return s.who(ctx)
	}
	me := account.From(ctx)
	if me.Organ == "" {
		return nil, account.ErrForbidden()
	}
	return &Receiver{ID: consent.Grantee("organ:" + me.Organ), Name: me.OrganOf, Access: audit.Actor(me.Actor())}, nil
}
