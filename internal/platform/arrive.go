package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Arrival is a repair that was done on another platform (互认). The platform signs it.
type Arrival struct {
	Target    string          `json:"-"`
	Subject   credit.Key      `json:"-"`
	Matter    credit.MatterID `json:"-"`
	Code      string          `json:"code"`
	DocNo     string          `json:"doc_no"`  // of the decision whose matter is repaired
	Version   int64           `json:"version"` // of the platform, from 1
	Repaired  credit.Date     `json:"repaired_on"`
	Authority string          `json:"authority"` // that decided the repair
	Decision  string          `json:"decision"`  // number of its decision
	Origin    string          `json:"origin"`    // of whom the platform has it; empty for itself
}

// Welcome is what came of an arrival.
type Welcome string

// What comes of an arrival.
const (
	Taken     Welcome = "taken"  // it repairs here
	Known     Welcome = "known"  // it came before
	Echo      Welcome = "echo"   // it is what we told the platform
	InHarmony Welcome = "agrees" // the ledger had ended it already
)

// What is wrong with an arrival.
var (
	ErrSignature = errors.New("签名不符：请核对平台编号和密钥")
	ErrProof     = errors.New("修复证明不完整")
	ErrNoMatter  = errors.New("本系统没有这份文书：请核对代码和文号，归集之后再报送")
	ErrUnderWay  = errors.New("同一份修复正在处理，请稍后再报送")
)

// Arrive takes a platform's report of a repair: it checks the signature ([SignArrival]) and the proof, and hands on each once. A
// report that could not be worked on is not kept, and the platform sends it again.
func (s *Service) Arrive(ctx context.Context, target string, body []byte, signature string) (Welcome, error) {
	t, err := s.target(ctx, target)
	if errors.Is(err, ErrNoTarget) || err == nil && (t.Closed || !Signed(SignArrival(t.Secret, body), signature)) {
		return "", ErrSignature
	}
	if err != nil {
		return "", err
	}
	a, err := parseArrival(body, s.today())
	if err != nil {
		return "", err
	}
	said, err := s.c.Says(ctx, a.Code, a.DocNo)
	if err != nil {
		return "", err
	}
	if !said.Known {
		return "", ErrNoMatter
	}
	a.Target, a.Subject, a.Matter = target, said.Subject, said.Matter
	return s.welcome(ctx, &a, said, body)
}

func (s *Service) welcome(ctx context.Context, a *Arrival, said Said, body []byte) (Welcome, error) {
	if a.Origin != "" && a.Origin == s.c.Origin {
		return Echo, nil
	}
	fresh, err := s.open(ctx, a, body)
	if err != nil || !fresh {
		return Known, err
	}
	came := Taken
	if said.Ended {
		came = InHarmony
	} else if err := s.c.Repaired(ctx, *a); err != nil {
		return "", errors.Join(err, s.close(context.WithoutCancel(ctx), a, ""))
	}
	return came, s.close(context.WithoutCancel(ctx), a, string(came))
}

// parseArrival reads a report and says all that its proof lacks at once.
func parseArrival(body []byte, today credit.Date) (a Arrival, err error) {
	if err := json.Unmarshal(body, &a); err != nil {
		return a, fmt.Errorf("%w：内容不是规定格式的JSON", ErrProof)
	}
	a.Code, a.DocNo = credit.NormalCode(strings.TrimSpace(a.Code)), credit.NormalDocNo(a.DocNo)
	var lacks []string
	lack := func(missing bool, what string) {
		if missing {
			lacks = append(lacks, what)
		}
	}
	_, c := credit.CheckCode(a.Code)
	lack(c.Verdict == credit.Invalid, "统一社会信用代码不正确")
	lack(a.DocNo == "", "缺少决定书文号")
	lack(a.Version < 1, "缺少版本号")
	lack(a.Repaired == 0, "缺少修复日期")
	lack(a.Repaired > today, "修复日期晚于今天")
	lack(strings.TrimSpace(a.Authority) == "", "缺少作出修复决定的机关")
	lack(strings.TrimSpace(a.Decision) == "", "缺少修复决定文号")
	if len(lacks) > 0 {
		return a, fmt.Errorf("%w：%s", ErrProof, strings.Join(lacks, "；"))
	}
	return a, nil
}

// arrivalLease is after how long a report that somebody works on is taken to be given up: its worker was killed.
const arrivalLease = time.Minute

// open claims a report; false when it was done before.
func (s *Service) open(ctx context.Context, a *Arrival, body []byte) (fresh bool, err error) {
	err = s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`INSERT INTO platform_arrival (subject, matter, target, version, state, at, body) VALUES ($1, $2, $3, $4, 'open', $5, $6)
			ON CONFLICT (subject, matter, target, version) DO UPDATE SET at = excluded.at WHERE platform_arrival.state = 'open' AND platform_arrival.at < $7`,
			string(a.Subject), a.Matter.String(), a.Target, a.Version, s.now(), string(body), s.c.Now().Add(-arrivalLease).UnixMilli())
		if fresh = n > 0; fresh || err != nil {
			return err
		}
		var state string
		err = tx.QueryRow("SELECT state FROM platform_arrival WHERE subject = $1 AND matter = $2 AND target = $3 AND version = $4",
			string(a.Subject), a.Matter.String(), a.Target, a.Version).Scan(&state)
		if err == nil && state == "open" {
			return ErrUnderWay
		}
		return err
	})
	return fresh, err
}

// close notes what came of a report; one that failed is forgotten, so that it may come again.
func (s *Service) close(ctx context.Context, a *Arrival, came string) error {
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		query, args := "DELETE FROM platform_arrival WHERE subject = $1 AND matter = $2 AND target = $3 AND version = $4", []any{string(a.Subject), a.Matter.String(), a.Target, a.Version}
		if came != "" {
			query, args = "UPDATE platform_arrival SET state = $5 WHERE subject = $1 AND matter = $2 AND target = $3 AND version = $4", append(args, came)
		}
		_, err := tx.Exec(query, args...)
		return err
	})
}
