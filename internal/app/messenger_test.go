package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/exchange"
)

// A store in earnest is given providers by name and address, each with its secret in a file; what is missing is said.
func TestProvidersOfALiveStore(t *testing.T) {
	t.Parallel()
	open := func(dir string, messages ...string) error {
		a, err := app.Open(t.Context(), app.Config{Data: dir, Messages: messages})
		if err == nil {
			a.Close()
		}
		return err
	}
	dir := t.TempDir()
	for _, wrong := range []string{"https://sms.example", "=https://sms.example", "../x=https://sms.example", "first=https://sms.example"} {
		if err := open(dir, wrong); !errors.Is(err, exchange.ErrMessenger) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "keys", "messages-first.key"), []byte(strings.Repeat("k", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(dir, "first=http://sms.example"); !errors.Is(err, exchange.ErrMessenger) {
		t.Errorf("in clear over the net: %v", err)
	}
	if err := open(dir, "first=https://sms.example/v1/"); err != nil {
		t.Error(err)
	}
}
