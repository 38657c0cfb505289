package publicity

import (
	"crypto/sha256"
	"encoding/hex"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/problem"
)

// Tab is one of the three lists of the public pages.
type Tab int64

// The tabs. Their numbers are stored.
const (
	NoTab    Tab = 0
	Licences Tab = 1 // 行政许可
	Penalty  Tab = 2 // 行政处罚
	Lists    Tab = 3 // 名单
)

var tabNames = map[Tab]string{Licences: "licence", Penalty: "penalty", Lists: "list"}

// String is "licence", "penalty" or "list".
func (t Tab) String() string { return tabNames[t] }

// ParseTab reads what String writes; anything else is NoTab.
func ParseTab(s string) Tab {
	for t, n := range tabNames {
		if n == s {
			return t
		}
	}
	return NoTab
}

// tabOf is where matters of a kind are shown; most kinds are not.
func tabOf(k credit.Kind) Tab {
	switch {
	case k == credit.Licence:
		return Licences
	case k == credit.Penalty:
		return Penalty
	case k.Listing():
		return Lists
	}
	return NoTab
}

// Matter is a public matter as the pages show it.
type Matter struct {
	ID         string
	Tab        Tab
	Kind       credit.Kind
	Subject    credit.Key
	Name       string
	DocNo      string
	Authority  string
	Domain     string // identifier
	Decided    credit.Date
	OpenFrom   credit.Date
	HiddenFrom credit.Date // first day on which it is no longer public; 0: no end by time
	Disputed   bool
	Detail     Detail
}

// Detail is what only the page of one matter shows. Empty fields say nothing.
type Detail struct {
	Title       string      `json:"title,omitempty"`
	Category    string      `json:"category,omitempty"`
	Licence     string      `json:"licence,omitempty"`
	LicenceNo   string      `json:"licence_no,omitempty"`
	List        string      `json:"list,omitempty"`
	Behaviour   string      `json:"behaviour,omitempty"`
	Facts       string      `json:"facts,omitempty"`
	Basis       string      `json:"basis,omitempty"`
	Penalties   string      `json:"penalties,omitempty"`
	Content     string      `json:"content,omitempty"`
	Fine        *credit.Fen `json:"fine_fen,omitempty"`
	Confiscated *credit.Fen `json:"confiscated_fen,omitempty"`
	Seized      string      `json:"seized,omitempty"`
	From        credit.Date `json:"from,omitzero"`
	Until       credit.Date `json:"until,omitzero"`
	Forever     bool        `json:"forever,omitempty"`
	Class       string      `json:"class,omitempty"`
	Provider    string      `json:"provider,omitempty"`
}

// identify is the matter's name in addresses: it tells neither subject nor number.
func identify(m *ledger.Matter) string {
	sum := sha256.Sum256(append([]byte(string(m.Subject)+"\x00"), m.ID[:]...))
	return hex.EncodeToString(sum[:12])
}

// present is what the pages show of a matter. Identity numbers that a source wrote into its texts are
// masked.
func present(m *ledger.Matter, name, domain, organ string, class law.Class) Matter {
	r, clean := m.Record, problem.Redact
	d := Detail{Title: clean(r.Title), Category: clean(r.Category), Licence: clean(r.Licence), LicenceNo: r.LicenceNo, List: clean(r.List),
		Behaviour: clean(r.Behaviour), Facts: clean(r.Facts), Basis: clean(r.Basis), Penalties: r.Penalties.Chinese(), Content: clean(r.Content),
		Fine: known(r.Fine), Confiscated: known(r.Confiscated), Seized: clean(r.Seized), From: r.From, Until: r.Until, Forever: r.Forever,
		Provider: clean(r.Provider)}
	if class != law.ClassUnknown {
		d.Class = class.Chinese()
	}
	if r.Name != "" {
		name = r.Name
	}
	return Matter{ID: identify(m), Tab: tabOf(m.Kind), Kind: m.Kind, Subject: m.Subject, Name: clean(name), DocNo: clean(r.DocNo), Authority: clean(organ),
		Domain: domain, Decided: r.Decided, Disputed: m.Disputed, Detail: d}
}

func known(a credit.Amount) *credit.Fen {
	if !a.Known {
		return nil
	}
	return &a.Fen
}
