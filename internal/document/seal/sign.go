package seal

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"

	"xinban/internal/document/canon"
)

// ErrNotCanonical is returned when what is to be signed is not its own canonical form.
var ErrNotCanonical = errors.New("the payload is not canonical JSON")

// Digest is the two digests that are printed on the paper.
type Digest struct {
	SHA256 [32]byte
	SM3    [32]byte
}

// DigestOf digests a payload.
func DigestOf(payload []byte) Digest {
	return Digest{SHA256: sha256.Sum256(payload), SM3: sm3.Sum(payload)}
}

// SHA256Hex is the SHA-256 in lower-case hexadecimal.
func (d Digest) SHA256Hex() string { return hex.EncodeToString(d.SHA256[:]) }

// SM3Hex is the SM3 in lower-case hexadecimal.
func (d Digest) SM3Hex() string { return hex.EncodeToString(d.SM3[:]) }

// Signature is one signature over a payload. Sig is ASN.1 DER; Kid the SHA-256 of the leaf certificate.
type Signature struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	Sig []byte `json:"sig"`
}

// Signatures is what Sign makes and Verify needs.
type Signatures struct {
	Digest       Digest
	Signatures   []Signature
	Certificates [][]byte // DER: leaves, then roots
}

// Sign signs a payload with both keys. It draws nonces from crypto/rand and may run concurrently.
func (k *Keys) Sign(payload []byte) (Signatures, error) {
	d := DigestOf(payload)
	ec, err := ecdsa.SignASN1(rand.Reader, k.ec, d.SHA256[:])
	if err != nil {
		return Signatures{}, fmt.Errorf("sign with ECDSA: %w", err)
	}
	sm, err := k.sm.Sign(rand.Reader, payload, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return Signatures{}, fmt.Errorf("sign with SM2: %w", err)
	}
	return Signatures{
		Digest:       d,
		Signatures:   []Signature{{ES256, k.ecKid, ec}, {SM2SM3, k.smKid, sm}},
		Certificates: [][]byte{k.certs.ecLeaf.Raw, k.certs.smLeaf.Raw, k.certs.ecRoot.Raw, k.certs.smRoot.Raw},
	}, nil
}

// Seal signs a canonical JSON payload and returns the envelope file.
func (k *Keys) Seal(payload []byte) ([]byte, error) {
	if !canon.IsCanonical(payload) {
		return nil, ErrNotCanonical
	}
	s, err := k.Sign(payload)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(payload)+len(k.certJSON)+1024)
	out = append(append(out, `{"certificates":`...), k.certJSON...)
	out = append(append(out, `,"payload":`...), payload...)
	out = append(out, `,"sha256":"`+s.Digest.SHA256Hex()+`","signatures":[`...)
	for i, sig := range s.Signatures {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"alg":"`+sig.Alg+`","kid":"`+sig.Kid+`","sig":"`...)
		out = append(base64.StdEncoding.AppendEncode(out, sig.Sig), `"}`...)
	}
	return append(out, `],"sm3":"`+s.Digest.SM3Hex()+`","version":1}`...), nil
}
