package publicity_test

import (
	"context"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/publicity"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/tally"
)

// published adds up and returns how many matters entered the public pages.
func (b *bench) published(t *testing.T) int64 {
	t.Helper()
	sums, err := tally.New(t.Context(), b.ledger.DB())
	must(t, err)
	for n := 1; n > 0; {
		n, err = sums.Roll(t.Context())
		must(t, err)
	}
	n, err := sums.Total(t.Context(), publicity.CountMatters, day("2020-01-01"), day("2030-01-01"))
	must(t, err)
	return n
}

// takeDown writes a projection without any matter of a key.
func (b *bench) takeDown(t *testing.T, key credit.Key) {
	t.Helper()
	steps, err := b.Project(t.Context(), key, nil)
	must(t, err)
	for _, s := range steps {
		must(t, b.ledger.DB().Bulk(t.Context(), s))
	}
}

// A matter counts when it enters, and again when it was taken down and comes back: before the counts are added up, with
// others in one go, and after.
func TestMattersCountAsOftenAsTheyEnter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.say(t, firm, fine("岚交罚〔2026〕1号", "2026-05-01"), fine("岚交罚〔2026〕2号", "2026-05-02"))
		b.takeDown(t, firm)
		b.say(t, firm, fine("岚交罚〔2026〕3号", "2026-05-03"))
		if n := b.published(t); n != 5 {
			t.Errorf("%d entered, want 2 and 3", n)
		}
		b.takeDown(t, firm)
		b.project(t, firm)
		if n := b.published(t); n != 8 {
			t.Errorf("%d entered, want 3 more", n)
		}
	})
}

// Changes that two processes computed before either wrote them count once, whether the counts are added up between them
// or not.
func TestChangesThatAreWrittenTwiceCountOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, storetest.SQLite(t))
	ctx := context.Background()
	b.say(t, firm, fine("岚交罚〔2026〕1号", "2026-05-01"))
	b.takeDown(t, firm)
	before := b.published(t)
	facts, err := b.ledger.Read(ctx, firm)
	must(t, err)
	first, err := b.Project(ctx, firm, facts)
	must(t, err)
	second, err := b.Project(ctx, firm, facts)
	must(t, err)
	for i := range first {
		must(t, b.ledger.DB().Bulk(ctx, first[i]))
		if n := b.published(t); n != before+1 {
			t.Errorf("%d entered, want %d", n, before+1)
		}
		must(t, b.ledger.DB().Bulk(ctx, second[i]))
	}
	if n := b.published(t); n != before+1 {
		t.Errorf("written twice: %d entered, want %d", n, before+1)
	}
}
