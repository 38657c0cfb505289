package seal

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/document/canon"
)

// MaxEnvelope is the size in bytes beyond which an envelope is refused unread.
const MaxEnvelope = 64 << 20

// ErrEnvelope is returned for a file that is no envelope.
var ErrEnvelope = errors.New("not a signed envelope of version 1")

type envelope struct {
	Version      int             `json:"version"`
	Payload      json.RawMessage `json:"payload"`
	SHA256       string          `json:"sha256"`
	SM3          string          `json:"sm3"`
	Signatures   []Signature     `json:"signatures"`
	Certificates [][]byte        `json:"certificates"`
}

// Open reads an envelope and returns its payload in canonical form with the signatures it came with. It checks the
// form only: Verify says whether they hold. Spaces and the order of members do not matter; a member twice, an
// unknown member or more than sixteen signatures or certificates are refused.
func Open(file []byte) (payload []byte, sigs Signatures, err error) {
	if len(file) > MaxEnvelope {
		return nil, Signatures{}, fmt.Errorf("%w: %d bytes are too many", ErrEnvelope, len(file))
	}
	text, err := canon.Transform(file)
	if err != nil {
		return nil, Signatures{}, fmt.Errorf("%w: %w", ErrEnvelope, err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var e envelope
	if err := dec.Decode(&e); err != nil {
		return nil, Signatures{}, fmt.Errorf("%w: %w", ErrEnvelope, err)
	}
	if e.Version != 1 || len(e.Payload) == 0 || len(e.Signatures) > 16 || len(e.Certificates) > 16 {
		return nil, Signatures{}, ErrEnvelope
	}
	s := Signatures{Signatures: e.Signatures, Certificates: e.Certificates}
	if !fromHex(s.Digest.SHA256[:], e.SHA256) || !fromHex(s.Digest.SM3[:], e.SM3) {
		return nil, Signatures{}, fmt.Errorf("%w: a digest is not 64 hexadecimal digits", ErrEnvelope)
	}
	return e.Payload, s, nil
}

func fromHex(to []byte, text string) bool {
	if len(text) != 2*len(to) {
		return false
	}
	_, err := hex.Decode(to, []byte(text))
	return err == nil
}
