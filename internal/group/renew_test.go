package group_test

import (
	"errors"
	"testing"

	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/group"
	"xinban/internal/store"
)

// allowOnce lets the parent act for a subject once.
func (d *desk) allowOnce(key credit.Key) {
	d.t.Helper()
	g := consent.Grant{Subject: key, Grantee: consent.OrganisationGrantee(parent), Name: "岚港母公司有限公司", Scope: consent.Ask, Purpose: "上市", Uses: 1,
		Until: today.AddDays(60), Signature: consent.Signature{Text: "授权", By: "9", Name: "子公司", Method: consent.ByPassword}}
	d.must(d.db.Tx(d.t.Context(), func(tx *store.Tx) error { return d.consent.Give(tx, &g) }))
}

func (d *desk) used(key credit.Key) (n int64) {
	d.t.Helper()
	all, err := d.consent.Given(d.t.Context(), key)
	d.must(err)
	for _, g := range all {
		n += g.Used
	}
	return n
}

// A subsidiary consents after it was refused: only those without a report are asked for again, and no consent of the others is used.
func TestTheMissingAreAskedForAgainAlone(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allowOnce(child)
		id := d.ask(string(parent), string(child), string(other), "没有这家公司")
		d.work()
		d.expect(id, [2]string{"issued", ""}, [2]string{"issued", ""}, [2]string{"refused", "没有该主体"}, [2]string{"unknown", ""})
		d.allow(other, today.AddDays(30))
		again, err := d.AskMissing(d.ctx(), id)
		d.must(err)
		d.work()
		d.expect(again, [2]string{"issued", ""}, [2]string{"unknown", ""})
		if v := d.view(again); v.Of != id || !v.Missing || v.Members[0].Key != other || d.used(child) != 1 {
			d.t.Errorf("%+v, the consent of the subsidiary is used %d times", v, d.used(child))
		}
		all := d.ask(string(parent))
		d.work()
		var no *group.Refusal
		if _, err := d.AskMissing(d.ctx(), all); !errors.As(err, &no) {
			d.t.Errorf("nothing is missing: %v", err)
		}
	})
}

// Renewed on the same day the paper is the same, and a consent of one use is neither used again nor said to be spent. On a later day
// the paper is a new one, for which the subject has to consent.
func TestARenewalOfTheSameDayUsesNoConsent(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allowOnce(child)
		d.allow(other, today.AddDays(30))
		id := d.ask(string(child), string(other))
		d.work()
		same, err := d.Renew(d.ctx(), id)
		d.must(err)
		d.work()
		d.expect(same, [2]string{"issued", ""}, [2]string{"issued", ""})
		if d.view(same).Members[0].Number != d.view(id).Members[0].Number || d.used(child) != 1 || d.used(other) != 1 {
			d.t.Errorf("consents used %d and %d times", d.used(child), d.used(other))
		}
		d.now = d.now.AddDate(0, 0, 1)
		later, err := d.Renew(d.ctx(), id)
		d.must(err)
		d.work()
		d.expect(later, [2]string{"refused", "次数已用完"}, [2]string{"issued", ""})
		if d.used(child) != 1 || d.used(other) != 2 {
			d.t.Errorf("a day later consents are used %d and %d times", d.used(child), d.used(other))
		}
	})
}
