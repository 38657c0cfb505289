package consent

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// wax seals with a key that nobody else has, as the platform's keys do.
type wax struct{}

func (wax) mac(b []byte) []byte {
	h := hmac.New(sha256.New, []byte("wax"))
	h.Write(b)
	return h.Sum(nil)
}

func (w wax) Seal(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	return append(w.mac(body), body...), err
}

func (w wax) Open(envelope []byte, _ time.Time) ([]byte, error) {
	if len(envelope) < 32 || !bytes.Equal(envelope[:32], w.mac(envelope[32:])) {
		return nil, errors.New("broken")
	}
	return envelope[32:], nil
}

// printable keeps envelopes printable.
type printable struct{ wax }

func (p printable) Seal(v any) ([]byte, error) {
	b, err := p.wax.Seal(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(b)
}

func (p printable) Open(envelope []byte, at time.Time) ([]byte, error) {
	var b []byte
	if err := json.Unmarshal(envelope, &b); err != nil {
		return nil, err
	}
	return p.wax.Open(b, at)
}

// Whoever writes to the store can neither widen a grant, nor make one, nor undo a withdrawal.
func TestAnAlteredGrantIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		alter func(tx *store.Tx, g *Grant) error
		want  error
	}{
		"as it was given": {func(*store.Tx, *Grant) error { return nil }, nil},
		"another purpose": {func(tx *store.Tx, g *Grant) error {
			_, err := tx.Exec("UPDATE consent SET purpose = $1 WHERE subject = $2 AND id = $3", "招投标", string(g.Subject), g.ID)
			return err
		}, ErrSeal},
		"a later day": {func(tx *store.Tx, g *Grant) error {
			_, err := tx.Exec("UPDATE consent SET until = $1 WHERE subject = $2 AND id = $3", int64(20280101), string(g.Subject), g.ID)
			return err
		}, ErrSeal},
		"other words": {func(tx *store.Tx, g *Grant) error {
			_, err := tx.Exec("UPDATE consent SET signature = $1 WHERE subject = $2 AND id = $3", `{"text":"任何人可以做任何事","by":"1","name":"甲","at":1,"method":"password"}`, string(g.Subject), g.ID)
			return err
		}, ErrSeal},
		"no seal": {func(tx *store.Tx, g *Grant) error {
			_, err := tx.Exec("DELETE FROM consent_seal WHERE subject = $1 AND id = $2", string(g.Subject), g.ID)
			return err
		}, ErrSeal},
		"a withdrawal undone": {func(tx *store.Tx, g *Grant) error {
			_, err := tx.Exec("UPDATE consent SET withdrawn = 0 WHERE subject = $1 AND id = $2", string(g.Subject), g.ID)
			return err
		}, ErrWithdrawn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, storetest.SQLite(t))
			b.SealWith(printable{})
			g := b.give(grant())
			if c.want == ErrWithdrawn {
				if err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return b.WithdrawBy(tx, firm, g.ID, Actor{"1", "甲"}) }); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return c.alter(tx, &g) }); err != nil {
				t.Fatal(err)
			}
			purpose := "贷款"
			if name == "another purpose" {
				purpose = "招投标"
			}
			if err := b.use(Read, purpose, "", bank); !errors.Is(err, c.want) {
				t.Errorf("used: %v, want %v", err, c.want)
			}
			if err := b.Stands(t.Context(), firm, g.ID); !errors.Is(err, c.want) {
				t.Errorf("read: %v, want %v", err, c.want)
			}
			if broken := b.TakeBroken(); (len(broken) == 0) != (c.want == nil) {
				t.Errorf("%d to be written down", len(broken))
			}
			if gave, took, err := b.Envelopes(t.Context(), firm, g.ID); err != nil || (gave == nil) != (name == "no seal") || (took != nil) != (c.want == ErrWithdrawn) {
				t.Errorf("envelopes %q, %q, %v", gave, took, err)
			}
		})
	}
}
