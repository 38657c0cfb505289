package casework

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// A store that was written before cases had a clock lists its cases by their deadlines, and its sweep finds them.
func TestStoresOfBeforeAreTakenUp(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first, err := fs.ReadFile(migrations, "migrations/00001_case.sql")
		must(t, err)
		must(t, db.Migrate(t.Context(), "casework", fstest.MapFS{"00001_case.sql": {Data: first}}))
		must(t, db.Tx(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Exec(`INSERT INTO case_file (subject, id, kind, state, version, desk, title, data, opened, changed, closed)
				VALUES ('K', '1', 'loan', 'asked', 1, 'centre', '', '{}', 1, 1, 0), ('K', '2', 'loan', 'refused', 2, '', '', '{}', 1, 2, 2)`); err != nil {
				return err
			}
			_, err := tx.Exec("INSERT INTO case_deadline (subject, id, name, due, provisional) VALUES ('K', '1', 'answer', 20260520, 0)")
			return err
		}))
		s := clock(t, db)
		if list, err := s.Desk(t.Context(), DeskQuery{Desk: "centre", Limit: 5}); err != nil || len(list) != 1 || list[0].Due != 20260520 {
			t.Errorf("the desk lists %+v, %v", list, err)
		}
		s.on(20260520)
		if fired := s.sweep(); !slices.Equal(fired, []string{"soon", "today"}) {
			t.Errorf("fired %v", fired)
		}
		ended, err := s.Get(t.Context(), "K", "2")
		if must(t, err); ended.Due != 0 || ended.Paused != 0 {
			t.Errorf("an ended case %+v", ended)
		}
	})
}
