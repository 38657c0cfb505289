package app_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"xinban/internal/store"
)

// lghlyj finds 岚港海蓝渔具有限公司 at the centre, and in public where it has something public; initials of which
// nobody has a name find nobody.
func TestInitialsFindASubject(t *testing.T) {
	t.Parallel()
	w := setup(t, 100)
	key, _ := showcase()
	ctx := context.Background()
	before, _, err := w.Ledger.Subject(ctx, key)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Ledger.Change(ctx, func(tx *store.Tx) error { return w.Ledger.Rename(tx, key, "岚港海蓝渔具有限公司") })
	if err != nil {
		t.Fatal(err)
	}
	centre, anybody := visit(t, w, "centre"), visit(t, w, "")
	has(t, centre.post("/subjects", url.Values{"q": {"lghlyj"}}), http.StatusOK, "岚港海蓝渔具有限公司", "拼音首字母相符")
	has(t, centre.post("/subjects", url.Values{"q": {"LGHLYJYXGS"}}), http.StatusOK, "岚港海蓝渔具有限公司")
	has(t, centre.post("/subjects", url.Values{"q": {"zzzzzzzz"}}), http.StatusOK, "没有查到该主体")
	found, err := w.Ledger.InitialsFrom(ctx, "lghlyj", "", "", 10)
	if err != nil || len(found) == 0 || found[0].Key != key {
		t.Fatalf("%v, %v", found, err)
	}
	has(t, anybody.get("/public?tab=penalty&q=lghlyj"), http.StatusOK, before.Name) // which the public pages still bear
	entries, err := w.DB.Query(ctx, "SELECT key FROM subject_initials WHERE key LIKE 'p:%'")
	if err != nil {
		t.Fatal(err)
	}
	defer entries.Close()
	if entries.Next() {
		t.Error("a natural person has initials in the directory")
	}
}
