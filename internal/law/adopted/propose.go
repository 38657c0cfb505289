package adopted

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/store"
)

// What may become of a text.
const (
	StepPropose = "propose" // 提出
	StepAdopt   = "adopt"   // 采用
	StepReject  = "reject"  // 不采用
)

// Step is one thing that happened to a text.
type Step struct {
	Digest string
	Seq    int64
	At     int64 // UTC ms
	Step   string
	Who    string // login
	Reason string
	Body   string // of a proposal, and of a decision on the program's own text
}

// Title is the name of the set of which the step speaks, empty where the step carries no text.
func (s Step) Title() string {
	set, err := law.ReadSet([]byte(s.Body))
	if s.Body == "" || err != nil {
		return ""
	}
	return set.Title
}

// Waiting is a proposal that nobody has decided yet, with what it would change.
type Waiting struct {
	law.Set
	Author   string // login, or law.Program
	Proposed int64  // UTC ms; 0 for a text that came with the program
	Changes  []Change
	seq      int64
}

// Shipped tells that the text came with the program.
func (w Waiting) Shipped() bool { return w.Author == law.Program }

// Errors that say what a person can do.
var (
	ErrInForce      = errors.New("这份规则与现行内容相同，不需要再提出")
	ErrAlreadyThere = errors.New("同样内容的提案已在等待决定")
	ErrNoProposal   = errors.New("没有这个等待决定的提案，请用 xinban admin ruleset list 查看")
	ErrSecondPerson = errors.New("提出人和决定人不能是同一人，请由另一人决定")
	ErrNoReason     = errors.New("不采用时请写明理由")
	ErrNoPerson     = errors.New("请写明是谁提出或决定")
	ErrDecided      = errors.New("该提案刚刚已由他人决定")
)

// Propose keeps a text until another person adopts or rejects it. The whole book with it must be sound.
func (b *Books) Propose(ctx context.Context, body []byte, author string, at int64) (Waiting, error) {
	if author == "" || author == law.Program {
		return Waiting{}, ErrNoPerson
	}
	w, err := b.Try(ctx, body)
	if err != nil {
		return w, err
	}
	w.Author, w.Proposed = author, at
	if b.inForce(w.Digest) {
		return w, ErrInForce
	}
	err = b.turn(ctx, func(tx *store.Tx) error {
		last, err := lastStep(tx, w.Digest)
		if err != nil {
			return err
		}
		if last.Step == StepPropose {
			return ErrAlreadyThere
		}
		return addStep(tx, Step{w.Digest, last.Seq + 1, at, StepPropose, author, "", string(w.Body)})
	})
	return w, err
}

// Try says what a text would change. The whole book in force must be sound with it.
func (b *Books) Try(ctx context.Context, body []byte) (Waiting, error) {
	all, err := b.read(ctx)
	if err != nil {
		return Waiting{}, err
	}
	if _, err := law.NewBook(append(all, law.Adopted{Body: body, KnownFrom: lastDay, Author: "trial", Approver: "dry run"})); err != nil {
		return Waiting{}, fmt.Errorf("规则文件有误：%w", err)
	}
	set, err := law.ReadSet(body)
	if err != nil {
		return Waiting{}, err
	}
	changes, err := b.Differences(set)
	return Waiting{Set: set, Changes: changes}, err
}

// lastDay is a day of adoption after all others.
const lastDay = credit.Date(99991231)

func (b *Books) inForce(digest string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.ContainsFunc(b.now.Sets(), func(s law.Set) bool { return s.Digest == digest })
}

// Waiting returns the proposals that wait for a decision, of persons and of the program: a text of the program waits
// when it was never adopted nor decided here, as after an upgrade.
func (b *Books) Waiting(ctx context.Context) ([]Waiting, error) {
	steps, err := b.History(ctx)
	if err != nil {
		return nil, err
	}
	last := map[string]Step{} // by digest
	for _, s := range steps {
		if s.Seq > last[s.Digest].Seq {
			last[s.Digest] = s
		}
	}
	ever, err := b.everAdopted(ctx)
	if err != nil {
		return nil, err
	}
	var all []Waiting
	for _, p := range law.Proposals() {
		if _, decided := last[p.Digest]; !decided && !ever[p.Digest] {
			all = append(all, Waiting{Set: p.Set, Author: law.Program})
		}
	}
	for _, s := range steps {
		if s.Step != StepPropose || last[s.Digest].Seq != s.Seq {
			continue
		}
		set, err := law.ReadSet([]byte(s.Body))
		if err != nil {
			return nil, err
		}
		all = append(all, Waiting{Set: set, Author: s.Who, Proposed: s.At, seq: s.Seq})
	}
	for i := range all {
		if all[i].Changes, err = b.Differences(all[i].Set); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (b *Books) everAdopted(ctx context.Context) (map[string]bool, error) {
	all, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	ever := map[string]bool{}
	for _, a := range all {
		set, err := law.ReadSet(a.Body)
		if err != nil {
			return nil, err
		}
		ever[set.Digest] = true
	}
	return ever, nil
}

// Decide adopts or rejects the waiting proposal whose digest begins with the given text, on a day and at an instant
// (UTC ms). Who proposed a text cannot decide on it; a text that came with the program has the program as its author.
func (b *Books) Decide(ctx context.Context, digest, who string, adopts bool, reason string, on credit.Date, at int64) (Waiting, error) {
	w, err := b.find(ctx, digest)
	switch {
	case err != nil:
		return w, err
	case who == "" || who == law.Program:
		return w, ErrNoPerson
	case who == w.Author:
		return w, ErrSecondPerson
	case !adopts && strings.TrimSpace(reason) == "":
		return w, ErrNoReason
	}
	step := Step{w.Digest, w.seq + 1, at, StepReject, who, strings.TrimSpace(reason), ""}
	if w.Shipped() {
		step.Body = string(w.Body)
	}
	err = b.turn(ctx, func(tx *store.Tx) error {
		last, err := lastStep(tx, w.Digest)
		if err != nil {
			return err
		}
		if last.Seq != w.seq {
			return ErrDecided
		}
		if !adopts {
			return addStep(tx, step)
		}
		step.Step = StepAdopt
		set := law.Adopted{Body: w.Body, KnownFrom: on, Author: w.Author, Approver: who}
		return errors.Join(addStep(tx, step), adopt(tx, []law.Adopted{set}, Text(w.Changes), at))
	})
	if err != nil || !adopts {
		return w, err
	}
	return w, b.Refresh(ctx)
}

func (b *Books) find(ctx context.Context, digest string) (found Waiting, err error) {
	all, err := b.Waiting(ctx)
	if err != nil {
		return found, err
	}
	n := 0
	for _, w := range all {
		if len(digest) >= 6 && strings.HasPrefix(w.Digest, digest) {
			found = w
			n++
		}
	}
	if n != 1 {
		return Waiting{}, ErrNoProposal
	}
	return found, nil
}

// History returns what happened to the texts that persons proposed or decided on, oldest first.
func (b *Books) History(ctx context.Context) ([]Step, error) {
	rows, err := b.db.Query(ctx, "SELECT digest, seq, at, step, who, reason, body FROM ruleset_step ORDER BY at, digest, seq")
	if err != nil {
		return nil, fmt.Errorf("law: reading the proposals: %w", err)
	}
	defer rows.Close()
	var all []Step
	for rows.Next() {
		var s Step
		if err := rows.Scan(&s.Digest, &s.Seq, &s.At, &s.Step, &s.Who, &s.Reason, &s.Body); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// lastStep returns the last step of a text, the zero step when there is none.
func lastStep(tx *store.Tx, digest string) (Step, error) {
	rows, err := tx.Query("SELECT seq, step FROM ruleset_step WHERE digest = $1 ORDER BY seq DESC LIMIT 1", digest)
	if err != nil {
		return Step{}, err
	}
	defer rows.Close()
	s := Step{Digest: digest}
	if rows.Next() {
		if err := rows.Scan(&s.Seq, &s.Step); err != nil {
			return Step{}, err
		}
	}
	return s, rows.Err()
}

func addStep(tx *store.Tx, s Step) error {
	_, err := tx.Exec("INSERT INTO ruleset_step (digest, seq, at, step, who, reason, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		s.Digest, s.Seq, s.At, s.Step, s.Who, s.Reason, s.Body)
	return err
}
