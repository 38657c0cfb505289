package report

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"xinban/internal/credit"
	"xinban/internal/document/seal"
	"xinban/internal/ledger"
)

// Envelopes are kept compressed: most of one is the table of domains and the certificates.
var (
	packer, _   = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2))
	unpacker, _ = zstd.NewReader(nil, zstd.WithDecoderMaxMemory(seal.MaxEnvelope))
)

func squeeze(b []byte) []byte { return packer.EncodeAll(b, nil) }

// content reads what a document says, without its paper.
func (s *Service) content(ctx context.Context, key credit.Key, number string) (*Content, error) {
	var sealed []byte
	if err := s.db.QueryRow(ctx, "SELECT sealed FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&sealed); err != nil {
		return nil, fmt.Errorf("report: reading document %s: %w", number, err)
	}
	doc := &Issued{}
	if err := doc.open(sealed); err != nil {
		return nil, fmt.Errorf("report: opening document %s: %w", number, err)
	}
	return &doc.Content, nil
}

func (doc *Issued) open(sealed []byte) (err error) {
	if doc.Envelope, err = unpacker.DecodeAll(sealed, nil); err != nil {
		return err
	}
	if doc.Payload, _, err = seal.Open(doc.Envelope); err != nil {
		return err
	}
	return json.Unmarshal(doc.Payload, &doc.Content)
}

// load reads a document as issued.
func (s *Service) load(ctx context.Context, key credit.Key, number string) (*Issued, error) {
	doc := &Issued{}
	var sealed []byte
	err := s.db.QueryRow(ctx, "SELECT sealed, paper FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&sealed, &doc.Paper)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoDocument
	}
	if err != nil {
		return nil, fmt.Errorf("report: reading document %s: %w", number, err)
	}
	if err := doc.open(sealed); err != nil {
		return nil, fmt.Errorf("report: opening document %s: %w", number, err)
	}
	return doc, nil
}

// settingsOf reads what a document was asked with.
func (s *Service) settingsOf(ctx context.Context, key credit.Key, number string) (*settings, error) {
	var text string
	if err := s.db.QueryRow(ctx, "SELECT inputs FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&text); err != nil {
		return nil, fmt.Errorf("report: reading what document %s was asked with: %w", number, err)
	}
	var st stored
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		return nil, fmt.Errorf("report: reading what document %s was asked with: %w", number, err)
	}
	return &st.Settings, nil
}

// Document returns an issued document by its number; for people who may see it.
func (s *Service) Document(ctx context.Context, number string) (*Issued, error) {
	key, _, err := s.directory(ctx, number)
	if err != nil {
		return nil, err
	}
	return s.load(ctx, key, number)
}

// directory finds the subject and the code of a number.
func (s *Service) directory(ctx context.Context, number string) (key credit.Key, code string, err error) {
	err = s.db.QueryRow(ctx, "SELECT subject, code FROM document_number WHERE number = $1", number).Scan(&key, &code)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", ErrNoDocument
	}
	if err != nil {
		return "", "", fmt.Errorf("report: looking up a number: %w", err)
	}
	return key, code, nil
}

// Line is a document in a list.
type Line struct {
	Number  string
	Issued  int64 // UTC ms
	Edition string
	RuleSet string
	From    credit.Date
	To      credit.Date
	Purpose string
	Newer   string
	Status  Status // as the follower left it: valid or withdrawn
	Facts   []ledger.KeySeq
	Turned  bool // time alone has changed what the rules say of the facts
}

// Documents lists the documents of a subject, newest first, before the given number (empty: from the newest).
func (s *Service) Documents(ctx context.Context, key credit.Key, before string, limit int) ([]Line, error) {
	if before == "" {
		before = "Z"
	}
	rows, err := s.db.Query(ctx, "SELECT number, issued, inputs, newer, status FROM document WHERE subject = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
		string(key), before, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("report: listing documents: %w", err)
	}
	defer rows.Close()
	today := credit.DateOf(s.c.Now())
	var all []Line
	for rows.Next() {
		var l Line
		var inputs string
		if err := rows.Scan(&l.Number, &l.Issued, &inputs, &l.Newer, &l.Status); err != nil {
			return nil, err
		}
		var st stored
		if err := json.Unmarshal([]byte(inputs), &st); err != nil {
			return nil, err
		}
		l.Edition, l.RuleSet, l.From, l.To, l.Purpose = st.Settings.Edition, st.Settings.RuleSet, st.Settings.From, st.Settings.To, st.Settings.Purpose
		l.Facts, l.Turned = st.Facts, st.turned(today)
		all = append(all, l)
	}
	return all, rows.Err()
}
