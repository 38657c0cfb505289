package receive

import (
	"errors"
	"strings"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// With a grant the receiver has a report made and reads it; the use is counted, the subject sees receiver and
// purpose, and a withdrawal stops both the next report and the reading of the last.
func TestAuthorisedQuery(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		who := bank("bank")
		ask := func(purpose string) (string, error) {
			return d.Authorised(t.Context(), who, firm, "general", purpose)
		}
		if _, err := ask("贷款"); !errors.Is(err, consent.ErrNone) || d.log(firm) != "" {
			t.Errorf("without a grant: %v, %s", err, d.log(firm))
		}
		g := d.allow(who, 2)
		if _, err := ask("上市"); !errors.Is(err, consent.ErrOutside) {
			t.Errorf("for another purpose: %v", err)
		}
		number, err := ask("贷款")
		must(t, err)
		if log := d.log(firm); log != "bank issue 贷款" {
			t.Errorf("the subject sees %q", log)
		}
		if _, _, err := d.Read(t.Context(), who, number, audit.View); err != nil || !strings.Contains(d.log(firm), "bank view 贷款") {
			t.Errorf("reading: %v, %s", err, d.log(firm))
		}
		if _, _, err := d.Read(t.Context(), bank("another"), number, audit.View); !errors.Is(err, errNotMade) {
			t.Errorf("another reads it: %v", err)
		}
		d.reports.before = func() { must(t, d.tx(func(tx *store.Tx) error { return d.grants.Withdraw(tx, firm, g.ID) })) }
		if _, err := ask("贷款"); !errors.Is(err, consent.ErrWithdrawn) {
			t.Errorf("withdrawn in mid-request: %v", err)
		}
		if made, err := d.Made(t.Context(), who, "", 10); err != nil || len(made) != 1 {
			t.Errorf("%v %v", made, err)
		}
		if _, _, err := d.Read(t.Context(), who, number, audit.View); !errors.Is(err, consent.ErrWithdrawn) {
			t.Errorf("reading after the withdrawal: %v", err)
		}
	})
}

// Used-up times do not take away what was made; the last day does.
func TestReadingEndsWithTheGrant(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	d.allow(bank("bank"), 1)
	number, err := d.Authorised(t.Context(), bank("bank"), firm, "general", "贷款")
	must(t, err)
	if _, err := d.Authorised(t.Context(), bank("bank"), firm, "general", "贷款"); !errors.Is(err, consent.ErrUsedUp) {
		t.Errorf("a second use: %v", err)
	}
	if _, _, err := d.Read(t.Context(), bank("bank"), number, audit.View); err != nil {
		t.Errorf("used up: %v", err)
	}
	d.pass(11 * 24 * time.Hour)
	if _, _, err := d.Read(t.Context(), bank("bank"), number, audit.View); !errors.Is(err, consent.ErrExpired) {
		t.Errorf("past the last day: %v", err)
	}
}

// An organ states a legal purpose and its reason, which the subject reads; where no certificate was needed it is refused.
func TestOrgansRequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		organ := bank("岚港市生态环境局")
		for _, c := range []struct{ purpose, reason, want string }{
			{"", "办理许可", "请从清单中选择"},
			{"none", "办理许可", "请从清单中选择"},
			{"inspection", "检查", "不得要求提供信用报告"},
			{"window", "咨询", "不得要求提供信用报告"},
			{"licence", " ", "请写明办理的事项和理由"},
			{"licence", strings.Repeat("许", 201), "200字以内"},
			{"licence", "为110101199001011237办理", "不要填写身份证件号码"},
		} {
			_, err := d.ForOrgan(t.Context(), organ, firm, c.purpose, c.reason)
			var no *RefusedError
			if !errors.As(err, &no) || !strings.Contains(no.Text, c.want) {
				t.Errorf("%s %s: %v, want %s", c.purpose, c.reason, err, c.want)
			}
		}
		if log := d.log(firm); log != "" {
			t.Errorf("a refusal is in the log: %s", log)
		}
		number, err := d.ForOrgan(t.Context(), organ, firm, "licence", "办理排污许可")
		must(t, err)
		if log := d.log(firm); !strings.Contains(log, "岚港市生态环境局 view 行政许可和资质审查（") || !strings.Contains(log, "发改财金〔2025〕565号") || !strings.Contains(log, "理由：办理排污许可") {
			t.Errorf("the subject sees %s", log)
		}
		if _, _, err := d.Read(t.Context(), organ, number, audit.View); err != nil {
			t.Error(err)
		}
		if _, _, err := d.Read(t.Context(), bank("bank"), number, audit.View); !errors.Is(err, errNotMade) {
			t.Errorf("another reads it: %v", err)
		}
	})
}

// The list of purposes says of each its basis and how sure that is.
func TestPurposes(t *testing.T) {
	if p, err := readPurposes(purposesYAML); err != nil || p.Sentence == "" || len(p.Purposes) < 5 {
		t.Fatalf("%+v %v", p, err)
	}
	head := "sentence: a\nsource: b\nsureness: law\npurposes:\n"
	one := "  - {id: x, name: y, basis: z, sureness: assumed, certificate: true}\n"
	for name, text := range map[string]string{"twice": head + one + one, "no basis": head + "  - {id: x, name: y, sureness: law}\n", "none": head,
		"no source": strings.Replace(head, "source: b\n", "", 1) + one, "unsure": head + strings.Replace(one, "assumed", "maybe", 1), "unknown field": head + strings.Replace(one, "basis", "base", 1)} {
		if _, err := readPurposes([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if p, err := readPurposes([]byte(head + one)); err != nil || !p.Purposes[0].Certificate {
		t.Errorf("%+v %v", p, err)
	}
}
