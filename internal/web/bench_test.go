package web_test

import (
	"crypto/rand"
	"testing"

	"xinban/internal/account"
)

// A page for somebody who has signed in: session, account, shell. And a POST with its kept answer.
func BenchmarkRequests(b *testing.B) {
	s := setup(b)
	clerk := s.as(b, account.Clerk)
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			s.ask("GET", "/", "", clerk)
		}
	})
	b.Run("post", func(b *testing.B) {
		for b.Loop() {
			s.ask("POST", "/probe/count", "", header("Idempotency-Key", rand.Text()))
		}
	})
}
