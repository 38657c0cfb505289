package casework

import (
	"fmt"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// A family of any size is read whole and in its order, with a handful of statements.
func TestAFamilyIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		for _, size := range []int{0, 1, 25, 26, 260} {
			parent := open(t, s, firm, "")
			var children []Child
			for i := range size {
				c := open(t, s, credit.Key(fmt.Sprintf("K%d", i%7)), "")
				children = append(children, Child{int64(size - i), c.Subject, c.ID})
			}
			must(t, db.Tx(t.Context(), func(tx *store.Tx) error { return s.Adopt(tx, &parent, children...) }))
			got, err := s.Family(t.Context(), &parent)
			if err != nil || len(got) != size {
				t.Fatalf("%d of %d read, %v", len(got), size, err)
			}
			for i, c := range got {
				if want := children[size-1-i]; c.ID != want.Case || c.Subject != want.Subject || c.Title != "一件" {
					t.Fatalf("of %d, at %d is %+v, want %+v", size, i, c, want)
				}
			}
		}
	})
}
