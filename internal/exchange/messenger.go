package exchange

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"xinban/internal/follow"
)

// The headers of a request to a provider.
const (
	timeHeader      = "Xinban-Time"      // seconds since 1970
	signatureHeader = "Xinban-Signature" // HMAC-SHA256 of method, path, time and body with the shared secret, in hex
)

// letter is the body of a request: one text.
type letter struct {
	ID   string `json:"id"` // the same for the same text, so that one that is sent again is taken once
	To   string `json:"to"`
	Text string `json:"text"`
}

// Receipt is a provider's answer. A text is taken only when it names the text, accepts it and gives a receipt.
type Receipt struct {
	ID       string          `json:"id"`
	Accepted bool            `json:"accepted"`
	Receipt  string          `json:"receipt"` // the provider's own number
	Reason   string          `json:"reason,omitempty"`
	State    follow.Delivery `json:"state"`
}

// Messenger is a provider of messages that is spoken to by HTTP; docs/operations.md has the protocol.
type Messenger struct {
	Label  string // what people call it
	URL    string // under which the provider answers, without a slash at the end
	Secret []byte // shared with the provider
	Client *http.Client
}

// ErrMessenger says that a provider is not set up as it must be.
var ErrMessenger = errors.New("消息通道设置有误")

// Check tells what is wrong with the settings. Texts hold no secrets, but codes and numbers of phones: they go by TLS,
// or to this machine.
func (m *Messenger) Check() error {
	u, err := url.Parse(m.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w：%s的地址应为 https://主机/路径", ErrMessenger, m.Label)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return fmt.Errorf("%w：%s的地址必须使用 https（本机地址除外）", ErrMessenger, m.Label)
	case len(m.Secret) < 16:
		return fmt.Errorf("%w：%s的密钥至少16个字符", ErrMessenger, m.Label)
	}
	return nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Name is what people call it.
func (m *Messenger) Name() string { return m.Label }

// Send gives a text to the provider and reads its receipt.
func (m *Messenger) Send(ctx context.Context, t follow.Text) error {
	body, err := json.Marshal(letter{t.ID, t.To, t.Body})
	if err != nil {
		return err
	}
	r, err := m.ask(ctx, http.MethodPost, "/messages", body)
	if err != nil {
		return err
	}
	if r.ID != t.ID || !r.Accepted || r.Receipt == "" {
		return fmt.Errorf("没有受理：%s", r.Reason)
	}
	return nil
}

// Delivery asks the provider how far a text is that it took.
func (m *Messenger) Delivery(ctx context.Context, id string) (follow.Delivery, error) {
	r, err := m.ask(ctx, http.MethodGet, "/messages/"+url.PathEscape(id), nil)
	if err != nil {
		return "", err
	}
	if r.ID != id || r.State != follow.OnTheWay && r.State != follow.Arrived && r.State != follow.Failed {
		return "", errors.New("送达回执无法识别")
	}
	return r.State, nil
}

// mostAnswer is how much of an answer is read, in bytes.
const mostAnswer = 64 << 10

func (m *Messenger) ask(ctx context.Context, method, path string, body []byte) (r Receipt, err error) {
	q, err := http.NewRequestWithContext(ctx, method, m.URL+path, bytes.NewReader(body))
	if err != nil {
		return r, err
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set(timeHeader, now)
	q.Header.Set(signatureHeader, signature(m.Secret, method, path, now, body))
	client := m.Client
	if client == nil {
		client = http.DefaultClient
	}
	a, err := client.Do(q)
	if err != nil {
		return r, errors.New("无法连接") // the error would tell the address, which tells nobody anything
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, mostAnswer))
	if err != nil {
		return r, errors.New("答复没有收全")
	}
	if json.Unmarshal(text, &r) != nil {
		return r, fmt.Errorf("答复无法识别（状态%d）", a.StatusCode)
	}
	if a.StatusCode >= 300 {
		return r, fmt.Errorf("没有受理（状态%d）：%s", a.StatusCode, r.Reason)
	}
	return r, nil
}

func signature(secret []byte, method, path, at string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	fmt.Fprintf(h, "%s\n%s\n%s\n", strings.ToUpper(method), path, at)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
