package receive

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"xinban/internal/outbox"
)

// Headers of a call. The signature is HMAC-SHA256 in hexadecimal under the receiver's secret, over the
// timestamp (seconds since 1970), a full stop and the body.
const (
	TimestampHeader = "Xinban-Timestamp"
	SignatureHeader = "Xinban-Signature"
)

// Sign is the signature of a call.
func Sign(secret, timestamp, body string) string {
	h := hmac.New(sha256.New, []byte(secret))
	io.WriteString(h, timestamp+"."+body)
	return hex.EncodeToString(h.Sum(nil))
}

// maxAnswer is how much of an answer is read, in bytes: nothing in it matters.
const maxAnswer = 4 << 10

// Send calls the webhook of a message: taken at any 2xx, refused for good at 410, ended when the address was taken away,
// otherwise tried again. It follows no redirect and goes through no proxy.
func (s *Service) Send(ctx context.Context, m outbox.Message) error {
	_, id, _ := strings.Cut(m.Target, ":")
	h, ok, err := s.HookByID(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w：接收地址已删除", outbox.ErrUnwanted)
	}
	if err := s.stillAllowed(ctx, &h, &m); err != nil {
		return err
	}
	if err := checkAddress(h.Address, s.c.Live); err != nil {
		return fmt.Errorf("%w：%w", outbox.ErrRefused, err)
	}
	secret, err := s.unseal(h.secret)
	if err != nil {
		return fmt.Errorf("%w：签名密钥无法读取，请接收方重新登记地址", outbox.ErrRefused)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Address, strings.NewReader(m.Body))
	if err != nil {
		return fmt.Errorf("接收地址无法使用：%w", err)
	}
	stamp := strconv.FormatInt(s.c.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "xinban")
	r.Header.Set("Idempotency-Key", m.Topic+":"+strconv.FormatInt(m.Version, 10))
	r.Header.Set(TimestampHeader, stamp)
	r.Header.Set(SignatureHeader, Sign(string(secret), stamp, m.Body))
	return call(s.client(), r)
}

// stillAllowed asks once more, before anything leaves, whether the subject allows that something newer is told.
func (s *Service) stillAllowed(ctx context.Context, to *Hook, m *outbox.Message) error {
	var said Message
	if err := json.Unmarshal([]byte(m.Body), &said); err != nil || said.Status != Changed {
		return nil
	}
	held, err := scanHolders(s.db.Query(ctx, "SELECT "+holderColumns+" FROM receive_holder WHERE number = $1 AND receiver = $2", said.Number, string(to.Receiver)))
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return fmt.Errorf("%w：不再关注这份报告", outbox.ErrUnwanted)
	}
	if why := s.mayKnow(ctx, &held[0]); refusal(why) {
		return fmt.Errorf("%w：%s", outbox.ErrUnwanted, why.Error())
	} else if why != nil {
		return why
	}
	return nil
}

func call(c *http.Client, r *http.Request) error {
	answer, err := c.Do(r)
	if err != nil {
		return reason(err)
	}
	defer answer.Body.Close()
	// only so that the connection ends cleanly
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	switch {
	case answer.StatusCode/100 == 2:
		return nil
	case answer.StatusCode == http.StatusGone:
		return fmt.Errorf("%w：接收方答复410，不再接收", outbox.ErrRefused)
	}
	return fmt.Errorf("接收方答复%d", answer.StatusCode)
}

var errInner = errors.New("接收地址指向内部网络")

// reason is a failed call in words that tell nothing of what lies behind the address.
func reason(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, errInner):
		return errInner
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("接收方没有及时答复")
	}
	return errors.New("接收方连接不上，或答复不是HTTP")
}

// client calls nobody but whom mayCall allows: the address is checked after the name was resolved, on the
// connection that is then used.
func (s *Service) client() *http.Client {
	dial := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !mayCall(to.Addr(), s.c.Live) {
			return errInner
		}
		return nil
	}}
	return &http.Client{
		Transport:     &http.Transport{DialContext: dial.DialContext, DisableKeepAlives: true, MaxResponseHeaderBytes: 16 << 10, TLSHandshakeTimeout: 5 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
