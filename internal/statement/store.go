package statement

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/document/seal"
	"xinban/internal/store"
)

// Signed is a statement as it was signed, with how it stands.
type Signed struct {
	Content  Content
	Payload  []byte // canonical JSON of Content
	Envelope []byte
	Paper    []byte
	Status   Status
	Reason   string // why it was replaced or withdrawn
	Newer    string
	Signed   int64 // UTC ms
	Changed  int64 // UTC ms of replacement or withdrawal, 0 for none
}

// keep stores a new statement.
func (s *Service) keep(tx *store.Tx, d *Signed) error {
	c := &d.Content
	_, err := tx.Exec(`INSERT INTO statement_paper (subject, number, id, matter, status, reason, newer, signed, changed, sealed, paper)
		VALUES ($1, $2, $3, $4, 'valid', '', '', $5, 0, $6, $7)`, string(c.Subject), c.Number, c.Request, c.Matter, d.Signed, d.Envelope, d.Paper)
	if err == nil {
		_, err = tx.Exec("INSERT INTO statement_number (number, subject, code) VALUES ($1, $2, $3)", c.Number, string(c.Subject), c.Code)
	}
	if err != nil {
		return fmt.Errorf("statement: keeping a statement: %w", err)
	}
	return nil
}

const columns = "status, reason, newer, signed, changed, sealed, paper"

func scan(row interface{ Scan(...any) error }) (*Signed, error) {
	d := &Signed{}
	err := row.Scan(&d.Status, &d.Reason, &d.Newer, &d.Signed, &d.Changed, &d.Envelope, &d.Paper)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoStatement
	}
	if err == nil {
		d.Payload, _, err = seal.Open(d.Envelope)
	}
	if err == nil {
		err = json.Unmarshal(d.Payload, &d.Content)
	}
	if err != nil {
		return nil, fmt.Errorf("statement: reading a statement: %w", err)
	}
	return d, nil
}

// load reads a statement of a subject.
func (s *Service) load(ctx context.Context, subject credit.Key, number string) (*Signed, error) {
	return scan(s.c.DB.QueryRow(ctx, "SELECT "+columns+" FROM statement_paper WHERE subject = $1 AND number = $2", string(subject), number))
}

// Of lists the statements of a subject, the oldest first; all that were ever signed.
func (s *Service) Of(ctx context.Context, subject credit.Key) ([]*Signed, error) {
	rows, err := s.c.DB.Query(ctx, "SELECT "+columns+" FROM statement_paper WHERE subject = $1 ORDER BY number", string(subject))
	if err != nil {
		return nil, fmt.Errorf("statement: listing statements: %w", err)
	}
	defer rows.Close()
	var all []*Signed
	for rows.Next() {
		d, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}

// Standing lists the statements of a subject that stand.
func (s *Service) Standing(ctx context.Context, subject credit.Key) ([]*Signed, error) {
	all, err := s.Of(ctx, subject)
	return slices.DeleteFunc(all, func(d *Signed) bool { return d.Status != Valid }), err
}

// Stands tells whether a statement still stands, and if not why.
func (s *Service) Stands(ctx context.Context, subject credit.Key, number string) (stands bool, why string, err error) {
	d, err := s.load(ctx, subject, number)
	if errors.Is(err, ErrNoStatement) {
		return false, "本系统没有这份情节说明", nil
	}
	if err != nil {
		return false, "", err
	}
	return d.Status == Valid, d.why(), nil
}

// why says in words how a statement that no longer stands ended.
func (d *Signed) why() string {
	switch d.Status {
	case Replaced:
		return "已由新的情节说明" + d.Newer + "替代：" + d.Reason
	case Retracted:
		return "已由出具机关撤回：" + d.Reason
	}
	return ""
}

func (s *Service) validFor(ctx context.Context, subject credit.Key, matter string) (bool, error) {
	all, err := s.Standing(ctx, subject)
	return slices.ContainsFunc(all, func(d *Signed) bool { return d.Content.Matter == matter }), err
}

// ofCase lists the statements that came of a case, the newest first.
func (s *Service) ofCase(ctx context.Context, c *casework.Case) ([]*Signed, error) {
	all, err := s.Of(ctx, c.Subject)
	all = slices.DeleteFunc(all, func(d *Signed) bool { return d.Content.Request != c.ID })
	slices.Reverse(all)
	return all, err
}

// directory finds the subject and the code of a number.
func (s *Service) directory(ctx context.Context, number string) (subject credit.Key, code string, err error) {
	err = s.c.DB.QueryRow(ctx, "SELECT subject, code FROM statement_number WHERE number = $1", number).Scan(&subject, &code)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", ErrNoStatement
	}
	if err != nil {
		return "", "", fmt.Errorf("statement: looking up a number: %w", err)
	}
	return subject, code, nil
}

// same tells whether a file is the envelope or the paper that was kept.
func (d *Signed) same(payload, file []byte) bool {
	return bytes.Equal(payload, d.Payload) && (bytes.Equal(file, d.Paper) || !bytes.HasPrefix(file, []byte("%PDF-")))
}
