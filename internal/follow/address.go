package follow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
)

// Address is where the messages of an account go.
type Address struct {
	Address   string
	Confirmed int64 // UTC ms, 0 while it is not
	Asked     int64 // UTC ms of the code
	Tries     int64
}

// Limits of a code.
const (
	codeLife  = 10 * time.Minute
	codePause = time.Minute // between two codes
	codeTries = 5
	codesADay = 5 // of an account, and to an address
)

// Errors of entering an address. Their text is shown.
var (
	ErrAddress = errors.New("请填写11位手机号码或者电子邮箱地址")
	ErrPause   = errors.New("验证码刚刚发出，请一分钟后再试")
	ErrMany    = errors.New("今天向这个地址或者由本账号获取验证码的次数已满（每天5次），请明天再试")
	// ErrNoProvider says that messages are only shown on the page.
	ErrNoProvider = errors.New("本系统尚未接入消息通道，消息只在页面上显示")
	ErrCode       = errors.New("验证码不正确或者已经失效，请核对后重新输入，或者重新获取")
)

var mobile = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// normalAddress is a phone number or a mail address in one form.
func normalAddress(s string) (string, error) {
	s = strings.ToLower(strings.ReplaceAll(credit.NormalText(s), " ", ""))
	if mobile.MatchString(s) {
		return s, nil
	}
	if a, err := mail.ParseAddress(s); err == nil && a.Address == s && len(s) <= 100 && strings.Contains(s, ".") {
		return s, nil
	}
	return "", ErrAddress
}

// Shown is the address with its middle hidden.
func (a Address) Shown() string {
	if i := strings.IndexByte(a.Address, '@'); i > 0 {
		return a.Address[:1] + "***" + a.Address[i:]
	}
	if len(a.Address) == 11 {
		return a.Address[:3] + "****" + a.Address[7:]
	}
	return a.Address
}

// address reads that of an account; the zero address for none.
func (s *Service) address(ctx context.Context, account string) (a Address, err error) {
	err = s.c.DB.QueryRow(ctx, "SELECT address, confirmed, asked, tries FROM follow_address WHERE account = $1", account).
		Scan(&a.Address, &a.Confirmed, &a.Asked, &a.Tries)
	if errors.Is(err, sql.ErrNoRows) {
		return a, nil
	}
	if err == nil {
		a.Address, err = s.opened(account, a.Address)
	}
	if err != nil {
		return a, fmt.Errorf("follow: reading an address: %w", err)
	}
	return a, nil
}

// code is the one that confirms an address. It is made anew whenever it is needed, and kept nowhere.
func (s *Service) code(account string, a *Address) string {
	h := hmac.New(sha256.New, s.c.Key)
	fmt.Fprintf(h, "%s\x00%s\x00%d", account, a.Address, a.Asked)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(h.Sum(nil))%1_000_000)
}

// Enter takes an address and sends a code to it. Until it is confirmed nothing else is sent there, nor to the one
// before.
func (s *Service) Enter(ctx context.Context, account, text string) error {
	to, err := normalAddress(text)
	if err != nil {
		return err
	}
	if len(s.c.Gateway.Providers) == 0 {
		return ErrNoProvider
	}
	now := s.c.Now()
	before, err := s.address(ctx, account)
	if err != nil {
		return err
	}
	if now.Sub(timeOf(before.Asked)) < codePause {
		return ErrPause
	}
	message, err := json.Marshal(body{kindCode})
	if err != nil {
		return err
	}
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if err := s.countCode(tx, account, to); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO follow_address (account, address, confirmed, asked, tries) VALUES ($1, $2, 0, $3, 0)
			ON CONFLICT (account) DO UPDATE SET address = excluded.address, confirmed = 0, asked = excluded.asked, tries = 0`, account, s.sealed(account, to), now.UnixMilli())
		if err != nil {
			return fmt.Errorf("follow: keeping an address: %w", err)
		}
		if _, err := tx.Exec("DELETE FROM follow_sent WHERE account = $1", account); err != nil { // what did not reach the one before
			return fmt.Errorf("follow: keeping an address: %w", err)
		}
		return s.c.Outbox().Put(tx, outbox.Message{Subject: credit.Key("account:" + account), Target: person(account), Topic: "code",
			Version: now.UnixMilli(), Body: string(message)})
	})
	s.c.Outbox().Wake()
	return err
}

// countCode counts a code against what an account, and an address whoever enters it, is sent on a day.
func (s *Service) countCode(tx *store.Tx, account, to string) error {
	today := int64(s.today())
	if _, err := tx.Exec("DELETE FROM follow_code WHERE day < $1", today); err != nil {
		return fmt.Errorf("follow: counting codes: %w", err)
	}
	for _, name := range []string{"account:" + account, "address:" + s.hashed(to)} {
		n, err := tx.Exec(`INSERT INTO follow_code (day, name, n) VALUES ($1, $2, 1)
			ON CONFLICT (day, name) DO UPDATE SET n = follow_code.n + 1 WHERE follow_code.n < $3`, today, name, int64(codesADay))
		if err != nil {
			return fmt.Errorf("follow: counting codes: %w", err)
		}
		if n == 0 {
			return ErrMany
		}
	}
	return nil
}

// Confirm takes the code that was sent. Each try counts, and after five the code is dead.
func (s *Service) Confirm(ctx context.Context, account, code string) error {
	a, err := s.address(ctx, account)
	if err != nil {
		return err
	}
	var tried int64
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) (err error) { // before it is compared: guesses at once count each
		tried, err = tx.Exec("UPDATE follow_address SET tries = tries + 1 WHERE account = $1 AND asked = $2 AND confirmed = 0 AND tries < $3",
			account, a.Asked, int64(codeTries))
		return err
	})
	if err != nil {
		return fmt.Errorf("follow: counting a try: %w", err)
	}
	now := s.c.Now()
	right := subtle.ConstantTimeCompare([]byte(strings.TrimSpace(code)), []byte(s.code(account, &a))) == 1
	if tried == 0 || !right || now.Sub(timeOf(a.Asked)) > codeLife {
		return ErrCode
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE follow_address SET confirmed = $1 WHERE account = $2 AND asked = $3", now.UnixMilli(), account, a.Asked)
		return err
	})
}

// Forget removes the address of an account; messages stay on the page.
func (s *Service) Forget(ctx context.Context, account string) error {
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		for _, table := range []string{"follow_address", "follow_sent"} {
			if _, err := tx.Exec("DELETE FROM "+table+" WHERE account = $1", account); err != nil {
				return err
			}
		}
		return nil
	})
}
