package group_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/group"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// scenarioFile is one file of scenarios, written so that an official can read it.
type scenarioFile struct {
	Title     string     `yaml:"题目"`
	Scenarios []scenario `yaml:"情形"`
}

type scenario struct {
	Name     string    `yaml:"名称"`
	Area     string    `yaml:"平台"`
	Known    []firm    `yaml:"已登记"`
	Consents []allowed `yaml:"授权"`
	List     []string  `yaml:"名单"`
	Checked  []said    `yaml:"核对"`
	Withdraw []string  `yaml:"撤回"`
	Ends     []said    `yaml:"结果"`
	Refused  string    `yaml:"退回"`
}

type firm struct {
	Name   string     `yaml:"名称"`
	Later  string     `yaml:"更名为"`
	Code   credit.Key `yaml:"代码"`
	Area   string     `yaml:"登记地"`
	Person string     `yaml:"身份证号"`
}

type allowed struct {
	Subject string `yaml:"主体"`
	Purpose string `yaml:"用途"`
}

type said struct {
	State string `yaml:"状态"`
	Says  string `yaml:"说明"`
	Not   string `yaml:"没有"`
}

// stateNames are the states as the scenarios name them.
var stateNames = map[casework.State]string{group.Waiting: "可以出具", group.Issued: "已出具", group.Refused: "未出具", group.Unknown: "未查到", group.Outside: "省外主体"}

func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var f scenarioFile
		if err := yaml.UnmarshalWithOptions(text, &f, yaml.Strict()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, s := range f.Scenarios {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				s.run(open(t, storetest.SQLite(t)))
			})
		}
	}
}

func (s *scenario) run(d *desk) {
	if s.Area != "" {
		d.area = s.Area
	}
	for _, f := range s.Known {
		d.register(f)
	}
	for _, a := range s.Consents {
		d.consented(a)
	}
	lines, err := group.Lines(strings.Join(s.List, "\n"))
	if s.Refused != "" {
		if err == nil || !strings.Contains(err.Error(), s.Refused) {
			d.t.Errorf("%v, want %s", err, s.Refused)
		}
		return
	}
	d.must(err)
	members, err := d.Resolve(d.ctx(), listing, lines)
	d.must(err)
	var checked []string
	for _, m := range members {
		checked = append(checked, stateNames[m.State]+"："+m.Reason+m.Note)
	}
	compare(d.t, checked, s.Checked)
	if len(s.Ends) == 0 {
		return
	}
	id, err := d.Create(d.ctx(), parent, listing, members)
	d.must(err)
	for _, name := range s.Withdraw {
		for _, g := range d.grants(name) {
			d.withdraw(g)
		}
	}
	d.work()
	var ends []string
	for _, m := range d.view(id).Members {
		ends = append(ends, stateNames[m.State]+"："+m.Reason+m.Note)
	}
	compare(d.t, ends, s.Ends)
}

func compare(t *testing.T, got []string, want []said) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d subjects, want %d: %q", len(got), len(want), got)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w.State+"：") || !strings.Contains(got[i], w.Says) || w.Not != "" && strings.Contains(got[i], w.Not) {
			t.Errorf("%s, want %+v", got[i], w)
		}
	}
}

// register puts a subject on record as a scenario says.
func (d *desk) register(f firm) {
	d.t.Helper()
	if f.Person != "" {
		key, err := d.ledger.PersonKey(d.t.Context(), f.Person)
		d.must(err)
		d.record(key, credit.NaturalPerson, f.Name, "")
		return
	}
	if credit.CheckUSCC(string(f.Code)).Verdict != credit.Valid {
		d.t.Fatalf("%s is no code", f.Code)
	}
	for _, name := range []string{f.Name, f.Later} {
		if name != "" {
			d.record(f.Code, credit.Organisation, name, f.Area)
		}
	}
}

func (d *desk) record(key credit.Key, class credit.SubjectClass, name, area string) {
	d.t.Helper()
	r := credit.Record{Kind: credit.Registration, Class: class, Name: name, Region: area, Decided: 20200101, Authority: "市市场监督管理局"}
	id, _ := credit.IdentifyMatter(&r, "market")
	fact := d.ledger.NewAssertion(key, id, 1, &r, nil, d.clock().UnixMilli())
	d.must(d.ledger.Change(d.t.Context(), func(tx *store.Tx) error {
		_, err := d.ledger.Append(tx, ledger.Subject{Key: key, Class: class, Name: name}, fact)
		return err
	}))
}

func (d *desk) keyOf(name string) credit.Key {
	d.t.Helper()
	found, err := d.ledger.Find(d.t.Context(), name, 2)
	if err != nil || len(found) != 1 {
		d.t.Fatalf("%d subjects are called %s, %v", len(found), name, err)
	}
	return found[0].Key
}

func (d *desk) consented(a allowed) {
	d.t.Helper()
	purpose := a.Purpose
	if purpose == "" {
		purpose = listing.Purpose
	}
	g := consent.Grant{Subject: d.keyOf(a.Subject), Grantee: consent.OrganisationGrantee(parent), Name: "岚港母公司有限公司", Scope: consent.Ask, Purpose: purpose,
		Until: today.AddDays(30), Signature: consent.Signature{Text: "授权", By: "9", Name: a.Subject, Method: consent.ByPassword}}
	d.must(d.db.Tx(d.t.Context(), func(tx *store.Tx) error { return d.consent.Give(tx, &g) }))
}

func (d *desk) grants(name string) []consent.Grant {
	d.t.Helper()
	all, err := d.consent.Given(d.t.Context(), d.keyOf(name))
	d.must(err)
	return all
}
