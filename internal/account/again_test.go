package account_test

import (
	"context"
	"testing"
)

// Before something is signed the password is asked again: only the right one lets through, and a closed hand guesses
// no more often than at the sign-in.
func TestThePasswordIsAskedAgainBeforeSigning(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, code, _ := enrolled(t)
	full, err := b.SecondStep(ctx, b.second(t), code(), "", "")
	must(t, err)
	p, err := b.Resume(ctx, full)
	must(t, err)
	must(t, b.PasswordAgain(ctx, p, password))
	for i := 0; i < 100; i++ {
		switch kind(b.PasswordAgain(ctx, p, "wrong password 1")) {
		case "form":
			continue
		case "":
			t.Fatal("a wrong password signs")
		}
		if i == 0 {
			t.Error("the first wrong password is not said to be wrong")
		}
		return // throttled
	}
	t.Error("a hundred guesses were let through")
}
