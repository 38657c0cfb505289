package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// ErrCMS is returned for bytes that are no CMS signature of the kind that SignCMS makes.
var ErrCMS = errors.New("not a detached CMS signature with ECDSA P-256 and SHA-256")

// ErrCMSDigest is returned when a signature is over other content.
var ErrCMSDigest = errors.New("the signature is over other content")

// ErrCMSSignature is returned when a signature does not fit its certificate.
var ErrCMSSignature = errors.New("the signature does not fit its certificate")

// CMSInfo is who signed, and when by their own clock.
type CMSInfo struct {
	Name string
	At   time.Time
	leaf *smx509.Certificate
}

// Kid is the SHA-256 of the signer's certificate, as in an envelope.
func (c *CMSInfo) Kid() string { return kid(c.leaf) }

// Check says why the signer is not trusted; empty when it is.
func (c *CMSInfo) Check(t *Trust) Reason { return t.check(c.leaf, c.At) }

// signerInfo is the parts of a SignedData that count.
type signerInfo struct {
	certificates []byte
	issuer       []byte
	serial       *big.Int
	attributes   []byte // the content of the implicit tag
	signature    []byte
}

// VerifyCMS checks a detached signature over content of the given SHA-256. Zero bytes may follow the DER, as they do
// in a PDF. The certificate's own trust is for CMSInfo.Check.
func VerifyCMS(der []byte, digest [32]byte) (*CMSInfo, error) {
	s, ok := parseCMS(der)
	if !ok {
		return nil, ErrCMS
	}
	leaf, err := s.leaf()
	if err != nil {
		return nil, err
	}
	signed, err := parseAttributes(s.attributes)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(signed.digest, digest[:]) {
		return nil, ErrCMSDigest
	}
	hash := sha256.Sum256(leaf.Raw)
	if !bytes.Equal(signed.certificate, hash[:]) {
		return nil, fmt.Errorf("%w: it was made for another certificate", ErrCMSSignature)
	}
	pub, ok := leaf.PublicKey.(*ecdsa.PublicKey)
	if !ok || sm2.IsSM2PublicKey(pub) || pub.Curve.Params().BitSize != 256 {
		return nil, fmt.Errorf("%w: the key is not on P-256", ErrCMS)
	}
	var set cryptobyte.Builder
	set.AddASN1(tagSet, func(b *cryptobyte.Builder) { b.AddBytes(s.attributes) })
	message, err := set.Bytes()
	if err != nil {
		return nil, ErrCMS
	}
	if sum := sha256.Sum256(message); !ecdsa.VerifyASN1(pub, sum[:], s.signature) {
		return nil, ErrCMSSignature
	}
	return &CMSInfo{Name: issuerName(leaf), At: signed.at, leaf: leaf}, nil
}

func parseCMS(der []byte) (s signerInfo, ok bool) {
	in, outer, wrapped, data := cryptobyte.String(der), cryptobyte.String{}, cryptobyte.String{}, cryptobyte.String{}
	var oid asn1.ObjectIdentifier
	var version int
	if !in.ReadASN1(&outer, tag.SEQUENCE) || len(bytes.Trim(in, "\x00")) != 0 ||
		!outer.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(oidSignedData) ||
		!outer.ReadASN1(&wrapped, tagContext0) || !outer.Empty() ||
		!wrapped.ReadASN1(&data, tag.SEQUENCE) || !wrapped.Empty() || !data.ReadASN1Integer(&version) {
		return s, false
	}
	var digests, content, certs, signers, info, id, attrs, sig cryptobyte.String
	if !data.ReadASN1(&digests, tagSet) || !data.ReadASN1(&content, tag.SEQUENCE) ||
		!content.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(oidData) || !content.Empty() ||
		!data.ReadASN1(&certs, tagContext0) || !data.ReadASN1(&signers, tagSet) || !data.Empty() ||
		!signers.ReadASN1(&info, tag.SEQUENCE) || !signers.Empty() || !info.ReadASN1Integer(&version) {
		return s, false
	}
	var issuer cryptobyte.String
	s.serial = new(big.Int)
	if !info.ReadASN1(&id, tag.SEQUENCE) || !id.ReadASN1Element(&issuer, tag.SEQUENCE) || !id.ReadASN1Integer(s.serial) ||
		!isAlgorithm(&info, oidSHA256) || !info.ReadASN1(&attrs, tagContext0) || !isAlgorithm(&info, oidECDSASHA256) ||
		!info.ReadASN1(&sig, tag.OCTET_STRING) {
		return s, false
	}
	s.certificates, s.issuer, s.attributes, s.signature = certs, issuer, attrs, sig
	return s, true
}

func isAlgorithm(in *cryptobyte.String, want asn1.ObjectIdentifier) bool {
	var seq cryptobyte.String
	var oid asn1.ObjectIdentifier
	return in.ReadASN1(&seq, tag.SEQUENCE) && seq.ReadASN1ObjectIdentifier(&oid) && oid.Equal(want)
}

func (s *signerInfo) leaf() (*smx509.Certificate, error) {
	in := cryptobyte.String(s.certificates)
	for n := 0; !in.Empty() && n < 16; n++ {
		var der cryptobyte.String
		if !in.ReadASN1Element(&der, tag.SEQUENCE) {
			return nil, ErrCMS
		}
		c, err := smx509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCMS, err)
		}
		if c.SerialNumber.Cmp(s.serial) == 0 && bytes.Equal(c.RawIssuer, s.issuer) {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: the signer's certificate is missing", ErrCMS)
}

type signedAttributes struct {
	digest      []byte
	certificate []byte
	at          time.Time
	isData      bool
}

// parseAttributes reads the attributes that SignCMS signs; each must be there once.
func parseAttributes(b []byte) (a signedAttributes, err error) {
	seen := 0
	for in := cryptobyte.String(b); !in.Empty(); seen++ {
		var attr, value, inner, list, cert cryptobyte.String
		var oid asn1.ObjectIdentifier
		if !in.ReadASN1(&attr, tag.SEQUENCE) || !attr.ReadASN1ObjectIdentifier(&oid) || !attr.ReadASN1(&value, tagSet) || !attr.Empty() {
			return a, ErrCMS
		}
		ok := true
		switch {
		case oid.Equal(oidContentType):
			ok = !a.isData && value.ReadASN1ObjectIdentifier(&oid) && oid.Equal(oidData)
			a.isData = ok
		case oid.Equal(oidMessageDigest):
			ok = a.digest == nil && value.ReadASN1((*cryptobyte.String)(&a.digest), tag.OCTET_STRING)
		case oid.Equal(oidSigningTime):
			ok = a.at.IsZero() && value.ReadASN1UTCTime(&a.at)
		case oid.Equal(oidCertificateV2):
			ok = a.certificate == nil && value.ReadASN1(&inner, tag.SEQUENCE) && inner.ReadASN1(&list, tag.SEQUENCE) &&
				list.ReadASN1(&cert, tag.SEQUENCE) && cert.ReadASN1((*cryptobyte.String)(&a.certificate), tag.OCTET_STRING)
		}
		if !ok || seen > 16 {
			return a, ErrCMS
		}
	}
	if !a.isData || a.digest == nil || a.certificate == nil || a.at.IsZero() {
		return a, fmt.Errorf("%w: a signed attribute is missing", ErrCMS)
	}
	return a, nil
}
