package statement

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// codes are those of the organs whose desk a clerk's organ minds: its own, and those whose duties came to it.
func (s *Service) codes(organ string) []string {
	var all []string
	for _, o := range s.c.Organs.All() {
		if o.Code == "" {
			continue
		}
		mine := o.Code == organ || slices.ContainsFunc(o.Domains, func(d string) bool {
			now, ok := s.c.Organs.Responsible(o.ID, d, s.today())
			return ok && now.Code == organ
		})
		if mine {
			all = append(all, o.Code)
		}
	}
	return all
}

// Desk lists up to limit open requests for which a clerk's organ answers, the oldest first, after the given one; next
// is nil at the end.
func (s *Service) Desk(ctx context.Context, p account.Principal, after *casework.Case, limit int) (all []casework.Case, next *casework.Case, err error) {
	for _, code := range s.codes(p.Organ) {
		some, err := s.c.Cases.OfKindAtDesk(ctx, desk(code), Kind, after, limit+1)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b casework.Case) int {
		return cmp.Or(cmp.Compare(a.Opened, b.Opened), strings.Compare(string(a.Subject), string(b.Subject)), strings.Compare(a.ID, b.ID))
	})
	if len(all) > limit {
		all = all[:limit]
		next = &casework.Case{Opened: all[limit-1].Opened, Subject: all[limit-1].Subject, ID: all[limit-1].ID}
	}
	return slices.DeleteFunc(all, func(c casework.Case) bool { return s.may(p, &c) != nil }), next, nil
}

// row is a request in the list of what an organ has dealt with.
type row struct {
	closed  int64
	subject credit.Key
	id      string
}

func (a row) compare(b row) int {
	return cmp.Or(cmp.Compare(a.closed, b.closed), strings.Compare(string(a.subject), string(b.subject)), strings.Compare(a.id, b.id))
}

// Done lists up to limit requests that have ended and for which a clerk's organ answers, the latest first, after the
// given one (nil: from the latest). With words, those that are found by them. next is nil at the end.
func (s *Service) Done(ctx context.Context, p account.Principal, words string, after *casework.Case, limit int) (all []casework.Case, next *casework.Case, err error) {
	from := row{closed: math.MaxInt64}
	if after != nil {
		from = row{after.Closed, after.Subject, after.ID}
	}
	var rows []row
	for _, code := range s.codes(p.Organ) {
		some, err := s.ended(ctx, code, words, from, limit+1)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b row) int { return b.compare(a) })
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		next = &casework.Case{Closed: last.closed, Subject: last.subject, ID: last.id}
	}
	for _, r := range rows {
		c, err := s.c.Cases.Get(ctx, r.subject, r.id)
		if err != nil {
			return nil, nil, err
		}
		if s.may(p, &c) == nil {
			all = append(all, c)
		}
	}
	return all, next, nil
}

func (s *Service) ended(ctx context.Context, organ, words string, from row, limit int) ([]row, error) {
	rows, err := s.c.DB.Query(ctx, `SELECT closed, subject, id FROM statement_row WHERE organ = $1 AND closed > 0 AND (closed, subject, id) < ($2, $3, $4)
		AND words LIKE $5 ESCAPE '\' ORDER BY closed DESC, subject DESC, id DESC LIMIT $6`,
		organ, from.closed, string(from.subject), from.id, "%"+like(words)+"%", int64(limit))
	if err != nil {
		return nil, fmt.Errorf("statement: listing what is done: %w", err)
	}
	defer rows.Close()
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.closed, &r.subject, &r.id); err != nil {
			return nil, fmt.Errorf("statement: listing what is done: %w", err)
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// like is a text in the normal form in which words are kept, with what LIKE would take for a pattern made plain.
func like(words string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(normal(words))
}

func normal(words string) string {
	return strings.ToLower(strings.Join(strings.Fields(credit.NormalText(words)), ""))
}

// wordsOf is what a request is found by. A natural person is not found by name.
func wordsOf(c *casework.Case, d *data) string {
	words := []string{c.ID, d.DocNo}
	if !c.Subject.Person() {
		words = append(words, c.Subject.Code(), d.Name)
	}
	for i := range words {
		words[i] = normal(words[i])
	}
	return strings.Join(words, " ")
}

// list puts a new request into the list of an organ.
func list(tx *store.Tx, c *casework.Case, d *data, organ string) error {
	return tx.Insert("statement_row", []string{"subject", "id", "organ", "closed", "words"},
		[][]any{{string(c.Subject), c.ID, organ, c.Closed, wordsOf(c, d)}})
}

// found lets a request be found by the number of a statement.
func found(tx *store.Tx, c *casework.Case, number string) error {
	_, err := tx.Exec("UPDATE statement_row SET words = words || $1 WHERE subject = $2 AND id = $3", " "+normal(number), string(c.Subject), c.ID)
	return err
}

// fillRows is how many requests one transaction fills in.
const fillRows = 100

// fill brings requests of before there were lists into those of their organs.
func (s *Service) fill(ctx context.Context) error {
	for {
		rows, err := s.ended(ctx, "", "", row{closed: math.MaxInt64}, fillRows)
		if err != nil {
			return err
		}
		open, err := s.unlisted(ctx)
		if rows = append(rows, open...); err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := s.fillOne(ctx, r); err != nil {
				return fmt.Errorf("statement: listing case %s: %w", r.id, err)
			}
		}
	}
}

func (s *Service) unlisted(ctx context.Context) ([]row, error) {
	rows, err := s.c.DB.Query(ctx, "SELECT subject, id FROM statement_row WHERE organ = '' AND closed = 0 ORDER BY subject, id LIMIT $1", int64(fillRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.subject, &r.id); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// nobody stands for the organ of a request whose organ the register does not know any more.
const nobody = "-"

func (s *Service) fillOne(ctx context.Context, r row) error {
	c, err := s.c.Cases.Get(ctx, r.subject, r.id)
	if err != nil {
		return err
	}
	d, err := dataOf(&c)
	if err != nil {
		return err
	}
	organ := nobody
	if o, err := s.responsible(d.Organ, d.Domain); err == nil {
		organ = o.Code
	}
	papers, err := s.ofCase(ctx, &c)
	if err != nil {
		return err
	}
	words := wordsOf(&c, &d)
	for _, p := range papers {
		words += " " + normal(p.Content.Number)
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE statement_row SET organ = $1, words = $2 WHERE subject = $3 AND id = $4", organ, words, string(c.Subject), c.ID)
		return err
	})
}
