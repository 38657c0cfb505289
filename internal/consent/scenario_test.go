package consent

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// scenario is a case that an official can read: what a subject allowed, and what came of it.
type scenario struct {
	Name   string
	Today  string
	Person *string // name of the natural person who gives the grants; absent for an organisation
	Grants []struct {
		To, Scope, Purpose, From, Level, Until, Words, Refused string
		Editions, Domains                                      []string
		Uses                                                   int64
		End                                                    string `yaml:"end"`
	}
	Steps []struct {
		On, Who, Scope, Purpose, Edition, From, End, Level, Answer string
		Domains                                                    []string
		Withdraw, Alter                                            int
	}
}

func day(t *testing.T, text string) credit.Date {
	t.Helper()
	if text == "" {
		return 0
	}
	d, err := credit.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dec := yaml.NewDecoder(bytes.NewReader(body), yaml.DisallowUnknownField())
		var all []scenario
		if err := dec.Decode(&all); err != nil {
			t.Fatal(err)
		}
		for i := range all {
			t.Run(all[i].Name, func(t *testing.T) {
				t.Parallel()
				all[i].run(t)
			})
		}
	}
}

func (x *scenario) run(t *testing.T) {
	b := setup(t, storetest.SQLite(t))
	b.SealWith(printable{})
	b.day = day(t, x.Today).Time().Add(9 * time.Hour)
	subject, name := firm, "岚港海蓝渔具有限公司"
	if x.Person != nil {
		subject, name = "p:1", *x.Person
	}
	var ids []string
	for i, s := range x.Grants {
		g := Grant{Subject: subject, Grantee: Grantee(s.To), Name: s.To, Scope: Scope(s.Scope), Purpose: s.Purpose, Editions: s.Editions, Uses: s.Uses,
			From: day(t, s.From), To: day(t, s.End), Level: Level(s.Level), Until: day(t, s.Until)}
		for _, d := range s.Domains {
			g.Domains = append(g.Domains, Domain{d, d})
		}
		g.Signature = Signature{Text: g.Text(name), By: "1", Name: name, At: 1, Method: ByPassword}
		err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return b.Give(tx, &g) })
		if (err != nil) != (s.Refused != "") || err != nil && !strings.Contains(err.Error(), s.Refused) {
			t.Fatalf("grant %d: %v, want %q", i+1, err, s.Refused)
		}
		if !strings.Contains(g.Signature.Text, s.Words) {
			t.Errorf("grant %d is signed with the words %s", i+1, g.Signature.Text)
		}
		ids = append(ids, g.ID)
	}
	for i, s := range x.Steps {
		if s.On != "" {
			b.day = day(t, s.On).Time().Add(9 * time.Hour)
		}
		got := "可以"
		err := b.db.Tx(t.Context(), func(tx *store.Tx) error {
			switch {
			case s.Withdraw > 0:
				return b.Withdraw(tx, subject, ids[s.Withdraw-1])
			case s.Alter > 0:
				_, err := tx.Exec("UPDATE consent SET until = 20290101 WHERE subject = $1 AND id = $2", string(subject), ids[s.Alter-1])
				return err
			}
			_, err := b.Apply(tx, subject, []Grantee{Grantee(s.Who)}, Act{Scope: Scope(s.Scope), Purpose: s.Purpose, Edition: s.Edition, Domains: s.Domains,
				From: day(t, s.From), To: day(t, s.End), Level: Level(s.Level)})
			return err
		})
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, s.Answer) {
			t.Errorf("step %d is answered %q, want %q", i+1, got, s.Answer)
		}
	}
}
