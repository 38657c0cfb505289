package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/intake/read"
	"xinban/internal/store"
)

// Removal is a desk item: who stood on a list is absent from its newest snapshot (名单移出核对).
const Removal ItemType = "removal"

// shrinkLimit is the share of a list that one snapshot may lose. Beyond a third, a truncated export is
// likelier than so many removals at once, and each proposed removal would cost a person's decision; the
// bound is ours, no rule sets one.
const shrinkLimit = 1.0 / 3

// ShrinkError stops a snapshot that lost too much, before anything is written.
type ShrinkError struct {
	Before int64 // members on record
	Now    int64 // rows in the file
}

// Error says what was found and how to go on.
func (e *ShrinkError) Error() string {
	return fmt.Sprintf("名单现有%d条，本次文件只有%d行，减少超过三分之一，已停止装入，没有写入任何数据。请核对文件是否完整；确属缩减的，写明理由后再次提交", e.Before, e.Now)
}

// checkShrink counts the rows of a snapshot before it is loaded.
func (s *Service) checkShrink(ctx context.Context, f Feed, r Request) error {
	if !f.Snapshot || r.Shrink != "" {
		return nil
	}
	var before int64
	if err := s.db.QueryRow(ctx, "SELECT COUNT(*) FROM snapshot_member WHERE source = $1 AND kind = $2", f.Source, int64(f.Kind)).Scan(&before); err != nil {
		return fmt.Errorf("intake: counting the members of a list: %w", err)
	}
	if before == 0 {
		return nil
	}
	now, err := countRows(r.Path)
	if err != nil {
		return err
	}
	if float64(before-now) > shrinkLimit*float64(before) {
		return &ShrinkError{before, now}
	}
	return nil
}

func countRows(path string) (n int64, err error) {
	f, err := read.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for {
		var row read.Row
		if err := f.Next(&row); errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil { // the load will say so; what is there counts
			return n, nil
		}
		n++
	}
}

// memberRows is how many members one transaction notes.
const memberRows = 500

// noteMembers records who stands on the list.
func (j *loading) noteMembers(ctx context.Context, r *run) error {
	var rows [][]any
	noted := map[credit.MatterID]bool{} // of the subject at hand; its rows lie together
	for i := range r.rows {
		m := &r.rows[i]
		if i > 0 && m.Key != r.rows[i-1].Key {
			clear(noted)
		}
		if noted[m.Matter] || !in(r.verdicts[m.Row-r.first]) {
			continue
		}
		noted[m.Matter] = true
		rows = append(rows, []any{j.load.Source, int64(j.load.Kind), string(m.Key), m.Matter[:], j.load.ID})
	}
	for some := range slices.Chunk(rows, memberRows) {
		err := j.s.db.Bulk(ctx, func(tx *store.Tx) error {
			return tx.Upsert("snapshot_member", memberColumns, memberColumns[:4], "load", some)
		})
		if err != nil {
			return fmt.Errorf("intake: noting the members of a list: %w", err)
		}
	}
	return nil
}

var memberColumns = []string{"source", "kind", "subject", "matter", "load"}

// member is who stands on a list, and when it was last seen there.
type member struct {
	subject credit.Key
	matter  credit.MatterID
	load    int64
}

// proposeRemovals opens a question for each member that the file does not name, and closes those of
// members that came back.
func (j *loading) proposeRemovals(ctx context.Context) error {
	absent, err := j.s.members(ctx, "load < $3", j.load)
	if err != nil {
		return err
	}
	detail := "最新名单中没有该条记录，请核对是否已移出"
	if j.load.Quarantined > 0 {
		detail += fmt.Sprintf("（本次文件另有%d行待改，可能在其中）", j.load.Quarantined)
	}
	for len(absent) > 0 {
		n := min(memberRows, len(absent))
		var rows [][]any
		for _, m := range absent[:n] {
			it := Item{Subject: m.subject, ID: removalID(m), Type: Removal, Matter: m.matter, Load: j.load.ID,
				Detail: detail, Opened: j.load.Started, Source: j.load.Source}
			rows = append(rows, it.values())
		}
		absent = absent[n:]
		if err := j.s.db.Bulk(ctx, func(tx *store.Tx) error { return tx.InsertMissing("desk_item", itemColumns, rows) }); err != nil {
			return fmt.Errorf("intake: proposing removals: %w", err)
		}
	}
	return j.closeReturned(ctx)
}

// removalID names the absence of a member since it was last seen: later snapshots without it ask nothing new.
func removalID(m member) string { return fmt.Sprintf("removal-%s-%d", m.matter, m.load) }

func (s *Service) members(ctx context.Context, where string, l Load) ([]member, error) {
	rows, err := s.db.Query(ctx, "SELECT subject, matter, load FROM snapshot_member WHERE source = $1 AND kind = $2 AND "+where+" ORDER BY subject, matter",
		l.Source, int64(l.Kind), l.ID)
	if err != nil {
		return nil, fmt.Errorf("intake: reading the members of a list: %w", err)
	}
	defer rows.Close()
	var all []member
	for rows.Next() {
		var m member
		var matter []byte
		if err := rows.Scan(&m.subject, &matter, &m.load); err != nil {
			return nil, err
		}
		copy(m.matter[:], matter)
		all = append(all, m)
	}
	return all, rows.Err()
}

// closeReturned closes the open questions on members that the list names again.
func (j *loading) closeReturned(ctx context.Context) error {
	answer, err := json.Marshal(answer{Outcome: "returned", Reason: fmt.Sprintf("第%d批名单中重新出现", j.load.ID)})
	if err != nil {
		return err
	}
	err = j.s.db.Bulk(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE desk_item SET closed = $1, outcome = $2 WHERE type = 'removal' AND closed = 0 AND EXISTS
			(SELECT 1 FROM snapshot_member m WHERE m.source = $3 AND m.kind = $4 AND m.subject = desk_item.subject
			AND m.matter = desk_item.matter AND m.load = $5)`,
			j.load.Started, string(answer), j.load.Source, int64(j.load.Kind), j.load.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("intake: closing proposed removals: %w", err)
	}
	return nil
}
