package report

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/document/seal"
	"xinban/internal/store"
)

// SHA256 is the digest of the canonical JSON in hexadecimal, as printed on the paper.
func (d *Issued) SHA256() string { return seal.DigestOf(d.Payload).SHA256Hex() }

// StatusList is the signed, dated list by which statuses are known without a network: the numbers of
// the documents that are no longer in force. Anybody may read it, so it gives no reasons.
type StatusList struct {
	Issuer    string   `json:"issuer"`
	At        string   `json:"at"` // RFC 3339
	Withdrawn []string `json:"withdrawn"`
	Replaced  []string `json:"replaced"`
	// Since is the oldest number on a list that was cut off at listMost: of older ones it tells nothing.
	Since string `json:"since,omitempty"`
}

const (
	listLife = 31 * 24 * time.Hour // for how long a list may be believed
	listMost = 1_000_000           // numbers on a list, newest first: 25 MB, well within an envelope
	listPage = 1000                // numbers read at once
)

// end notes in the transaction that ends a document that it is no longer in force, and tells who holds it.
func (s *Service) end(tx *store.Tx, key credit.Key, number string, status Status) error {
	_, err := tx.Exec(`INSERT INTO document_ended (number, status) VALUES ($1, $2)
		ON CONFLICT (number) DO UPDATE SET status = excluded.status`, number, string(status))
	if err != nil {
		return err
	}
	return s.changed(tx, key, number, status)
}

func (s *Service) changed(tx *store.Tx, key credit.Key, number string, status Status) error {
	if s.c.Changed == nil {
		return nil
	}
	return s.c.Changed(tx, key, number, status)
}

// SignedStatusList makes the list as it is now, in a signed envelope. It costs what is on the list, not what
// was ever issued.
func (s *Service) SignedStatusList(ctx context.Context) ([]byte, *StatusList, error) {
	return s.statusList(ctx, listMost)
}

func (s *Service) statusList(ctx context.Context, most int) ([]byte, *StatusList, error) {
	l := &StatusList{Issuer: s.c.Issuer, At: s.c.Now().In(credit.Shanghai).Format(time.RFC3339), Withdrawn: []string{}, Replaced: []string{}}
	before := "Z"
	for n := 0; ; {
		read, last, err := s.ended(ctx, l, before, min(listPage, most-n))
		if err != nil {
			return nil, nil, fmt.Errorf("report: listing statuses: %w", err)
		}
		if read < min(listPage, most-n) {
			break
		}
		before, n = last, n+read
		if n == most {
			l.Since = last
			break
		}
	}
	payload, err := canon.Marshal(l)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := s.c.Keys.Seal(payload)
	return sealed, l, err
}

// ended adds a page of numbers below before, the newest first.
func (s *Service) ended(ctx context.Context, l *StatusList, before string, limit int) (n int, last string, err error) {
	rows, err := s.db.Query(ctx, "SELECT number, status FROM document_ended WHERE number < $1 ORDER BY number DESC LIMIT $2", before, int64(limit))
	if err != nil {
		return 0, "", err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		var status Status
		if err := rows.Scan(&last, &status); err != nil {
			return 0, "", err
		}
		if status == Withdrawn {
			l.Withdrawn = append(l.Withdrawn, last)
		} else {
			l.Replaced = append(l.Replaced, last)
		}
	}
	return n, last, rows.Err()
}

// VerifyOffline verifies a file with a signed status list in place of the store.
func VerifyOffline(file, list []byte, trust *seal.Trust, now time.Time) (*Verification, error) {
	payload, sigs, err := seal.Open(list)
	if err != nil {
		return nil, fmt.Errorf("状态清单不是签名文件，或已损坏：%w", err)
	}
	var l StatusList
	if err := json.Unmarshal(payload, &l); err != nil {
		return nil, fmt.Errorf("状态清单无法读取：%w", err)
	}
	at, err := time.Parse(time.RFC3339, l.At)
	if err != nil {
		return nil, fmt.Errorf("状态清单没有有效的日期：%w", err)
	}
	signed := seal.Verify(payload, sigs, trust, at)
	v := CheckFile(file, trust)
	switch {
	case !signed.Trusted:
		v.Reasons = append(v.Reasons, "状态清单的签名不可信，不能据此判断是否有效")
	case now.Sub(at) > listLife:
		v.Reasons = append(v.Reasons, "状态清单已超过31天，请换用新的清单")
	case v.Content == nil || !v.IssuerTrusted:
	case l.Issuer != v.Content.Issuer || signed.Issuer != v.Issuer: // what one issuer's list leaves out says nothing of another's documents
		v.Reasons = append(v.Reasons, "状态清单由"+l.Issuer+"发布，不是本报告的出具单位，请换用"+v.Content.Issuer+"的清单")
	case issuedAfter(v.Content, at):
		v.Reasons = append(v.Reasons, "报告在状态清单之后出具，请换用新的清单")
	case v.Number < l.Since:
		v.Reasons = append(v.Reasons, "报告早于状态清单所列的范围，请用报告编号和核验码在线核验")
	default:
		v.listed(&l)
	}
	return v, nil
}

// listed takes the status from a list that holds for the document.
func (v *Verification) listed(l *StatusList) {
	switch v.Status = Valid; {
	case contains(l.Withdrawn, v.Number):
		v.Status = Withdrawn
		v.Reasons = append(v.Reasons, "报告所依据的记录已被更正或者撤销")
	case contains(l.Replaced, v.Number):
		v.Status = Replaced
		v.Reasons = append(v.Reasons, "持有人已有新的报告")
	}
	v.Reasons = append(v.Reasons, "状态截至"+chineseTime(l.At)+"，清单只列已作废和已被替代的报告，此后的变化请在线核验")
}

func issuedAfter(c *Content, at time.Time) bool {
	t, err := time.Parse(time.RFC3339, c.IssuedAt)
	return err != nil || t.After(at)
}

// listKept is for how long the public list is handed out before it is made anew: whoever asks often costs
// no more than whoever asks once.
const listKept = 10 * time.Minute

// keptList is the public status list as it was last made.
type keptList struct {
	mu   sync.Mutex
	at   time.Time
	body []byte
}

func (k *keptList) get(ctx context.Context, s *Service) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := s.c.Now()
	if age := now.Sub(k.at); k.body != nil && age >= 0 && age < listKept {
		return k.body, nil
	}
	body, _, err := s.SignedStatusList(ctx)
	if err == nil {
		k.at, k.body = now, body
	}
	return body, err
}
