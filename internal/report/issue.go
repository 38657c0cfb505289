package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// TemplateVersion is the version of the sheet; a change of layout gets a new one.
const TemplateVersion = "2026.4"

// Issued is a document that was issued, now or before.
type Issued struct {
	Content  Content
	Payload  []byte // canonical JSON of Content
	Envelope []byte // signed envelope around it
	Paper    []byte // signed PDF, when asked for
	Hidden   []Hidden
	Shown    []Record // the records of Content with what its edition leaves out: for operators
	Again    bool     // the same document was issued before today
	turns    credit.Date
}

// stored is what a document was made from, kept with it for replay.
type stored struct {
	Settings settings        `json:"settings"`
	Facts    []ledger.KeySeq `json:"facts"`
	Rules    string          `json:"rules"`
	Feeds    []DomainFeed    `json:"feeds"`
	Checks   []string        `json:"checks"`
	On       credit.Date     `json:"on"`
	Organs   string          `json:"organs"`
	Bare     bool            `json:"bare,omitempty"` // it lists no record: no later fact can undo it
	// Turns is the first day on which the rules say something else of these facts by the mere passing of
	// time, as when publicity ends; 0 for none.
	Turns credit.Date `json:"turns,omitzero"`
	// Statements are those that stood when it was issued; of the listing edition.
	Statements []Attached `json:"statements,omitempty"`
}

// turned tells that by a day time alone has changed what the rules say of the facts.
func (st *stored) turned(on credit.Date) bool { return st.Turns != 0 && on >= st.Turns }

// Issue makes the report that is asked for, or returns the one made before: the same request on the
// same Shanghai day on the same facts and feeds is one document. Two at once get one. Each call is an
// entry of its own in the access log.
func (s *Service) Issue(ctx context.Context, r Request, who audit.Actor) (doc *Issued, err error) {
	for range issueTries {
		if doc, err = s.issue(ctx, r, who); !errors.Is(err, errMovedOn) {
			return doc, err
		}
	}
	return nil, err
}

// issueTries is how often a document is made when the facts change while it is.
const issueTries = 8

// issue is Issue but for facts that changed meanwhile: errMovedOn, and nothing is kept.
func (s *Service) issue(ctx context.Context, r Request, who audit.Actor) (*Issued, error) {
	now := s.c.Now()
	in, err := s.gather(ctx, r, credit.DateOf(now))
	if err != nil {
		return nil, err
	}
	basis := s.basis(in)
	request := in.settings.request(in.on, &basis, attachedIDs(in.statements))
	entry := audit.Entry{Subject: r.Key, At: now, Actor: who, Action: audit.Issue, Purpose: in.settings.Purpose}
	if number, ok, err := s.sameRequest(ctx, r.Key, request); err != nil {
		return nil, err
	} else if ok {
		return s.again(ctx, r, number, in, entry)
	}
	doc, err := s.make(ctx, in, basis, now, r.Paper)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		entry.Document = doc.Content.Number
		for _, v := range in.versions { // no document rests on facts that were already superseded, unseen
			if err := unchanged(tx, v.Key, v.Seq); err != nil {
				return err
			}
		}
		if err := s.keep(tx, doc, in, request, now); err != nil {
			return err
		}
		if err := count(tx, doc, in, who.Channel); err != nil {
			return err
		}
		return r.record(tx, entry)
	})
	if errors.Is(err, store.ErrConflict) { // the same request at the same moment was first
		number, ok, ferr := s.sameRequest(ctx, r.Key, request)
		if ferr == nil && ok {
			return s.again(ctx, r, number, in, entry)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("report: keeping a document: %w", err)
	}
	return doc, nil
}

// record does what belongs to the issue in its transaction.
func (r *Request) record(tx *store.Tx, entry audit.Entry) error {
	if r.Within != nil {
		if err := r.Within(tx, entry.Document); err != nil {
			return err
		}
	}
	return audit.Record(tx, entry)
}

// gather reads what the content is a function of.
func (s *Service) gather(ctx context.Context, r Request, today credit.Date) (*inputs, error) {
	subject, ok, err := s.ledger.Subject(ctx, r.Key)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ErrNoSubject
	}
	in := &inputs{on: today, book: s.book(), organs: s.c.Organs}
	if in.settings, err = s.settle(r, today); err != nil {
		return nil, &RequestError{err}
	}
	needs, err := in.settings.needs(in.book, today)
	if err != nil {
		return nil, err
	}
	if in.feeds, err = s.c.Feeds.DomainFeeds(ctx, needs); err != nil {
		return nil, err
	}
	if in.standing, in.versions, err = s.ledger.Standing(ctx, r.Key, today, nil); err != nil {
		return nil, err
	}
	if in.standing.Name == "" {
		in.standing.Name = subject.Name
	}
	if in.checks, err = s.underCheck(ctx, in); err != nil {
		return nil, err
	}
	in.statements, err = s.attached(ctx, in.settings.Edition, r.Key)
	return in, err
}

// underCheck asks of all keys and names of the subject, after their facts were read: what was settled since
// is in facts that the document would not rest on, and it is made again.
func (s *Service) underCheck(ctx context.Context, in *inputs) ([]string, error) {
	var keys []credit.Key
	for _, v := range in.versions {
		keys = append(keys, v.Key)
	}
	var names []string
	if !in.standing.Key.Person() {
		names = append(names, in.standing.Names...)
		names = append(names, in.standing.Name)
	}
	return s.c.Checks.UnderCheck(ctx, keys, names)
}

func (s *Service) basis(in *inputs) Basis {
	b := Basis{Rules: in.book.Digest(), Organs: in.organs.Set.Digest, Feeds: feedsDigest(in.feeds, in.checks), Template: TemplateVersion, LastDate: in.on.String()}
	for _, v := range in.versions {
		b.Facts = append(b.Facts, Version{v.Key, v.Seq})
	}
	return b
}

// make composes, signs and, when asked, prints a new document.
func (s *Service) make(ctx context.Context, in *inputs, basis Basis, now time.Time, paper bool) (*Issued, error) {
	made, err := compose(in)
	if err != nil {
		return nil, err
	}
	c := made.content
	c.Number, c.Code = newNumber(now), newCode()
	c.Issuer, c.Demo, c.Basis = s.c.Issuer, s.c.Demo, basis
	c.IssuedAt = now.In(credit.Shanghai).Format(time.RFC3339)
	doc := &Issued{Content: *c, Hidden: made.hidden, Shown: made.shown, turns: made.turns}
	if doc.Payload, err = canon.Marshal(c); err != nil {
		return nil, fmt.Errorf("report: writing the canonical JSON: %w", err)
	}
	if doc.Envelope, err = s.c.Keys.Seal(doc.Payload); err != nil {
		return nil, fmt.Errorf("report: signing: %w", err)
	}
	if paper {
		doc.Paper, err = s.print(ctx, doc, now)
	}
	return doc, err
}

// keep stores a new document. A document of the same series on other ground is replaced by it.
func (s *Service) keep(tx *store.Tx, doc *Issued, in *inputs, request string, now time.Time) error {
	c := &doc.Content
	series := in.settings.series()
	text, err := json.Marshal(stored{in.settings, in.versions, c.Basis.Rules, in.feeds, in.checks, in.on, in.organs.Set.Digest, len(c.Records) == 0, doc.turns, in.statements})
	if err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO document_request (subject, request, number) VALUES ($1, $2, $3)", string(c.Subject), request, c.Number); err != nil {
		return err
	}
	paper := doc.Paper
	if paper == nil {
		paper = []byte{}
	}
	if _, err := tx.Exec(`INSERT INTO document (subject, number, issued, inputs, sealed, paper, status, reason, newer)
		VALUES ($1, $2, $3, $4, $5, $6, 'valid', '', '')`, string(c.Subject), c.Number, now.UnixMilli(), string(text), squeeze(doc.Envelope), paper); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO document_number (number, subject, code) VALUES ($1, $2, $3)", c.Number, string(c.Subject), c.Code); err != nil {
		return err
	}
	var basis [][]any
	for _, v := range in.versions[1:] {
		basis = append(basis, []any{string(v.Key), string(c.Subject)})
	}
	if err := tx.InsertMissing("document_basis", []string{"key", "subject"}, basis); err != nil {
		return err
	}
	return s.replace(tx, c, series, string(text))
}

// replace makes c the newest of its series, and marks the one before as replaced when it rests on
// other ground.
func (s *Service) replace(tx *store.Tx, c *Content, series, inputs string) error {
	var before, was string
	err := tx.QueryRow(`SELECT d.number, d.inputs FROM document_series s JOIN document d ON d.subject = s.subject AND d.number = s.number
		WHERE s.subject = $1 AND s.series = $2`, string(c.Subject), series).Scan(&before, &was)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = tx.Exec("INSERT INTO document_series (subject, series, number) VALUES ($1, $2, $3)", string(c.Subject), series, c.Number)
		return err
	case err != nil:
		return err
	}
	if otherGround(was, inputs) {
		if err := s.supersede(tx, c, series); err != nil {
			return err
		}
	}
	_, err = tx.Exec("UPDATE document_series SET number = $1 WHERE subject = $2 AND series = $3", c.Number, string(c.Subject), series)
	return err
}

// superseded is how many documents of a subject one new document may replace: those of its series since
// the facts last changed, one a day.
const superseded = 400

// supersede marks all documents of the series that are in force as replaced by c.
func (s *Service) supersede(tx *store.Tx, c *Content, series string) error {
	rows, err := tx.Query("SELECT number, inputs, status FROM document WHERE subject = $1 AND number <> $2 AND newer = '' ORDER BY number DESC LIMIT $3",
		string(c.Subject), c.Number, int64(superseded))
	if err != nil {
		return err
	}
	defer rows.Close()
	type ended struct {
		number string
		status Status
	}
	var old []ended
	for rows.Next() {
		var number, text string
		var status Status
		if err := rows.Scan(&number, &text, &status); err != nil {
			return err
		}
		var st stored
		if json.Unmarshal([]byte(text), &st) == nil && st.Settings.series() == series {
			old = append(old, ended{number, status})
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, o := range old {
		if _, err := tx.Exec("UPDATE document SET newer = $1 WHERE subject = $2 AND number = $3", c.Number, string(c.Subject), o.number); err != nil {
			return err
		}
		if o.status == Withdrawn { // and stays so
			continue
		}
		if err := s.end(tx, c.Subject, o.number, Replaced); err != nil {
			return err
		}
	}
	return nil
}

// otherGround tells whether a later document rests on other facts, feeds, rules or statements than the one before, or
// the rules had by its day come to say something else of them.
func otherGround(before, later string) bool {
	var x, y stored
	if json.Unmarshal([]byte(before), &x) != nil || json.Unmarshal([]byte(later), &y) != nil {
		return true
	}
	return x.turned(y.On) ||
		fmt.Sprint(x.Facts, feedsDigest(x.Feeds, x.Checks), x.Rules, x.Organs, attachedIDs(x.Statements)) !=
			fmt.Sprint(y.Facts, feedsDigest(y.Feeds, y.Checks), y.Rules, y.Organs, attachedIDs(y.Statements))
}

// sameRequest finds the document of a request.
func (s *Service) sameRequest(ctx context.Context, key credit.Key, request string) (number string, ok bool, err error) {
	err = s.db.QueryRow(ctx, "SELECT number FROM document_request WHERE subject = $1 AND request = $2", string(key), request).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return number, err == nil, err
}

// again returns a document issued before, with an access entry of its own.
func (s *Service) again(ctx context.Context, r Request, number string, in *inputs, entry audit.Entry) (*Issued, error) {
	doc, err := s.load(ctx, r.Key, number)
	if err != nil {
		return nil, err
	}
	made, err := compose(in)
	if err != nil {
		return nil, err
	}
	doc.Hidden, doc.Shown = made.hidden, made.shown
	doc.Again, entry.Document = true, number
	printed := r.Paper && len(doc.Paper) == 0
	if printed {
		if doc.Paper, err = s.print(ctx, doc, s.c.Now()); err != nil {
			return nil, err
		}
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		if printed {
			if err := keepPaper(tx, r.Key, number, &doc.Paper); err != nil {
				return err
			}
		}
		return r.record(tx, entry)
	})
	if err != nil {
		return nil, fmt.Errorf("report: recording an access: %w", err)
	}
	return doc, nil
}

// keepPaper keeps the first paper printed of a document. When another was kept meanwhile, that is the
// paper: it may have been handed out already.
func keepPaper(tx *store.Tx, key credit.Key, number string, paper *[]byte) error {
	n, err := tx.Exec("UPDATE document SET paper = $1 WHERE subject = $2 AND number = $3 AND length(paper) = 0", *paper, string(key), number)
	if err == nil && n == 0 {
		err = tx.QueryRow("SELECT paper FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(paper)
	}
	if err != nil {
		return fmt.Errorf("report: keeping the paper of document %s: %w", number, err)
	}
	return nil
}
