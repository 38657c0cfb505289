package group_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/group"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// expect fails unless the members end as wanted: the state, and a word of what is said.
func (d *desk) expect(id string, want ...[2]string) {
	d.t.Helper()
	v := d.view(id)
	if len(v.Members) != len(want) {
		d.t.Fatalf("%d members, want %d: %+v", len(v.Members), len(want), v.Members)
	}
	for i, m := range v.Members {
		if string(m.State) != want[i][0] || !strings.Contains(m.Reason+m.Note, want[i][1]) {
			d.t.Errorf("%s: %s, “%s%s”, want %s with “%s”", m.Given, m.State, m.Reason, m.Note, want[i][0], want[i][1])
		}
		if (m.Number != "") != (m.State == group.Issued) {
			d.t.Errorf("%s is %s with number %q", m.Given, m.State, m.Number)
		}
	}
}

func TestEveryMemberEndsWithItsReason(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.meet(child, "岚港新名子公司有限公司")
		d.meet("91000000MA0000034C", "岚港重名有限公司")
		d.meet("91000000MA0000042D", "岚港重名有限公司")
		d.allow(child, today.AddDays(30))
		id := d.ask(string(parent), "岚港子公司有限公司", "岚港参股有限公司", "没有这家公司", "岚港重名有限公司", codeOf("11"), string(child))
		d.work()
		d.expect(id, [2]string{"issued", ""}, [2]string{"issued", "曾用名"}, [2]string{"refused", "没有该主体对这一用途的有效授权"},
			[2]string{"unknown", "不表示该主体没有违法违规记录"}, [2]string{"unknown", "不止一个主体"}, [2]string{"outside", "登记机关在北京市，不在山东省"})
		if v := d.view(id); v.State != group.Done || v.Issued != 2 || v.Ended != 6 {
			d.t.Errorf("%s, %d issued, %d ended", v.State, v.Issued, v.Ended)
		}
	})
}

// codeOf is a valid code that the registry of a province gave.
func codeOf(province string) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if code := "91" + province + "0000100000000" + string(c); len(code) == 18 && credit.CheckUSCC(code).Verdict == credit.Valid {
			return code
		}
	}
	return ""
}

// What is said of a code that is not on record depends on where the platform is, never on where the parent is registered.
func TestWhereACodeComesFromIsSaidByName(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		for _, c := range []struct{ area, code, state, says string }{
			{"37", codeOf("31"), "outside", "登记机关在上海市，不在山东省，平台没有归集其信息，请向上海市的信用平台申请"},
			{"37", codeOf("37"), "unknown", "没有查到该主体"},
			{"3301", codeOf("33"), "unknown", "没有查到该主体"}, // of the province: it may be of the city all the same
			{"3301", codeOf("37"), "outside", "登记机关在山东省，不在浙江省"},
			{"50", codeOf("51"), "outside", "不在重庆市"},
			{"37", codeOf("10"), "unknown", "由国家登记机关登记"},
			{"37", codeOf("99"), "unknown", "没有查到该主体"}, // no province has these digits
			{"", codeOf("31"), "unknown", "没有查到该主体"},
			{"00", codeOf("31"), "outside", "登记机关在上海市，不在本省"},
		} {
			d.area = c.area
			members, err := d.Resolve(d.ctx(), listing, []string{c.code})
			d.must(err)
			m := members[0]
			if string(m.State) != c.state || !strings.Contains(m.Reason, c.says) || !strings.Contains(m.Reason, "不表示该主体没有违法违规记录") || strings.Contains(m.Reason, "第3、4位") {
				d.t.Errorf("%s on the platform of %q: %s, %s; want %s, %s", c.code, c.area, m.State, m.Reason, c.state, c.says)
			}
		}
	})
}

// A subsidiary withdraws after the list was checked, and again after its turn began: both times nothing is issued.
func TestWithdrawnConsentStopsTheIssue(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		for name, when := range map[string]func(g func()){
			"before its turn": func(withdraw func()) { withdraw() },
			"in mid-request": func(withdraw func()) {
				d.checked = func(key credit.Key) { withdraw(); d.checked = nil }
			},
		} {
			g := d.allow(child, today.AddDays(30))
			id := d.ask(string(parent), string(child))
			when(func() { d.withdraw(g) })
			d.work()
			d.expect(id, [2]string{"issued", ""}, [2]string{"refused", "该主体已撤回授权"})
			if _, ok := d.issued.Load(child); ok {
				d.t.Errorf("%s: a report was issued", name)
			}
		}
	})
}

func TestAnAgentPastItsTermIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allow(child, today)
		id := d.ask(string(child))
		d.now = d.now.AddDate(0, 0, 1)
		d.work()
		d.expect(id, [2]string{"refused", "该主体的授权已到期"})
	})
}

func TestAnAskerWhoMayNoLongerAskIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		id := d.ask(string(parent))
		d.closed = true
		d.work()
		d.expect(id, [2]string{"refused", "账号已停用"})
	})
}

func TestACancelledRequestIssuesNothingMore(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		id := d.ask(string(parent))
		d.must(d.Cancel(d.ctx(), id))
		d.work()
		d.expect(id, [2]string{"cancelled", "取消"})
		if err := d.Cancel(d.ctx(), id); !errors.Is(err, casework.ErrMove) {
			d.t.Errorf("cancelled twice: %v", err)
		}
	})
}

// crowd lets many subjects be asked for.
func (d *desk) crowd(n int) (lines []string) {
	for i := range n {
		key := credit.Key(fmt.Sprintf("org:%09d", i))
		d.meet(key, fmt.Sprintf("岚港第%d号有限公司", i))
		d.allow(key, today.AddDays(30))
		lines = append(lines, fmt.Sprintf("岚港第%d号有限公司", i))
	}
	return lines
}

// A process stops half way and another goes on; then two work side by side. Each member is issued once.
func TestWorkGoesOnInAnotherProcessAndIsDoneOnce(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		lines := d.crowd(80)
		id := d.ask(lines...)
		if _, err := d.Work(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
		if v := d.view(id); v.Issued == 0 || v.Issued == len(lines) || v.State != group.Running {
			d.t.Fatalf("%d issued in the first go", v.Issued)
		}
		var both sync.WaitGroup
		for range 2 {
			s := d.again()
			both.Go(func() {
				for more, err := true, error(nil); more; more, err = s.Work(d.t.Context()) {
					if err != nil {
						d.t.Error(err)
						return
					}
				}
			})
		}
		both.Wait()
		if v := d.view(id); v.Issued != len(lines) || v.State != group.Done {
			d.t.Errorf("%d of %d issued, %s", v.Issued, len(lines), v.State)
		}
		d.issued.Range(func(key, n any) bool {
			if n := n.(*atomic.Int64).Load(); n != 1 {
				d.t.Errorf("%s was issued %d times", key, n)
			}
			return true
		})
	})
}

func TestOneThatCannotBeMadeHoldsUpNobody(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allow(child, today.AddDays(1))
		d.broken = child
		id := d.ask(string(child), string(parent))
		tries := 0
		for d.view(id).State == group.Running {
			if _, err := d.Work(d.t.Context()); err != nil {
				tries++
			}
			if tries > 20 {
				d.t.Fatal("it is tried for ever")
			}
		}
		d.expect(id, [2]string{"failed", "暂时无法出具"}, [2]string{"issued", ""})
		if tries < 2 {
			d.t.Errorf("given up after %d tries", tries)
		}
	})
}

func TestARenewalKeepsTheListAndMovesTheDates(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		set := group.Settings{Edition: "listing", Purpose: "上市", From: 20230519, To: 20260518, Domains: []string{"ecology"}}
		members, err := d.Resolve(d.ctx(), set, []string{string(parent), "没有这家公司"})
		d.must(err)
		id, err := d.Create(d.ctx(), parent, set, members)
		d.must(err)
		d.work()
		d.now = d.now.AddDate(0, 0, 10)
		again, err := d.Renew(d.ctx(), id)
		d.must(err)
		v := d.view(again)
		if v.Of != id || v.Settings.From != 20230529 || v.Settings.To != 20260528 || v.Settings.Domains[0] != "ecology" || len(v.Members) != 2 {
			d.t.Errorf("%+v", v)
		}
	})
}

func TestWhatTheRulesRefuseIsSaidBeforeAnythingIsKept(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.refuse = func(group.Settings) error { return &group.Refusal{Text: "时段过长"} }
		_, err := d.Create(d.ctx(), parent, listing, []group.Member{{Given: "x", Key: parent, State: group.Waiting}})
		var no *group.Refusal
		if !errors.As(err, &no) {
			d.t.Errorf("%v", err)
		}
		all, err := d.cases.OfSubject(d.t.Context(), parent, group.Kind, "", 5)
		if err != nil || len(all) != 0 {
			d.t.Errorf("kept %v, %v", all, err)
		}
	})
}

func TestNobodyElseSeesARequest(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		id := d.ask(string(parent))
		stranger := asker()
		stranger.ID, stranger.Subjects = "8", []credit.Key{other}
		var p *problem.Error
		if _, err := d.View(account.With(d.t.Context(), stranger), id); !errors.As(err, &p) || p.Status != 404 {
			d.t.Errorf("a stranger sees it: %v", err)
		}
		if _, err := d.Create(account.With(d.t.Context(), stranger), parent, listing, nil); !errors.As(err, &p) || p.Status != 403 {
			d.t.Errorf("a stranger asks in the parent's name: %v", err)
		}
	})
}

// The download holds what may still be read, says what may not, and is in each subject's access log.
func TestTheDownloadLeavesOutWhatWasWithdrawn(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		g := d.allow(child, today.AddDays(30))
		d.allow(other, today.AddDays(30))
		id := d.ask(string(parent), string(child), string(other))
		d.work()
		d.withdraw(g)
		f, err := d.Download(d.ctx(), id)
		d.must(err)
		defer os.Remove(f.Name())
		defer f.Close()
		info, err := f.Stat()
		d.must(err)
		z, err := zip.NewReader(f, info.Size())
		d.must(err)
		var names []string
		table := ""
		for _, x := range z.File {
			names = append(names, x.Name)
			if x.Name == "结果.csv" {
				r, err := x.Open()
				d.must(err)
				b, err := io.ReadAll(r)
				d.must(err)
				table = string(b)
			}
		}
		if all := strings.Join(names, " "); len(names) != 6 || strings.Contains(all, "子公司") || !strings.Contains(all, "参股有限公司") {
			d.t.Errorf("the archive holds %v", names)
		}
		if !strings.Contains(table, "该主体已撤回授权，报告不再提供") || strings.Count(table, "未查见违法违规记录") != 2 {
			d.t.Errorf("the table says %s", table)
		}
		for key, want := range map[credit.Key]int{parent: 1, other: 1, child: 0} {
			entries, _, err := audit.BySubject(d.t.Context(), d.db, key, audit.Cursor{}, 10)
			if err != nil || len(entries) != want || want > 0 && (entries[0].Action != audit.Download || entries[0].Actor.Name != "母公司经办人") {
				d.t.Errorf("%s: %+v, %v", key, entries, err)
			}
		}
	})
}

// A grant that is limited to a domain serves a group that asks for that domain, and no more.
func TestALimitedConsentServesWhatItAllows(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		g := consent.Grant{Subject: child, Grantee: consent.OrganisationGrantee(parent), Name: "岚港母公司有限公司", Scope: consent.Ask, Purpose: "上市", Until: today.AddDays(30),
			Domains:   []consent.Domain{{ID: "ecology", Name: "生态环境"}},
			Signature: consent.Signature{Text: "授权", By: "9", Name: "子公司", Method: consent.ByPassword}}
		d.must(d.db.Tx(d.t.Context(), func(tx *store.Tx) error { return d.consent.Give(tx, &g) }))
		one := listing
		one.Domains = []string{"ecology"}
		for want, set := range map[string]group.Settings{"issued": one, "refused": listing} {
			id := d.askWith(set, string(child))
			d.work()
			if m := d.view(id).Members[0]; string(m.State) != want {
				d.t.Errorf("asked for %v: %s %s, want %s", set.Domains, m.State, m.Reason, want)
			}
		}
	})
}
