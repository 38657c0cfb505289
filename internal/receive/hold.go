package receive

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"

	"xinban/internal/store"
)

// hold notes that a receiver holds a paper, because of one table more.
func (s *Service) hold(tx *store.Tx, who *Receiver, b *Batch, r *Row) error {
	now := s.c.Now()
	until := now.AddDate(0, 0, watched).UnixMilli()
	actor, err := json.Marshal(who.Access)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO receive_holder (number, receiver, subject, batch, status, told, hook, until, edition, purpose, actor, look)
		VALUES ($1, $2, $3, $4, $5, 0, '', $6, $7, $8, $9, $10)
		ON CONFLICT (number, receiver) DO UPDATE SET batch = excluded.batch, status = excluded.status, until = excluded.until, edition = excluded.edition,
			purpose = excluded.purpose, actor = excluded.actor, look = excluded.look`,
		r.Number, string(who.ID), string(r.Subject), b.ID, r.Status, until, r.Edition, cmp.Or(b.Need.Purpose, r.Purpose), string(actor), now.Add(lookEvery).UnixMilli())
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO receive_held (receiver, batch, number, until) VALUES ($1, $2, $3, $4) ON CONFLICT (receiver, batch, number) DO NOTHING",
		string(who.ID), b.ID, r.Number, until)
	return err
}

// letGo ends the watch that a table began: where another table lists the paper too it lasts as long as that one says.
func (s *Service) letGo(tx *store.Tx, receiver, batch string) error {
	numbers, err := texts(tx.Query("SELECT number FROM receive_held WHERE receiver = $1 AND batch = $2", receiver, batch))
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM receive_held WHERE receiver = $1 AND batch = $2", receiver, batch); err != nil {
		return err
	}
	for _, number := range numbers {
		var until int64
		err := tx.QueryRow("SELECT until FROM receive_held WHERE number = $1 AND receiver = $2 AND until > $3 ORDER BY until DESC LIMIT 1", number, receiver, s.c.Now().UnixMilli()).Scan(&until)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			_, err = tx.Exec("DELETE FROM receive_holder WHERE number = $1 AND receiver = $2", number, receiver)
		case err == nil:
			_, err = tx.Exec("UPDATE receive_holder SET until = $1 WHERE number = $2 AND receiver = $3", until, number, receiver)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func texts(rows *sql.Rows, err error) (all []string, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}
