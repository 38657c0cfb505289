package account

import (
	"context"
	"testing"

	"xinban/internal/credit"
)

func TestOneOfTheCallersSubjectsIsChosen(t *testing.T) {
	t.Parallel()
	name := func(_ context.Context, k credit.Key) (string, error) { return "名" + string(k), nil }
	for _, c := range []struct {
		keys  []credit.Key
		asked string
		want  credit.Key // empty: refused
	}{{[]credit.Key{"A", "B"}, "", "A"}, {[]credit.Key{"A", "B"}, "B", "B"}, {[]credit.Key{"A", "B"}, "C", ""}, {nil, "", ""}, {nil, "A", ""}} {
		all, key, err := ChooseHolder(t.Context(), c.keys, c.asked, name)
		if key != c.want || (err != nil) != (c.want == "") {
			t.Errorf("of %v, asked for %q: %q, %v", c.keys, c.asked, key, err)
		}
		for _, h := range all {
			if h.Current != (h.Key == key) || h.Name != "名"+string(h.Key) {
				t.Errorf("%+v", h)
			}
		}
	}
}
