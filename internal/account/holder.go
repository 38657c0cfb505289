package account

import (
	"context"
	"net/http"

	"xinban/internal/credit"
	"xinban/internal/problem"
)

// Holder is one of the subjects between which a page lets somebody choose.
type Holder struct {
	Key     credit.Key
	Name    string
	Current bool
}

// ChooseHolder names subjects and chooses one: the one asked for, else the first. It fails when there is none to choose, or
// another is asked for.
func ChooseHolder(ctx context.Context, keys []credit.Key, asked string, name func(context.Context, credit.Key) (string, error)) (all []Holder, key credit.Key, err error) {
	for _, k := range keys {
		n, err := name(ctx, k)
		if err != nil {
			return nil, "", err
		}
		h := Holder{Key: k, Name: n, Current: string(k) == asked || asked == "" && len(all) == 0}
		if all = append(all, h); h.Current {
			key = k
		}
	}
	switch {
	case len(all) == 0:
		return nil, "", problem.New(http.StatusForbidden, "no-subject")
	case key == "":
		return nil, "", ErrForbidden()
	}
	return all, key, nil
}
