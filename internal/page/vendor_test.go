package page_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"
)

func sha256Of(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
