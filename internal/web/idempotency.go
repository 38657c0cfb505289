package web

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// The life of a key:
//
//	(none) ──begin──► running ──answer below 400──► done ──same key, same content──► the answer again
//	                     │                           └──same key, other content──► 422
//	                     ├──same key──► 409; after lease, taken over (the program was killed)
//	                     └──error or panic──► (none): nothing was done, try again
//
// The row is found by a digest of caller and key, and the answer in it is encrypted under the key, so
// that the table alone tells nothing.
const (
	keptFor    = 24 * time.Hour
	lease      = 5 * time.Minute
	maxKept    = 1 << 20 // bytes of an answer; a larger one is not given again
	keyHeader  = "Idempotency-Key"
	replayMark = "Idempotency-Replayed"
)

// keptHeaders are given again with an answer. Cookies are not: a repetition signs nobody in.
var keptHeaders = []string{"Content-Type", "Location", "Content-Disposition", "Content-Language", "Cache-Control", "ETag", "Link"}

// answer is a kept response.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
	Spent  bool // the body was too large to keep
}

// once runs a POST at most once for a key of a caller.
func (s *Server) once(w http.ResponseWriter, r **http.Request, p account.Principal, route account.Route, b *body, api bool) error {
	key, sum, err := b.form(*r)
	if err != nil {
		return err
	}
	if header := (*r).Header.Get(keyHeader); header != "" || api {
		key = header
	}
	if !goodKey(key) {
		return problem.New(http.StatusBadRequest, "idempotency-missing")
	}
	*r = (*r).WithContext(account.WithIdempotencyKey((*r).Context(), key))
	if route.Repeatable {
		return route.Handle(w, *r)
	}
	id := idempotencyID(p, key)
	run, kept, err := s.begin((*r).Context(), id, sum, key)
	if err != nil {
		return err
	}
	if kept != nil {
		return kept.send(w)
	}
	return s.runOnce(w, *r, route, id, run, key)
}

func (s *Server) runOnce(w http.ResponseWriter, r *http.Request, route account.Route, id, run, key string) (err error) {
	ctx := context.WithoutCancel(r.Context()) // what was done is noted even when the caller hung up
	held := &holder{ResponseWriter: w}
	finished := false
	defer func() {
		if !finished {
			s.abandon(ctx, id, run)
		}
	}()
	if err := route.Handle(held, r); err != nil {
		return err
	}
	if held.status >= 400 {
		s.abandon(ctx, id, run)
		finished = true
		held.release()
		return nil
	}
	if err := s.finish(ctx, id, run, key, held.answer()); err != nil {
		s.Log.ErrorContext(ctx, "keeping an answer", "request", requestID(ctx), "error", err)
	}
	finished = true
	held.release()
	return nil
}

func goodKey(key string) bool {
	if len(key) < 8 || len(key) > 200 {
		return false
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] >= 0x7f {
			return false
		}
	}
	return true
}

func idempotencyID(p account.Principal, key string) string {
	sum := sha256.Sum256([]byte("xinban idempotency\x00" + p.ID + "\x00" + key))
	return hex.EncodeToString(sum[:])
}

// begin claims the key. It returns the name of this run, or the answer that was kept, or a problem.
func (s *Server) begin(ctx context.Context, id string, sum []byte, key string) (run string, kept *answer, err error) {
	now := s.Now()
	run = rand.Text()
	var found struct {
		digest, response []byte
		started          int64
	}
	claimed := false
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`INSERT INTO idempotency (id, run, digest, started_at, expires_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET run = excluded.run, digest = excluded.digest, started_at = excluded.started_at,
				expires_at = excluded.expires_at, response = NULL
			WHERE idempotency.expires_at < excluded.started_at
				OR (idempotency.response IS NULL AND idempotency.digest = excluded.digest AND idempotency.started_at < $6)`,
			id, run, sum, now.UnixMilli(), now.Add(keptFor).UnixMilli(), now.Add(-lease).UnixMilli())
		if err != nil {
			return err
		}
		if claimed = n == 1; claimed {
			return nil
		}
		return tx.QueryRow(`SELECT digest, response, started_at FROM idempotency WHERE id = $1`, id).
			Scan(&found.digest, &found.response, &found.started)
	})
	switch {
	case err != nil:
		return "", nil, fmt.Errorf("web: claiming an idempotency key: %w", err)
	case claimed:
		return run, nil, nil
	case !bytes.Equal(found.digest, sum):
		return "", nil, problem.New(http.StatusUnprocessableEntity, "idempotency-reused")
	case found.response == nil:
		return "", nil, problem.New(http.StatusConflict, "idempotency-running").After(2)
	}
	kept, err = unseal(key, found.response)
	return "", kept, err
}

func (s *Server) finish(ctx context.Context, id, run, key string, a answer) error {
	sealed, err := seal(key, a)
	if err != nil {
		return err
	}
	return s.Store.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE idempotency SET response = $3 WHERE id = $1 AND run = $2`, id, run, sealed)
		return err
	})
}

func (s *Server) abandon(ctx context.Context, id, run string) {
	err := s.Store.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`DELETE FROM idempotency WHERE id = $1 AND run = $2`, id, run)
		return err
	})
	if err != nil {
		s.Log.ErrorContext(ctx, "giving up an idempotency key", "request", requestID(ctx), "error", err)
	}
}

// Sweep deletes kept answers that have run out. Serve does so now and then.
func (s *Server) Sweep(ctx context.Context) error {
	err := s.Store.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(`DELETE FROM idempotency WHERE expires_at < $1`, s.Now().UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM sign_in_flow WHERE expires_at < $1`, s.Now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("web: sweeping: %w", err)
	}
	return nil
}

func (a *answer) send(w http.ResponseWriter) error {
	if a.Spent {
		return problem.New(http.StatusConflict, "idempotency-spent")
	}
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	w.Header().Set(replayMark, "true")
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the client is gone; nothing to do
	return nil
}

func sealing(key string) (cipher.AEAD, error) {
	k, err := hkdf.Key(sha256.New, []byte(key), nil, "xinban idempotency answer v1", 32)
	if err != nil {
		return nil, fmt.Errorf("web: deriving a key: %w", err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, fmt.Errorf("web: making a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func seal(key string, a answer) ([]byte, error) {
	aead, err := sealing(key)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("web: keeping an answer: %w", err)
	}
	return aead.Seal(nil, nil, plain, nil), nil
}

func unseal(key string, sealed []byte) (*answer, error) {
	aead, err := sealing(key)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("web: opening a kept answer: %w", err)
	}
	a := &answer{}
	if err := json.Unmarshal(plain, a); err != nil {
		return nil, fmt.Errorf("web: reading a kept answer: %w", err)
	}
	return a, nil
}

// holder keeps a response back until it is noted, and lets one pass that grows beyond maxKept.
type holder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
	passed bool
}

func (h *holder) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *holder) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	if !h.passed && h.body.Len()+len(b) <= maxKept {
		return h.body.Write(b)
	}
	h.release()
	h.passed = true
	return h.ResponseWriter.Write(b)
}

// release sends what was held back.
func (h *holder) release() {
	if h.passed {
		return
	}
	h.WriteHeader(http.StatusOK)
	h.passed = true
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.body.WriteTo(h.ResponseWriter) // the client is gone; nothing to do
}

func (h *holder) answer() answer {
	h.WriteHeader(http.StatusOK)
	a := answer{Status: h.status, Header: http.Header{}, Body: h.body.Bytes(), Spent: h.passed}
	for _, k := range keptHeaders {
		if v := h.Header().Values(k); len(v) > 0 {
			a.Header[http.CanonicalHeaderKey(k)] = v
		}
	}
	return a
}

// Unwrap lets http.ResponseController reach the connection.
func (h *holder) Unwrap() http.ResponseWriter { return h.ResponseWriter }
