package seal

import (
	"crypto/ecdsa"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// Reason says in one code why a verdict is not the best one.
type Reason string

// Reasons of a Verdict.
const (
	ReasonDigest      Reason = "digest_differs"      // 摘要不符: the payload is not what was digested
	ReasonSignature   Reason = "signature_invalid"   // 签名无效
	ReasonMissing     Reason = "signature_missing"   // 缺少签名: one of the two algorithms is not there
	ReasonCertificate Reason = "certificate_missing" // 缺少证书: no certificate for a signature
	ReasonIssuers     Reason = "issuers_differ"      // 两个签名的签发者不一致
	ReasonUntrusted   Reason = "issuer_untrusted"    // 签发者不受信任
	ReasonExpired     Reason = "certificate_not_valid_then"
)

// Verdict is what signatures can say about a payload.
type Verdict struct {
	Unaltered bool   // digests and all signatures fit
	Issuer    string // whom the certificate names; believe it only when Trusted
	Trusted   bool   // unaltered, signed with both algorithms under trusted roots
	Reasons   []Reason
}

func (v *Verdict) because(r Reason) {
	if !slices.Contains(v.Reasons, r) {
		v.Reasons = append(v.Reasons, r)
	}
}

// Trust is the roots a verifier trusts. The nil Trust trusts nobody.
type Trust struct{ roots []*smx509.Certificate }

// ErrNoRoots is returned for a trust file without a certificate.
var ErrNoRoots = errors.New("no certificate in the file")

// ParseTrust reads roots from PEM.
func ParseTrust(text []byte) (*Trust, error) {
	t := &Trust{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := smx509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read trusted roots: %w", err)
		}
		t.roots = append(t.roots, c)
	}
	if len(t.roots) == 0 {
		return nil, fmt.Errorf("read trusted roots: %w", ErrNoRoots)
	}
	return t, nil
}

func newTrust(roots ...*smx509.Certificate) *Trust { return &Trust{roots: roots} }

// check says why a leaf is not trusted at an instant; empty when it is.
func (t *Trust) check(leaf *smx509.Certificate, at time.Time) Reason {
	if t == nil {
		return ReasonUntrusted
	}
	for _, root := range t.roots {
		if leaf.CheckSignatureFrom(root) != nil {
			continue
		}
		if within(leaf, at) && within(root, at) {
			return ""
		}
		return ReasonExpired
	}
	return ReasonUntrusted
}

func within(c *smx509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

// Verify checks signatures over a canonical payload. at is when the document says it was signed.
func Verify(payload []byte, s Signatures, trust *Trust, at time.Time) Verdict {
	v := Verdict{Unaltered: true, Trusted: true}
	d := DigestOf(payload)
	if d != s.Digest {
		v.Unaltered = false
		v.because(ReasonDigest)
	}
	leaves := map[string]*smx509.Certificate{}
	for _, der := range s.Certificates {
		if c, err := smx509.ParseCertificate(der); err == nil {
			leaves[kid(c)] = c
		}
	}
	seen := map[string]bool{}
	for _, sig := range s.Signatures {
		v.signature(payload, d, sig, leaves[sig.Kid], trust, at)
		seen[sig.Alg] = true
	}
	if !seen[ES256] || !seen[SM2SM3] {
		v.Trusted = false
		v.because(ReasonMissing)
	}
	if len(s.Signatures) == 0 {
		v.Unaltered = false
	}
	v.Trusted = v.Trusted && v.Unaltered
	return v
}

func (v *Verdict) signature(payload []byte, d Digest, sig Signature, leaf *smx509.Certificate, trust *Trust, at time.Time) {
	if leaf == nil {
		v.Unaltered = false
		v.because(ReasonCertificate)
		return
	}
	if !fits(payload, d, sig, leaf) {
		v.Unaltered = false
		v.because(ReasonSignature)
		return
	}
	switch name := issuerName(leaf); {
	case v.Issuer == "":
		v.Issuer = name
	case v.Issuer != name:
		v.Trusted = false
		v.because(ReasonIssuers)
	}
	if r := trust.check(leaf, at); r != "" {
		v.Trusted = false
		v.because(r)
	}
}

func fits(payload []byte, d Digest, sig Signature, leaf *smx509.Certificate) bool {
	pub, ok := leaf.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return false
	}
	switch sig.Alg {
	case ES256:
		return !sm2.IsSM2PublicKey(pub) && pub.Curve.Params().BitSize == 256 && ecdsa.VerifyASN1(pub, d.SHA256[:], sig.Sig)
	case SM2SM3:
		return sm2.IsSM2PublicKey(pub) && sm2.VerifyASN1WithSM2(pub, nil, payload, sig.Sig)
	}
	return false
}
