package casework

import (
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Word is what a desk said that was asked to co-sign (会签).
type Word string

// The words. A question is Awaited until the asked desk agrees or disagrees, or the asking desk recalls it.
const (
	Awaited  Word = "open"     // 待答复
	Agree    Word = "agree"    // 同意
	Disagree Word = "disagree" // 不同意
	Recalled Word = "recalled" // 已撤回
)

// Cosign is a question to a second desk about a case.
type Cosign struct {
	Subject  credit.Key
	Case     string
	Version  int64 // of the case, when it was asked
	Desk     string
	Word     Word
	Asked    int64 // UTC ms
	Question string
	Answered int64 // UTC ms, 0 while open
	Reason   string
	By       By // who answered
}

// Errors of co-signing.
var (
	ErrAsked    = errors.New("已请该部门会签，请等待答复")
	ErrNotAsked = errors.New("没有待该部门答复的会签：可能已经答复或撤回，请刷新后再看")
	ErrWord     = errors.New("会签意见只能是同意或者不同意")
)

// Ask asks another desk for its word; the case waits for it and does not move. A question is needed.
func (s *Service) Ask(tx *store.Tx, c *Case, desk, question string, by By) error {
	if desk == "" || desk == c.Desk {
		return ErrDesk
	}
	if question == "" {
		return ErrReason
	}
	if _, ok, err := openQuestion(tx, c, desk); err != nil || ok {
		return errors.Join(err, asked(ok))
	}
	next := *c
	next.Waiting++
	if err := s.note(tx, c, &next, "ask_word", by, question); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO case_cosign (subject, id, version, desk, word, asked, question, answered, reason, actor, name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', '', '')`, string(c.Subject), c.ID, c.Version, desk, string(Awaited), c.Changed, question)
	if err != nil {
		return fmt.Errorf("casework: asking for a word on case %s: %w", c.ID, err)
	}
	return nil
}

// Answer gives the word of an asked desk, with its reason.
func (s *Service) Answer(tx *store.Tx, c *Case, desk string, word Word, by By, reason string) error {
	if word != Agree && word != Disagree {
		return ErrWord
	}
	return s.settle(tx, c, desk, word, by, reason)
}

// Recall takes a question back: the case no longer waits for that desk.
func (s *Service) Recall(tx *store.Tx, c *Case, desk string, by By, reason string) error {
	return s.settle(tx, c, desk, Recalled, by, reason)
}

func (s *Service) settle(tx *store.Tx, c *Case, desk string, word Word, by By, reason string) error {
	if reason == "" {
		return ErrReason
	}
	version, ok, err := openQuestion(tx, c, desk)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNotAsked
	}
	next := *c
	next.Waiting--
	if err := s.note(tx, c, &next, string(word), by, reason); err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE case_cosign SET word = $1, answered = $2, reason = $3, actor = $4, name = $5 WHERE subject = $6 AND id = $7 AND version = $8`,
		string(word), c.Changed, reason, by.ID, by.Name, string(c.Subject), c.ID, version)
	if err != nil {
		return fmt.Errorf("casework: noting a word on case %s: %w", c.ID, err)
	}
	return nil
}

func asked(open bool) error {
	if open {
		return ErrAsked
	}
	return nil
}
