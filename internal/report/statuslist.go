package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/document/seal"
)

// SHA256 is the digest of the canonical JSON in hexadecimal, as printed on the paper.
func (d *Issued) SHA256() string { return seal.DigestOf(d.Payload).SHA256Hex() }

// StatusList is the signed, dated list by which statuses are known without a network: the numbers of
// all documents issued up to a moment that are no longer simply valid.
type StatusList struct {
	Issuer    string            `json:"issuer"`
	At        string            `json:"at"` // RFC 3339
	Withdrawn map[string]string `json:"withdrawn"`
	Replaced  map[string]string `json:"replaced"`
}

// listLife is for how long a list may be believed.
const listLife = 31 * 24 * time.Hour

// SignedStatusList makes the list as it is now, in a signed envelope.
func (s *Service) SignedStatusList(ctx context.Context) ([]byte, error) {
	l := StatusList{Issuer: s.c.Issuer, At: s.c.Now().In(credit.Shanghai).Format(time.RFC3339), Withdrawn: map[string]string{}, Replaced: map[string]string{}}
	rows, err := s.db.Query(ctx, "SELECT number, status, reason, newer FROM document WHERE status <> 'valid' OR newer <> ''")
	if err != nil {
		return nil, fmt.Errorf("report: listing statuses: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var number, status, reason, newer string
		if err := rows.Scan(&number, &status, &reason, &newer); err != nil {
			return nil, err
		}
		if Status(status) == Withdrawn {
			l.Withdrawn[number] = reason
		} else if newer != "" {
			l.Replaced[number] = newer
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	payload, err := canon.Marshal(l)
	if err != nil {
		return nil, err
	}
	return s.c.Keys.Seal(payload)
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
	default:
		v.Status = Valid
		if why, ok := l.Withdrawn[v.Number]; ok {
			v.Status, v.Reasons = Withdrawn, append(v.Reasons, why)
		} else if newer, ok := l.Replaced[v.Number]; ok {
			v.Status, v.Reasons = Replaced, append(v.Reasons, "已有新的报告 "+newer)
		}
		v.Reasons = slices.DeleteFunc(append(v.Reasons, "状态截至"+chineseTime(l.At)), func(s string) bool { return s == "" })
	}
	return v, nil
}

func issuedAfter(c *Content, at time.Time) bool {
	t, err := time.Parse(time.RFC3339, c.IssuedAt)
	return err != nil || t.After(at)
}
