package repair

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// mostMatters is how many matters one application takes: all are opened in one transaction, which others wait for.
const mostMatters = 200

// Apply opens one application of a subject for one or many matters and returns it. Every matter is asked about again; one
// that cannot be asked for refuses the whole with its reasons, so that nothing is half done.
func (s *Service) Apply(ctx context.Context, p account.Principal, subject credit.Key, a Application) (casework.Case, error) {
	var c casework.Case
	chosen, name, err := s.chosen(ctx, subject, a.Matters)
	if err != nil {
		return c, err
	}
	now := s.c.Now()
	d := data{Name: name, Code: rand.Text()[:10], Asker: p.ID, AskerName: p.Actor().Name, Corrected: a.Corrected, On: a.On, Contact: a.Contact, Signed: now.UnixMilli()}
	c = casework.Case{Subject: subject, Kind: Kind, Title: title(chosen)}
	if err := put(&c, d); err != nil {
		return c, err
	}
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error { return s.open(tx, p, &c, &d, chosen) })
	s.c.Outbox.Wake()
	if errors.Is(err, store.ErrConflict) {
		return c, ErrTwice
	}
	if err != nil {
		return c, fmt.Errorf("repair: applying: %w", err)
	}
	return c, nil
}

func title(chosen []Matter) string {
	if len(chosen) == 1 {
		return chosen[0].DocNo
	}
	return fmt.Sprintf("%s等%d项", chosen[0].DocNo, len(chosen))
}

// Matters are a subject's matters as the rules see them today, with the items that are open for them.
func (s *Service) Matters(ctx context.Context, subject credit.Key) (all []Matter, name string, err error) {
	if all, name, err = s.c.Matters.Repairable(ctx, subject); err != nil {
		return nil, "", err
	}
	rows, err := s.c.DB.Query(ctx, "SELECT matter, id FROM repair_open WHERE subject = $1", string(subject))
	if err != nil {
		return nil, "", fmt.Errorf("repair: looking for open items: %w", err)
	}
	defer rows.Close()
	open := map[string]string{}
	for rows.Next() {
		var matter, id string
		if err := rows.Scan(&matter, &id); err != nil {
			return nil, "", err
		}
		open[matter] = id
	}
	for i := range all {
		all[i].Open = open[all[i].ID]
	}
	return all, name, rows.Err()
}

// chosen are the ticked matters, each found among the subject's own and free to be asked for.
func (s *Service) chosen(ctx context.Context, subject credit.Key, ids []string) ([]Matter, string, error) {
	all, name, err := s.Matters(ctx, subject)
	if err != nil {
		return nil, "", err
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(ids) == 0:
		return nil, "", ErrNone
	case len(ids) > mostMatters:
		return nil, "", ErrMany
	}
	var chosen []Matter
	for _, id := range ids {
		i := slices.IndexFunc(all, func(m Matter) bool { return m.ID == id })
		if i < 0 {
			return nil, "", ErrNotYours
		}
		m := all[i]
		switch {
		case m.Disputed:
			return nil, "", ErrDisputed
		case m.Open != "":
			return nil, "", ErrTwice
		}
		if no := m.Blocked(); len(no) > 0 {
			return nil, "", &NotNow{m.DocNo, no}
		}
		chosen = append(chosen, m)
	}
	return chosen, name, nil
}

func (s *Service) open(tx *store.Tx, p account.Principal, c *casework.Case, d *data, chosen []Matter) error {
	if err := s.c.Cases.Open(tx, c, by(p), ""); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO repair_code (code, subject, id) VALUES ($1, $2, $3)", d.Code, string(c.Subject), c.ID); err != nil {
		return err
	}
	for i := range chosen {
		item, err := s.openItem(tx, p, c, d, &chosen[i])
		if err != nil {
			return err
		}
		if err := s.c.Cases.Adopt(tx, c, casework.Child{No: int64(i + 1), Subject: c.Subject, Case: item}); err != nil {
			return err
		}
	}
	return s.log(tx, p, c.Subject, audit.Amend)
}

// openItem pushes one matter to the desk of its body; the clock of acceptance runs from here.
func (s *Service) openItem(tx *store.Tx, p account.Principal, parent *casework.Case, d *data, m *Matter) (id string, err error) {
	x := itemData{Parent: parent.ID, Asker: d.Asker, Matter: m.ID, Lies: m.Lies, Name: d.Name, Kind: m.Kind, DocNo: m.DocNo, Title: m.Title, Authority: m.Authority,
		Organ: m.Organ, Domain: m.Domain, DomainName: m.DomainName, Decided: m.Decided, Content: m.Content, Class: m.Answer.Class.Class.Chinese(),
		Route: m.Answer.Route.Chinese(), Corrected: d.Corrected, On: d.On, Contact: d.Contact, Running: s.today()}
	c := casework.Case{Subject: parent.Subject, Kind: ItemKind, Desk: s.deskOf(m.Organ, m.Domain), Title: m.DocNo}
	if err := put(&c, x); err != nil {
		return "", err
	}
	if err := s.c.Cases.Open(tx, &c, by(p), ""); err != nil {
		return "", err
	}
	if _, err := tx.Exec("INSERT INTO repair_open (subject, matter, id, lies) VALUES ($1, $2, $3, $4)", string(c.Subject), x.Matter, c.ID, string(m.Lies)); err != nil {
		return "", err
	}
	if err := s.set(tx, &c, acceptName, s.today(), s.c.Clocks.Accept.Days); err != nil {
		return "", err
	}
	return c.ID, s.remind(tx, &c, c.Desk, "repair.asked")
}

// remind puts a message for a desk into the outbox; its topic makes it one for each step of the item.
func (s *Service) remind(tx *store.Tx, c *casework.Case, desk, kind string) error {
	body := fmt.Sprintf(`{"kind":%q,"link":%q,"day":%q}`, kind, "/repairs/items/"+c.ID, s.today())
	return s.c.Outbox.Put(tx, outbox.Message{Subject: c.Subject, Target: "desk:" + desk, Topic: fmt.Sprintf("%s:%s:%d", kind, c.ID, c.Version), Version: 1, Body: body})
}
