package account_test

import (
	"context"
	"encoding/base32"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// RFC 6238, appendix B, the last six of its eight digits.
func TestTOTPVectors(t *testing.T) {
	t.Parallel()
	for unix, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924",
		2000000000: "279037", 20000000000: "353130"} {
		if got := account.TOTP([]byte("12345678901234567890"), account.Step(time.Unix(unix, 0))); got != want {
			t.Errorf("at %d: %s, want %s", unix, got, want)
		}
	}
}

// enrolled is a bundle whose clerk has a second factor.
func enrolled(t *testing.T) (*bundle, func() string, []string) {
	t.Helper()
	return enrolOn(t, setup(t))
}

func enrolOn(t *testing.T, b *bundle) (*bundle, func() string, []string) {
	t.Helper()
	session, _, err := b.signIn(password)
	must(t, err)
	p, err := b.Resume(context.Background(), session)
	must(t, err)
	e := b.Enrol(p)
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	must(t, err)
	code := func() string { return account.TOTP(secret, account.Step(b.clock.now())) }
	if _, err := b.ConfirmTOTP(context.Background(), p, e.Secret, "000000"); kind(err) != "form" && code() != "000000" {
		t.Errorf("a wrong code confirms: %v", err)
	}
	codes, err := b.ConfirmTOTP(context.Background(), p, e.Secret, code())
	must(t, err)
	b.clock.pass(time.Minute)
	return b, code, codes
}

func (b *bundle) second(t *testing.T) string {
	t.Helper()
	session, second, err := b.signIn(password)
	must(t, err)
	if !second {
		t.Fatal("the second step is not asked for")
	}
	return session
}

func TestPasswordAloneIsNotEnough(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, code, _ := enrolled(t)
	half := b.second(t)
	if p, err := b.Resume(ctx, half); err != nil || p.SignedIn() {
		t.Errorf("half a sign-in is one: %v", err)
	}
	full, err := b.SecondStep(ctx, half, code(), "", "")
	must(t, err)
	if full == half {
		t.Error("the session kept its name")
	}
	if p, _ := b.Resume(ctx, full); !p.SignedIn() {
		t.Error("both steps do not sign in")
	}
	if _, err := b.SecondStep(ctx, half, code(), "", ""); kind(err) != "sign-in" {
		t.Errorf("the half session is not over: %v", err)
	}
}

func TestSecondStepWaitsFiveMinutes(t *testing.T) {
	t.Parallel()
	b, code, _ := enrolled(t)
	half := b.second(t)
	b.clock.pass(5 * time.Minute)
	if _, err := b.SecondStep(context.Background(), half, code(), "", ""); kind(err) != "sign-in" {
		t.Errorf("after five minutes: %v", err)
	}
}

func TestCodeWorksOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, code, _ := enrolled(t)
	seen := code()
	_, err := b.SecondStep(ctx, b.second(t), seen, "", "")
	must(t, err)
	if _, err := b.SecondStep(ctx, b.second(t), seen, "", ""); kind(err) != "form" {
		t.Errorf("a code seen over the shoulder works again: %v", err)
	}
	b.clock.pass(30 * time.Second)
	if _, err := b.SecondStep(ctx, b.second(t), code(), "", ""); err != nil {
		t.Errorf("the next code: %v", err)
	}
	b.clock.pass(2 * time.Minute)
	old := code()
	b.clock.pass(90 * time.Second)
	if _, err := b.SecondStep(ctx, b.second(t), old, "", ""); kind(err) != "form" {
		t.Errorf("an old code: %v", err)
	}
}

// Of many at once with one code, one gets in.
func TestCodeWorksOnceAtOnce(t *testing.T) {
	t.Parallel()
	b, code, codes := enrolled(t)
	for _, c := range []string{code(), codes[0]} {
		halves := make([]string, 4) // below the lock
		for i := range halves {
			halves[i] = b.second(t)
		}
		var in atomic.Int64
		var wg sync.WaitGroup
		for _, half := range halves {
			wg.Go(func() {
				if _, err := b.SecondStep(context.Background(), half, c, "", ""); err == nil {
					in.Add(1)
				}
			})
		}
		wg.Wait()
		if n := in.Load(); n != 1 {
			t.Errorf("%d got in with one code", n)
		}
		b.clock.pass(2 * time.Hour) // past any lock
	}
}

func TestGuessingCodesLocks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, code, _ := enrolled(t)
	half := b.second(t)
	for range 5 {
		_, _ = b.SecondStep(ctx, half, "abcdef", "", "") // counted below
	}
	if _, err := b.SecondStep(ctx, half, code(), "", ""); kind(err) != "locked" {
		t.Errorf("after five wrong codes: %v", err)
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, _, codes := enrolled(t)
	if len(codes) != 8 {
		t.Fatalf("%d codes", len(codes))
	}
	if _, err := b.SecondStep(ctx, b.second(t), " "+codes[0]+" ", "", ""); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if _, err := b.SecondStep(ctx, b.second(t), codes[0], "", ""); kind(err) != "form" {
		t.Errorf("a used recovery code: %v", err)
	}
	if n, err := b.RecoveryLeft(ctx, b.id); err != nil || n != 7 {
		t.Errorf("%d left, %v", n, err)
	}
}

func TestTurningOffTheSecondFactorNeedsThePassword(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, code, _ := enrolled(t)
	full, err := b.SecondStep(ctx, b.second(t), code(), "", "")
	must(t, err)
	p, err := b.Resume(ctx, full)
	must(t, err)
	if err := b.DropTOTP(ctx, p, "wrong password 1"); kind(err) != "form" {
		t.Errorf("a wrong password: %v", err)
	}
	must(t, b.DropTOTP(ctx, p, password))
	if _, second, err := b.signIn(password); err != nil || second {
		t.Errorf("afterwards: second %v, %v", second, err)
	}
}

func TestRecoveryOnEveryEngine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, code, codes := enrolOn(t, setupOn(t, db))
		for _, c := range []string{code(), codes[0]} {
			if _, err := b.SecondStep(context.Background(), b.second(t), c, "", ""); err != nil {
				t.Errorf("%s: %v", c, err)
			}
			if _, err := b.SecondStep(context.Background(), b.second(t), c, "", ""); kind(err) != "form" {
				t.Errorf("%s again: %v", c, err)
			}
		}
	})
}

func TestStolenSessionCannotReplaceTheSecondFactor(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, code, _ := enrolled(t)
	full, err := b.SecondStep(ctx, b.second(t), code(), "", "")
	must(t, err)
	p, err := b.Resume(ctx, full)
	must(t, err)
	e := b.Enrol(p)
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	must(t, err)
	if _, err := b.ConfirmTOTP(ctx, p, e.Secret, account.TOTP(secret, account.Step(b.clock.now()))); kind(err) != "totp-on" {
		t.Errorf("it was replaced: %v", err)
	}
}
