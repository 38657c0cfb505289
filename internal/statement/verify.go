package statement

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
)

// Verification answers three questions apart, as of a report: unaltered, issued by whom, still standing.
type Verification struct {
	Unaltered bool
	Trusted   bool
	Issuer    string
	Status    Status
	Reasons   []string
	Content   *Content // as signed; nil when it cannot be shown
}

// LookUp verifies by number and code. A wrong code is answered like a number that does not exist.
func (s *Service) LookUp(ctx context.Context, number, code string) (*Verification, error) {
	number, code = strings.ToUpper(strings.TrimSpace(number)), strings.ToUpper(strings.TrimSpace(code))
	subject, want, err := s.directory(ctx, number)
	if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(want)) != 1 {
		err = ErrNoStatement
	}
	if err != nil {
		return nil, err
	}
	d, err := s.load(ctx, subject, number)
	if err != nil {
		return nil, err
	}
	v, _ := s.check(d.Envelope)
	v.settle(d)
	return v, nil
}

// settle adds how the statement stands.
func (v *Verification) settle(d *Signed) {
	v.Status, v.Content = d.Status, &d.Content
	if why := d.why(); why != "" {
		v.Reasons = append(v.Reasons, why)
	}
}

// check tells what an envelope says of itself.
func (s *Service) check(envelope []byte) (*Verification, []byte) {
	v := &Verification{Status: Unknown}
	payload, sigs, err := seal.Open(envelope)
	if err != nil {
		return v, nil
	}
	var c Content
	if json.Unmarshal(payload, &c) != nil || c.Kind != contentKind {
		return v, nil
	}
	at, err := time.Parse(time.RFC3339, c.SignedAt)
	if err != nil {
		return v, nil
	}
	signed := seal.Verify(payload, sigs, s.c.Keys.Trust(), at)
	v.Unaltered, v.Trusted, v.Issuer = signed.Unaltered, signed.Trusted, signed.Issuer
	if !v.Unaltered {
		v.Reasons = append(v.Reasons, "内容与签名不符，文件被改动过")
	}
	v.Content = &c
	return v, payload
}

// VerifyFile verifies a PDF or a signed JSON; nil when the file is no statement.
func (s *Service) VerifyFile(ctx context.Context, file []byte) (*Verification, error) {
	envelope, unaltered := file, true
	if bytes.HasPrefix(file, []byte("%PDF-")) {
		inside, err := pdf.ExtractAttachment(file, attachmentName)
		if err != nil {
			return nil, nil
		}
		info, err := pdf.VerifySignature(file)
		envelope, unaltered = inside, err == nil && info.Unaltered
	}
	v, payload := s.check(envelope)
	if payload == nil {
		return nil, nil
	}
	claimed := v.Content
	v.Content = nil
	subject, code, err := s.directory(ctx, claimed.Number)
	if errors.Is(err, ErrNoStatement) || err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(claimed.Code)) != 1 {
		v.Reasons = append(v.Reasons, "本系统没有出具过这个编号的情节说明，或者编号与内容不符")
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	d, err := s.load(ctx, subject, claimed.Number)
	if err != nil {
		return nil, err
	}
	if !unaltered || !d.same(payload, file) {
		v.Unaltered = false
		v.Reasons = append(v.Reasons, "文件与出具时的留存不一致，不是出具的原件")
		return v, nil
	}
	v.settle(d)
	return v, nil
}
