package receive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// Made is a report that a reader had made for itself.
type Made struct {
	Number  string
	Subject credit.Key
	Grant   string // empty for an organ, which asked by law
	Purpose string
	At      int64 // UTC ms
}

// errNotMade says that a reader has no such report.
var errNotMade = errors.New("receive: no such report of this reader")

// ErrNoSubject says that nobody is known by a code. Its text is shown.
var ErrNoSubject = &RefusedError{"code", "没有查到该主体的登记或归集信息，请核对代码。这不表示该主体没有违法违规记录"}

// Authorised makes a report on a subject for a receiver whom the subject allows it (授权查询). The use is counted
// in the transaction that issues, so that a withdrawal stops the next one. What the subject does not allow
// is one of the errors of consent, whose text is shown.
func (s *Service) Authorised(ctx context.Context, who *Receiver, key credit.Key, edition, purpose string) (string, error) {
	if strings.TrimSpace(purpose) == "" {
		return "", &RefusedError{"purpose", "请写明授权的用途"}
	}
	act := consent.Act{Scope: consent.Read, Purpose: purpose, Edition: edition, Narrowed: true, Who: consent.Actor{ID: who.Access.ID, Name: who.Access.Name}}
	allowed, err := s.c.Consent.Permits(ctx, key, who.Whom, act)
	if err != nil {
		return "", err // before anything is read of a subject that does not allow it
	}
	var domains []string
	for _, d := range allowed.Domains {
		domains = append(domains, d.ID)
	}
	q := Query{Key: key, Edition: edition, Purpose: purpose, Domains: domains, From: allowed.From, To: allowed.To}
	q.Within = func(tx *store.Tx, number string) error {
		act.Document = number
		g, err := s.c.Consent.ApplyGrant(tx, key, allowed.ID, who.Whom, act) // the one whose limits the report has
		if err != nil {
			return err
		}
		return s.keepMade(tx, string(who.ID), Made{number, key, g.ID, g.Purpose, s.c.Now().UnixMilli()})
	}
	return s.c.Reports.Make(ctx, q, who.Access.By(audit.Authorised))
}

// Edition of the reports that organs read.
const organEdition = "administration"

// maxReason is the longest reason, in characters.
const maxReason = 200

// ForOrgan makes the administration edition for an organ that states a legal purpose and its reason. Both are
// in the subject's access log.
func (s *Service) ForOrgan(ctx context.Context, who *Receiver, key credit.Key, purposeID, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	p, ok := findPurpose(s.purposes.Purposes, purposeID)
	switch {
	case !ok:
		return "", &RefusedError{"purpose", "请从清单中选择法定用途"}
	case !p.Certificate:
		return "", &RefusedError{"purpose", p.Name + "：" + s.purposes.Sentence}
	case reason == "" || utf8.RuneCountInString(reason) > maxReason:
		return "", &RefusedError{"reason", fmt.Sprintf("请写明办理的事项和理由，%d字以内", maxReason)}
	case problem.HasIdentityNumber(reason):
		return "", &RefusedError{"reason", "理由中请不要填写身份证件号码"}
	}
	stated := p.Name + "（" + p.Basis + "）；理由：" + reason
	return s.c.Reports.Make(ctx, Query{Key: key, Edition: organEdition, Purpose: p.Name, Within: func(tx *store.Tx, number string) error {
		if err := audit.Record(tx, who.entry(s.c.Now(), key, audit.View, stated, number)); err != nil {
			return err
		}
		return s.keepMade(tx, string(who.ID), Made{number, key, "", p.Name, s.c.Now().UnixMilli()})
	}}, who.Access.By(audit.Organ))
}

func (s *Service) keepMade(tx *store.Tx, reader string, m Made) error {
	_, err := tx.Exec(`INSERT INTO receive_query (reader, number, subject, grant_id, purpose, made) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (reader, number) DO UPDATE SET grant_id = excluded.grant_id, purpose = excluded.purpose, made = excluded.made`,
		reader, m.Number, string(m.Subject), m.Grant, m.Purpose, m.At)
	if err != nil {
		return fmt.Errorf("receive: keeping a query: %w", err)
	}
	return nil
}

// Made lists up to limit reports that a reader had made, newest first, before a number (empty: from the newest).
func (s *Service) Made(ctx context.Context, who *Receiver, before string, limit int) ([]Made, error) {
	if before == "" {
		before = "Z"
	}
	rows, err := s.db.Query(ctx, "SELECT number, subject, grant_id, purpose, made FROM receive_query WHERE reader = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
		string(who.ID), before, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("receive: listing queries: %w", err)
	}
	defer rows.Close()
	var all []Made
	for rows.Next() {
		var m Made
		if err := rows.Scan(&m.Number, &m.Subject, &m.Grant, &m.Purpose, &m.At); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// Read gives a report to the reader who had it made, and notes in the subject's access log that it was read. It is given
// no longer when the subject has withdrawn the grant or its last day is over.
func (s *Service) Read(ctx context.Context, who *Receiver, number string, action audit.Action) (*Report, *Made, error) {
	m := Made{Number: number}
	err := s.db.QueryRow(ctx, "SELECT subject, grant_id, purpose, made FROM receive_query WHERE reader = $1 AND number = $2", string(who.ID), number).
		Scan(&m.Subject, &m.Grant, &m.Purpose, &m.At)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, errNotMade
	}
	if err != nil {
		return nil, nil, fmt.Errorf("receive: finding a report: %w", err)
	}
	if err := s.stands(ctx, &m); err != nil {
		return nil, nil, err
	}
	doc, err := s.c.Reports.Read(ctx, number)
	if err != nil {
		return nil, nil, err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, who.entry(s.c.Now(), m.Subject, action, m.Purpose, number))
	})
	if err != nil {
		return nil, nil, fmt.Errorf("receive: recording an access: %w", err)
	}
	return doc, &m, nil
}

// stands tells whether the grant under which a report was made still lets it be read; that its times are used
// up does not matter.
func (s *Service) stands(ctx context.Context, m *Made) error {
	if m.Grant == "" {
		return nil
	}
	return s.c.Consent.Stands(ctx, m.Subject, m.Grant)
}
