package seal

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/smx509"
	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// Object identifiers of RFC 5652, 5035 and 5758.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

var (
	tagContext0 = tag.Tag(0).ContextSpecific().Constructed()
	tagSet      = tag.SET
)

// ErrSigningTime is returned for a time that a UTCTime cannot say: before 1950 or after 2049, as the zero time is.
var ErrSigningTime = errors.New("no time to sign at")

// cmsParts is what all signatures of a key have in common.
type cmsParts struct {
	certificates []byte // leaf and root, DER
	issuerSerial []byte // IssuerAndSerialNumber
	fixed        [][]byte
}

func newCMSParts(leaf, root *smx509.Certificate) cmsParts {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(leaf.RawIssuer)
		b.AddASN1BigInt(leaf.SerialNumber)
	})
	hash := sha256.Sum256(leaf.Raw)
	return cmsParts{
		certificates: append(slices.Clone(leaf.Raw), root.Raw...),
		issuerSerial: b.BytesOrPanic(),
		fixed: [][]byte{
			attribute(oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) }),
			attribute(oidCertificateV2, func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { // SigningCertificateV2
					b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { // certs
						b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1OctetString(hash[:]) }) // ESSCertIDv2, SHA-256 by default
					})
				})
			}),
		},
	}
}

func attribute(oid asn1.ObjectIdentifier, value func(*cryptobyte.Builder)) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(tagSet, value)
	})
	return b.BytesOrPanic()
}

// CMSSize is a size in bytes that no signature of these keys exceeds.
func (k *Keys) CMSSize() int { return len(k.cms.certificates) + len(k.cms.issuerSerial) + 512 }

// SignCMS signs a SHA-256 digest and returns a detached CMS SignedData in DER, with the certificates.
func (k *Keys) SignCMS(digest [32]byte, at time.Time) ([]byte, error) {
	if y := at.UTC().Year(); y < 1950 || y > 2049 {
		return nil, fmt.Errorf("sign CMS: %w: %s", ErrSigningTime, at)
	}
	attrs := k.cms.attributes(digest, at)
	var set cryptobyte.Builder
	set.AddASN1(tagSet, func(b *cryptobyte.Builder) { b.AddBytes(attrs) })
	sum := sha256.Sum256(set.BytesOrPanic()) // signed as a SET, sent with an implicit tag (RFC 5652, 5.4)
	sig, err := ecdsa.SignASN1(rand.Reader, k.ec, sum[:])
	if err != nil {
		return nil, fmt.Errorf("sign CMS with ECDSA: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(tagContext0, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { k.cms.signedData(b, attrs, sig) })
		})
	})
	out, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("write CMS: %w", err)
	}
	return out, nil
}

// attributes are the signed attributes in the order that DER wants of a set.
func (p *cmsParts) attributes(digest [32]byte, at time.Time) []byte {
	all := append(slices.Clone(p.fixed),
		attribute(oidMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest[:]) }),
		attribute(oidSigningTime, func(b *cryptobyte.Builder) { b.AddASN1UTCTime(at.UTC()) }))
	slices.SortFunc(all, bytes.Compare)
	return bytes.Join(all, nil)
}

func (p *cmsParts) signedData(b *cryptobyte.Builder, attrs, sig []byte) {
	b.AddASN1Int64(1)
	b.AddASN1(tagSet, func(b *cryptobyte.Builder) { algorithm(b, oidSHA256) })
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) })
	b.AddASN1(tagContext0, func(b *cryptobyte.Builder) { b.AddBytes(p.certificates) })
	b.AddASN1(tagSet, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(1)
			b.AddBytes(p.issuerSerial)
			algorithm(b, oidSHA256)
			b.AddASN1(tagContext0, func(b *cryptobyte.Builder) { b.AddBytes(attrs) })
			algorithm(b, oidECDSASHA256)
			b.AddASN1OctetString(sig)
		})
	})
}

func algorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid) })
}
