package report

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
)

// Verification answers three questions apart: unaltered, issued by whom, still in force.
type Verification struct {
	Unaltered     bool     `json:"unaltered"`
	Issuer        string   `json:"issuer"`
	IssuerTrusted bool     `json:"issuer_trusted"`
	Status        Status   `json:"status"`
	Number        string   `json:"number"`
	Reasons       []string `json:"reasons"`
	Language      string   `json:"language,omitempty"` // en for an English rendering
	Content       *Content `json:"-"`                  // of the document, only when unaltered
	payload       []byte   // the bytes of Content
}

var reasonText = map[seal.Reason]string{
	seal.ReasonDigest:      "内容与签名时的摘要不符，文件被改动过",
	seal.ReasonSignature:   "签名与内容不符，文件被改动过",
	seal.ReasonMissing:     "缺少应有的签名",
	seal.ReasonCertificate: "缺少签名证书",
	seal.ReasonIssuers:     "两个签名不是同一单位所作",
	seal.ReasonUntrusted:   "签名证书不在信任名单内，不能确认出具单位",
	seal.ReasonExpired:     "签名时证书不在有效期内",
}

// AttachmentName is the name under which the signed JSON lies in the PDF.
const AttachmentName = "report.json"

// VerifyFile verifies a PDF or a signed JSON. trust is whose documents are believed; nil for the
// service's own. A file that is no document of ours, or is not signed by one who is believed, is unknown,
// with the reason.
func (s *Service) VerifyFile(ctx context.Context, file []byte, trust *seal.Trust) (*Verification, error) {
	if trust == nil {
		trust = s.c.Keys.Trust()
	}
	v := CheckFile(file, trust)
	if v.Content == nil { // without content there is no code: the number alone is told nothing
		return v, nil
	}
	key, code, err := s.directory(ctx, v.Number)
	if err == nil && (subtle.ConstantTimeCompare([]byte(v.Content.Code), []byte(code)) != 1 || v.Content.Subject != key) {
		err = ErrNoDocument
	}
	if errors.Is(err, ErrNoDocument) {
		v.Reasons = append(v.Reasons, "本系统没有出具过这个编号的报告，或者编号与内容不符")
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	if ours, err := s.asIssued(ctx, key, v, file); err != nil || !ours {
		return v, err
	}
	if !v.IssuerTrusted { // genuine data may lie inside pages that somebody else wrote and signed
		v.Reasons = append(v.Reasons, "文件不是由可信的出具单位签名的，不能据此判断报告是否有效，请用报告编号和核验码核对")
		return v, nil
	}
	if v.Language != "" && !CheckFile(file, s.c.Keys.Trust()).IssuerTrusted { // nobody else renders our documents
		v.Unaltered = false
		v.Reasons = append(v.Reasons, "英文译本不是由出具报告的单位签名的，请用报告编号和核验码核对")
		return v, nil
	}
	status, why, err := s.status(ctx, key, v.Number)
	if err != nil {
		return nil, err
	}
	v.Status = status
	v.Reasons = append(v.Reasons, toldOutside(v.Content, status, why)...)
	return v, nil
}

// asIssued tells whether a file is what was issued under its number: somebody else may have altered the
// content and signed it anew, or written other pages around the genuine data. Such a file is in force
// for nobody. Pages are compared with the paper kept; without one, and of an English rendering, which is made
// anew each time, the signature alone speaks for them.
func (s *Service) asIssued(ctx context.Context, key credit.Key, v *Verification, file []byte) (bool, error) {
	doc, err := s.load(ctx, key, v.Number)
	if err != nil {
		return false, err
	}
	why := ""
	switch {
	case !bytes.Equal(v.payload, doc.Payload):
		why = "内容与本系统出具时的留存不一致，不是出具的原件"
	case v.Language == "" && isPDF(file) && len(doc.Paper) > 0 && !bytes.Equal(file, doc.Paper):
		why = "文件与本系统出具时留存的版式文件不一致，不是出具的原件，请用报告编号和核验码核对"
	default:
		return true, nil
	}
	v.Unaltered = false
	v.Reasons = append(v.Reasons, why)
	return false, nil
}

func isPDF(file []byte) bool { return bytes.HasPrefix(file, []byte("%PDF-")) }

// CheckFile answers what a file can answer by itself: whether it is unaltered and who signed it.
func CheckFile(file []byte, trust *seal.Trust) *Verification {
	v := &Verification{Status: Unknown, Reasons: []string{}}
	envelope := file
	if isPDF(file) {
		info, err := pdf.VerifySignature(file)
		v.Unaltered, v.Issuer = info.Unaltered, info.Name
		if err != nil {
			v.Reasons = append(v.Reasons, pdfReason(err))
		} else if why := info.Check(trust); why != "" {
			v.Reasons = append(v.Reasons, reasonText[why])
		} else {
			v.IssuerTrusted = true
		}
		if envelope, err = pdf.ExtractAttachment(file, AttachmentName); err != nil {
			v.Reasons = append(v.Reasons, "文件中没有可核对的签名数据")
			return v
		}
		return v.checkEnvelope(envelope, trust, true)
	}
	v.Unaltered = true
	return v.checkEnvelope(envelope, trust, false)
}

func (v *Verification) checkEnvelope(envelope []byte, trust *seal.Trust, inPDF bool) *Verification {
	payload, sigs, err := seal.Open(envelope)
	if err != nil {
		v.Unaltered = false
		v.Reasons = append(v.Reasons, "不是本系统出具的报告文件，或文件已损坏")
		return v
	}
	c, inner, at, err := v.read(payload)
	if c == nil {
		v.Unaltered = false
		v.Reasons = append(v.Reasons, "报告内容无法读取")
		return v
	}
	if err != nil {
		v.Reasons = append(v.Reasons, "报告没有有效的出具时间")
	}
	signed := seal.Verify(payload, sigs, trust, at)
	v.Number = c.Number
	v.Unaltered = v.Unaltered && signed.Unaltered
	v.IssuerTrusted = signed.Trusted && (v.IssuerTrusted || !inPDF)
	if v.Issuer == "" {
		v.Issuer = signed.Issuer
	}
	for _, r := range signed.Reasons {
		if t := reasonText[r]; !contains(v.Reasons, t) {
			v.Reasons = append(v.Reasons, t)
		}
	}
	if signed.Unaltered {
		v.Content, v.payload = c, inner
	}
	return v
}

// read takes a signed payload for a document or for an English rendering of one, and returns the document
// with its bytes and the time of the signature; no document when it is neither.
func (v *Verification) read(payload []byte) (c *Content, inner []byte, at time.Time, err error) {
	var e English
	if json.Unmarshal(payload, &e) == nil && e.Language == languageEnglish {
		c, inner, ok := e.original()
		if !ok {
			return nil, nil, at, nil
		}
		v.Language = e.Language
		at, err = time.Parse(time.RFC3339, e.Rendered)
		return c, inner, at, err
	}
	c = &Content{}
	if json.Unmarshal(payload, c) != nil {
		return nil, nil, at, nil
	}
	at, err = time.Parse(time.RFC3339, c.IssuedAt)
	return c, payload, at, err
}

func pdfReason(err error) string {
	switch {
	case errors.Is(err, pdf.ErrAltered):
		return "文件在签名之后被改动过"
	case errors.Is(err, pdf.ErrUnsigned):
		return "文件没有电子签名"
	}
	return "文件不完整，或不是本系统出具的PDF"
}

func contains(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

// LookUp verifies by number and code, as printed and in the QR. A wrong code is answered like a
// number that does not exist, so that numbers cannot be harvested.
func (s *Service) LookUp(ctx context.Context, number, code string) (*Verification, error) {
	number, code = strings.ToUpper(strings.TrimSpace(number)), strings.ToUpper(strings.TrimSpace(code))
	key, want, err := s.directory(ctx, number)
	if err == nil && subtle.ConstantTimeCompare([]byte(code), []byte(want)) != 1 {
		err = ErrNoDocument
	}
	if err != nil {
		return nil, err
	}
	doc, err := s.load(ctx, key, number)
	if err != nil {
		return nil, err
	}
	v := CheckFile(doc.Envelope, s.c.Keys.Trust())
	v.Status, v.Reasons, err = s.status(ctx, key, number)
	v.Reasons = toldOutside(&doc.Content, v.Status, v.Reasons)
	return v, err
}

// toldOutside is what a verifier learns of why a document was withdrawn: of one that gives only
// counts, not which decision it was.
func toldOutside(c *Content, status Status, reasons []string) []string {
	if status == Withdrawn && c.byCount() {
		return []string{"报告所依据的记录已被更正或者撤销"}
	}
	return reasons
}
