package consent

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Sealer signs what a subject signed with the platform's keys, so that nobody who can write to the store can alter
// it unseen.
type Sealer interface {
	// Seal returns the signed envelope of a value.
	Seal(v any) ([]byte, error)
	// Open verifies an envelope, signed at an instant, and returns its canonical JSON. An error says that it does not hold.
	Open(envelope []byte, at time.Time) (payload []byte, err error)
}

// Type names what an envelope of this package holds.
const Type = "consent"

// The kinds of envelopes.
const (
	given     = "given"
	withdrawn = "withdrawn"
)

// Terms are a grant as it is sealed.
type Terms struct {
	Type     string      `json:"type"`
	Version  int         `json:"version"`
	Kind     string      `json:"kind"` // given or withdrawn
	Subject  credit.Key  `json:"subject"`
	ID       string      `json:"id"`
	Grantee  Grantee     `json:"grantee"`
	Name     string      `json:"grantee_name"`
	Scope    Scope       `json:"scope"`
	Purpose  string      `json:"purpose"`
	Editions []string    `json:"editions"`
	Domains  []Domain    `json:"domains"`
	From     credit.Date `json:"from"`
	To       credit.Date `json:"to"`
	Level    Level       `json:"level"`
	Uses     int64       `json:"uses"`
	Until    credit.Date `json:"until"`
	At       int64       `json:"at"` // UTC ms, of giving or withdrawing
	Signed   Signature   `json:"signature"`
	By       Actor       `json:"by"` // who withdrew
}

func termsOf(g *Grant, kind string, at int64, by Actor) Terms {
	return Terms{Type: Type, Version: 1, Kind: kind, Subject: g.Subject, ID: g.ID, Grantee: g.Grantee, Name: g.Name, Scope: g.Scope, Purpose: g.Purpose,
		Editions: append([]string{}, g.Editions...), Domains: append([]Domain{}, g.Domains...), From: g.From, To: g.To, Level: g.Level, Uses: g.Uses,
		Until: g.Until, At: at, Signed: g.Signature, By: by}
}

// seal keeps the envelope of a grant or its withdrawal in the caller's transaction.
func (s *Service) seal(tx *store.Tx, g *Grant, kind string, at int64, by Actor) error {
	if s.sealer == nil {
		return nil
	}
	envelope, err := s.sealer.Seal(termsOf(g, kind, at, by))
	if err != nil {
		return fmt.Errorf("consent: sealing a grant: %w", err)
	}
	if _, err := tx.Exec("INSERT INTO consent_seal (subject, id, kind, envelope) VALUES ($1, $2, $3, $4)", string(g.Subject), g.ID, kind, string(envelope)); err != nil {
		return fmt.Errorf("consent: keeping the seal of a grant: %w", err)
	}
	return nil
}

// querier is a store or a transaction of it.
type querier func(query string, args ...any) (*sql.Rows, error)

// verify returns nil when the grant is as it was sealed, otherwise ErrSeal, or ErrWithdrawn when a sealed withdrawal is
// there that the row does not tell of. A service without a sealer believes the row.
func (s *Service) verify(q querier, g *Grant) error {
	if s.sealer == nil {
		return nil
	}
	envelopes, err := s.envelopes(q, g.Subject, g.ID)
	if err != nil {
		return err
	}
	if s.holds(envelopes[given], termsOf(g, given, g.Given, Actor{})) != nil {
		return ErrSeal
	}
	if envelopes[withdrawn] != nil && g.Withdrawn == 0 {
		return ErrWithdrawn
	}
	return nil
}

func (s *Service) envelopes(q querier, subject credit.Key, id string) (map[string][]byte, error) {
	rows, err := q("SELECT kind, envelope FROM consent_seal WHERE subject = $1 AND id = $2", string(subject), id)
	if err != nil {
		return nil, fmt.Errorf("consent: reading the seal of a grant: %w", err)
	}
	defer rows.Close()
	all := map[string][]byte{}
	for rows.Next() {
		var kind, envelope string
		if err := rows.Scan(&kind, &envelope); err != nil {
			return nil, fmt.Errorf("consent: reading the seal of a grant: %w", err)
		}
		all[kind] = []byte(envelope)
	}
	return all, rows.Err()
}

// holds returns nil when an envelope verifies and says what is wanted.
func (s *Service) holds(envelope []byte, want Terms) error {
	payload, err := s.open(envelope, want.At)
	if err != nil {
		return err
	}
	var got Terms
	if err := json.Unmarshal(payload, &got); err != nil {
		return err
	}
	a, aerr := json.Marshal(got)
	b, berr := json.Marshal(want)
	if aerr != nil || berr != nil || !bytes.Equal(a, b) {
		return errors.Join(ErrSeal, aerr, berr)
	}
	return nil
}

// open verifies an envelope once: those that held are remembered by their digest.
func (s *Service) open(envelope []byte, at int64) ([]byte, error) {
	sum := sha256.Sum256(envelope)
	if payload, ok := s.held.get(sum); ok {
		return payload, nil
	}
	payload, err := s.sealer.Open(envelope, time.UnixMilli(at))
	if err == nil {
		s.held.put(sum, payload)
	}
	return payload, err
}

// rememberedSeals is how many envelopes that verified are remembered at once.
const rememberedSeals = 4096

// held are the payloads of envelopes that verified. It forgets all when it is full.
type held struct {
	mu  sync.Mutex
	all map[[32]byte][]byte
}

func (h *held) get(sum [32]byte) ([]byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	payload, ok := h.all[sum]
	return payload, ok
}

func (h *held) put(sum [32]byte, payload []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil || len(h.all) >= rememberedSeals {
		h.all = map[[32]byte][]byte{}
	}
	h.all[sum] = payload
}
