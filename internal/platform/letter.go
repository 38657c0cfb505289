package platform

import (
	"errors"
	"fmt"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// What is wrong with a letter or its answer.
var (
	ErrNotThird      = errors.New("只对第三方平台发函；其他平台请通过核对和催办处理")
	ErrOfficialFirst = errors.New("还有官方平台没有恢复一致，请先处理官方平台，再向第三方发函")
	ErrLetter        = errors.New("函件没有登记")
)

// Letter notes in the caller's transaction that a letter with a number was sent to a third party that still shows what every
// official platform has ended, and returns the day by which it must reply.
func (s *Service) Letter(tx *store.Tx, subject credit.Key, matter credit.MatterID, target, numberOf string) (replyBy credit.Date, err error) {
	if numberOf = strings.TrimSpace(numberOf); numberOf == "" {
		return 0, fmt.Errorf("%w：缺少函号", ErrLetter)
	}
	if err := s.letterMay(tx, subject, matter, target); err != nil {
		return 0, err
	}
	day, provisional, err := s.newDay(tx, replyDays)
	if err != nil {
		return 0, err
	}
	return day, s.step(tx, subject, matter, target, event{what: written, due: day, provisional: provisional, text: numberOf})
}

func (s *Service) letterMay(tx *store.Tx, subject credit.Key, matter credit.MatterID, target string) error {
	targets, err := s.scanTargets(tx.Query("SELECT " + targetColumns + " FROM platform_target ORDER BY id"))
	if err != nil {
		return err
	}
	kinds := map[string]Kind{}
	for _, t := range targets {
		if !t.Closed {
			kinds[t.ID] = t.Kind
		}
	}
	if kinds[target] != ThirdParty {
		return ErrNotThird
	}
	all, err := listShown(tx.Query("SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 ORDER BY target", string(subject), matter.String()))
	for _, x := range all {
		if k := kinds[x.Target]; (k == Official || k == Sector) && x.State != Confirmed {
			return ErrOfficialFirst
		}
	}
	return err
}

// Reply notes in the caller's transaction what a third party answered to its letter. It has its days again to follow.
func (s *Service) Reply(tx *store.Tx, subject credit.Key, matter credit.MatterID, target, words string) error {
	if words = strings.TrimSpace(words); words == "" {
		return fmt.Errorf("%w：缺少答复内容", ErrLetter)
	}
	day, provisional, err := s.newDay(tx, syncDays)
	if err != nil {
		return err
	}
	return s.step(tx, subject, matter, target, event{what: answered, due: day, provisional: provisional, text: words})
}

// step lets a person's event happen to the version that stands; one that its state does not take is an error.
func (s *Service) step(tx *store.Tx, subject credit.Key, matter credit.MatterID, target string, e event) error {
	x, err := scanShown(tx.QueryRow("SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 AND target = $3", string(subject), matter.String(), target))
	if err != nil {
		return err
	}
	e.version = x.Version
	came, changed := next(x, e)
	if !changed {
		return fmt.Errorf("%w：当前状态是“%s”", ErrLetter, x.State.Chinese())
	}
	return keep(tx, &came)
}

var stateNames = map[State]string{Pending: "待确认", Confirmed: "已确认", Mismatch: "不一致", LetterSent: "已发函", Replied: "已复函", Overdue: "逾期"}

// Chinese is the state for people.
func (s State) Chinese() string { return stateNames[s] }
