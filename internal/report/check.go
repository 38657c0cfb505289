package report

import (
	"context"
	"fmt"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/document/seal"
)

// CheckDocuments opens every issued document and verifies its signatures with the issuer's own keys.
// fault is told of what does not hold; the count of documents is returned.
func (s *Service) CheckDocuments(ctx context.Context, fault func(number, what string)) (n int64, err error) {
	after := ""
	for {
		type entry struct {
			number string
			key    credit.Key
		}
		rows, err := s.db.Query(ctx, "SELECT number, subject FROM document_number WHERE number > $1 ORDER BY number LIMIT 500", after)
		if err != nil {
			return n, fmt.Errorf("report: listing documents: %w", err)
		}
		var page []entry
		for rows.Next() {
			var e entry
			var key string
			if err := rows.Scan(&e.number, &key); err != nil {
				rows.Close()
				return n, err
			}
			e.key = credit.Key(key)
			page = append(page, e)
		}
		if err := rows.Err(); err != nil || len(page) == 0 {
			return n, err
		}
		for _, e := range page {
			n++
			s.checkDocument(ctx, e.key, e.number, s.c.Keys.Trust(), fault)
			after = e.number
		}
	}
}

func (s *Service) checkDocument(ctx context.Context, key credit.Key, number string, trust *seal.Trust, fault func(number, what string)) {
	doc, err := s.load(ctx, key, number)
	if err != nil {
		fault(number, err.Error())
		return
	}
	v := CheckFile(doc.Envelope, trust)
	if !v.Unaltered || !v.IssuerTrusted || v.Number != number {
		fault(number, "签名数据不成立："+strings.Join(v.Reasons, "；"))
	}
	if len(doc.Paper) > 0 {
		if v := CheckFile(doc.Paper, trust); !v.Unaltered || !v.IssuerTrusted {
			fault(number, "PDF文书不成立："+strings.Join(v.Reasons, "；"))
		}
	}
}
