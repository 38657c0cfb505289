package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"xinban/internal/document/canon"
)

// Replayed is the result of making a document again.
type Replayed struct {
	Number   string `json:"number"`
	Same     bool   `json:"same"`
	Issued   string `json:"issued_sha256"`
	Replayed string `json:"replayed_sha256"`
	Note     string `json:"note,omitempty"` // why an older document may differ
}

// Replay folds the facts again as they were known when the document was issued, asks the rules as
// they were adopted, and compares the canonical JSON byte for byte.
func (s *Service) Replay(ctx context.Context, number string) (*Replayed, error) {
	key, _, err := s.directory(ctx, number)
	if err != nil {
		return nil, err
	}
	doc, err := s.load(ctx, key, number)
	if err != nil {
		return nil, err
	}
	var text string
	if err := s.db.QueryRow(ctx, "SELECT inputs FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&text); err != nil {
		return nil, fmt.Errorf("report: reading what document %s rests on: %w", number, err)
	}
	var st stored
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		return nil, fmt.Errorf("report: reading what document %s rests on: %w", number, err)
	}
	in := &inputs{settings: st.Settings, feeds: st.Feeds, checks: st.Checks, on: st.On, statements: st.Statements}
	if in.organs, err = s.register(ctx, st.Organs); err != nil {
		return nil, err
	}
	if in.book, err = s.c.Books(st.Rules); err != nil {
		return nil, err
	}
	if in.standing, in.versions, err = s.ledger.Standing(ctx, key, st.On, st.Facts); err != nil {
		return nil, err
	}
	made, err := compose(in)
	if err != nil {
		return nil, err
	}
	c := made.content
	was := &doc.Content
	c.Version, c.Number, c.Code, c.Issuer, c.IssuedAt, c.Demo = was.Version, was.Number, was.Code, was.Issuer, was.IssuedAt, was.Demo
	if c.Name == "" {
		c.Name = was.Name
	}
	c.Basis = s.basis(in)
	c.Basis.Template = was.Basis.Template
	payload, err := canon.Marshal(c)
	if err != nil {
		return nil, err
	}
	r := &Replayed{Number: number, Same: bytes.Equal(payload, doc.Payload), Issued: hexDigest(doc.Payload), Replayed: hexDigest(payload)}
	if !r.Same && was.Version < ContentVersion {
		r.Note = fmt.Sprintf("该报告由较早的程序出具（数据格式第%d版），领域归属和限制期限的判断其后有改进，重新计算的结果可能不同；原件仍以签名为准", was.Version)
	}
	return r, nil
}

func hexDigest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
