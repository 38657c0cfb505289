package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// HeldState is where a quarantined row stands.
//
//	open ─► mended   the ledger holds it now
//	  ├───► resent   sent back and still wrong: the newer row waits in its place
//	  └───► dropped  given up, with a reason
type HeldState string

// The states of a quarantined row.
const (
	HeldOpen    HeldState = "open"
	HeldMended  HeldState = "mended"
	HeldResent  HeldState = "resent"
	HeldDropped HeldState = "dropped"
)

// Held is one row in quarantine (待改行).
type Held struct {
	Load, Row int64
	Source    int64
	Kind      credit.Kind
	Headings  []string
	Cells     []string // as received, identity numbers in clear: mask them before showing
	Sealed    []bool   // by cell: it holds an identity number
	Findings  []FileFinding
	State     HeldState
}

// Ref names the row in a quarantine file, so that it is recognised when it comes back.
func (h *Held) Ref() string { return fmt.Sprintf("%d-%d", h.Load, h.Row) }

func parseRef(s string) (load, row int64, ok bool) {
	l, r, found := strings.Cut(strings.Trim(s, " '"), "-")
	load, err1 := strconv.ParseInt(l, 10, 64)
	row, err2 := strconv.ParseInt(r, 10, 64)
	return load, row, found && err1 == nil && err2 == nil
}

// Shown is a cell as a person may see it: an identity number is masked.
func (h *Held) Shown(i int) string {
	if i < len(h.Sealed) && h.Sealed[i] {
		return mask(h.Cells[i])
	}
	return h.Cells[i]
}

// mask hides an identity number, also one that was typed with other characters in it.
func mask(s string) string {
	r := []rune(s)
	for i := 3; i < len(r)-2 || i < len(r) && len(r) < 8; i++ {
		r[i] = '*'
	}
	return string(r)
}

// ErrNotHeld says that a row is not, or no longer, in quarantine.
var ErrNotHeld = errors.New("该行已处理或不存在，请刷新后查看")

const heldQuery = "SELECT load, row, source, kind, layout, cells, findings, state FROM quarantine WHERE "

// HeldRows lists the open rows of a load after the given row.
func (s *Service) HeldRows(ctx context.Context, load, after int64, limit int) ([]Held, error) {
	rows, err := s.db.Query(ctx, heldQuery+"load = $1 AND row > $2 AND state = 'open' ORDER BY row LIMIT $3", load, after, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("intake: reading quarantine: %w", err)
	}
	return s.scanHeld(ctx, rows)
}

// HeldRow returns one row that is still open.
func (s *Service) HeldRow(ctx context.Context, load, row int64) (Held, error) {
	h, err := s.heldRow(ctx, load, row)
	if err == nil && h.State != HeldOpen {
		err = ErrNotHeld
	}
	return h, err
}

// heldRow returns one row in whatever state.
func (s *Service) heldRow(ctx context.Context, load, row int64) (Held, error) {
	rows, err := s.db.Query(ctx, heldQuery+"load = $1 AND row = $2", load, row)
	if err != nil {
		return Held{}, fmt.Errorf("intake: reading quarantine: %w", err)
	}
	all, err := s.scanHeld(ctx, rows)
	if err == nil && len(all) == 0 {
		err = ErrNotHeld
	}
	if err != nil {
		return Held{}, err
	}
	return all[0], nil
}

func (s *Service) scanHeld(ctx context.Context, rows *sql.Rows) ([]Held, error) {
	defer rows.Close()
	var all []Held
	for rows.Next() {
		var h Held
		var layout int64
		var cells []byte
		var findings string
		if err := rows.Scan(&h.Load, &h.Row, &h.Source, &h.Kind, &layout, &cells, &findings, &h.State); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(findings), &h.Findings); err != nil {
			return nil, fmt.Errorf("intake: reading the findings of a row: %w", err)
		}
		if err := s.openCells(ctx, &h, layout, cells); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, rows.Err()
}

func (s *Service) openCells(ctx context.Context, h *Held, layout int64, packed []byte) (err error) {
	if h.Headings, err = s.ledger.Headings(ctx, layout); err != nil {
		return err
	}
	sealed, err := s.ledger.UnpackCells(h.Kind, packed)
	if err != nil {
		return err
	}
	if h.Cells, err = s.ledger.Unseal(sealed); err != nil {
		return err
	}
	for i := range sealed {
		h.Sealed = append(h.Sealed, sealed[i] != h.Cells[i])
	}
	for len(h.Cells) < len(h.Headings) {
		h.Cells, h.Sealed = append(h.Cells, ""), append(h.Sealed, false)
	}
	return nil
}

// OpenLoads counts the open rows of a source by load, newest load first.
func (s *Service) OpenLoads(ctx context.Context, source int64) (map[int64]int64, error) {
	rows, err := s.db.Query(ctx, "SELECT load, COUNT(*) FROM quarantine WHERE source = $1 AND state = 'open' GROUP BY load", source)
	if err != nil {
		return nil, fmt.Errorf("intake: counting quarantined rows: %w", err)
	}
	defer rows.Close()
	open := map[int64]int64{}
	for rows.Next() {
		var load, n int64
		if err := rows.Scan(&load, &n); err != nil {
			return nil, err
		}
		open[load] = n
	}
	return open, rows.Err()
}

// Mended is what became of a row that was mended in place.
type Mended struct {
	Held     Held             // with the new cells
	Findings []normal.Finding // what is wrong now; empty of blocking ones when the row was taken in
	Taken    bool             // the row is in the ledger
	Load     int64            // the load of the one row, when taken
}

// Mend changes cells of a quarantined row, by column, and takes the row in when nothing blocks it any
// more. A row that is still wrong keeps the new cells.
func (s *Service) Mend(ctx context.Context, load, row int64, edits map[int]string, by string) (m Mended, err error) {
	if m.Held, err = s.HeldRow(ctx, load, row); err != nil {
		return m, err
	}
	h := &m.Held
	for i, text := range edits {
		if i >= 0 && i < len(h.Cells) {
			h.Cells[i] = text
		}
	}
	c, err := s.Check(h.Kind, h.Headings, h.Cells)
	if err != nil {
		return m, err
	}
	m.Findings = c.Findings
	if c.Blocked {
		return m, s.keepMended(ctx, h, c)
	}
	src, err := s.SourceByID(ctx, h.Source)
	if err != nil {
		return m, err
	}
	r, err := s.Enter(ctx, Entry{Source: src.Code, Kind: h.Kind, By: by, Name: fmt.Sprintf("补正：第%d批第%d行", load, row),
		Headings: append(slices.Clone(h.Headings), normal.RefHeading), Rows: [][]string{append(slices.Clone(h.Cells), h.Ref())}})
	m.Load, m.Taken = r.ID, err == nil && r.Quarantined == 0
	return m, err
}

// keepMended stores the cells of a row that is still wrong.
func (s *Service) keepMended(ctx context.Context, h *Held, c Checked) error {
	sealed := s.sealCells(h.Cells, c.sealed)
	text, err := json.Marshal(fileFindings(h.Row, c.Findings))
	if err != nil {
		return err
	}
	layout, _, err := normal.Map(h.Headings, h.Kind)
	if err != nil {
		return err
	}
	l, err := s.leadOf(ctx, layout, h.Load, h.Row, sealed)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec("UPDATE quarantine SET cells = $1, findings = $2 WHERE load = $3 AND row = $4 AND state = 'open'",
			s.ledger.PackCells(h.Kind, sealed), string(text), h.Load, h.Row)
		if err != nil || n == 0 {
			return err
		}
		if err := dropLeads(tx, h.Load, h.Row); err != nil {
			return err
		}
		return s.keepLeads(tx, []lead{l})
	})
	if err != nil {
		return fmt.Errorf("intake: keeping a mended row: %w", err)
	}
	return nil
}

func (s *Service) sealCells(cells []string, sealed []int) []string {
	cells = slices.Clone(cells)
	for _, i := range sealed {
		cells[i] = s.ledger.Seal(cells[i])
	}
	return cells
}

func fileFindings(row int64, findings []normal.Finding) []FileFinding {
	all := make([]FileFinding, len(findings))
	for i, f := range findings {
		all[i] = FileFinding{Row: row, Field: f.Field, Code: f.Code, Message: f.Message, Fix: f.Fix, Block: f.Block}
	}
	return all
}

// What is wrong with a reason: it is kept, and read by the subject too.
var (
	ErrReason     = errors.New("请写明理由")
	ErrReasonLong = errors.New("理由不超过300字")
	ErrReasonID   = errors.New("理由中不要写身份证件号码")
)

// maxReason is how many characters a reason may have.
const maxReason = 300

func checkReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return ErrReason
	case utf8.RuneCountInString(reason) > maxReason:
		return ErrReasonLong
	case problem.HasIdentityNumber(reason):
		return ErrReasonID
	}
	return nil
}

// Drop gives up an open row of a load, or all of them when row is 0, with a reason. It returns how many.
func (s *Service) Drop(ctx context.Context, load, row int64, reason, by string) (n int64, err error) {
	if err := checkReason(reason); err != nil {
		return 0, err
	}
	note, err := json.Marshal(answer{Outcome: string(HeldDropped), Reason: reason, By: by, At: s.now().UnixMilli()})
	if err != nil {
		return 0, err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		query, args := "UPDATE quarantine SET state = 'dropped', note = $1 WHERE load = $2 AND state = 'open'", []any{string(note), load}
		if row != 0 {
			query, args = query+" AND row = $3", append(args, row)
		}
		if n, err = tx.Exec(query, args...); err != nil {
			return err
		}
		return dropLeads(tx, load, row)
	})
	if err != nil {
		return 0, fmt.Errorf("intake: dropping quarantined rows: %w", err)
	}
	return n, nil
}

// refColumn finds the column in which a mended quarantine file says where its rows come from.
func refColumn(header []string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == normal.RefHeading })
}

// restore puts identity numbers back that a quarantine file showed masked and that came back so.
func (p *preparer) restore(ctx context.Context, ref string, cells []string) ([]string, error) {
	load, row, ok := parseRef(ref)
	if !ok || !slices.ContainsFunc(cells, func(c string) bool { return strings.Contains(c, "**") }) {
		return cells, nil
	}
	h, err := p.j.s.heldRow(ctx, load, row) // in any state: a load that runs again finds its rows mended
	if errors.Is(err, ErrNotHeld) || err == nil && h.Source != p.j.load.Source {
		return cells, nil
	}
	if err != nil {
		return nil, err
	}
	cells = slices.Clone(cells)
	for i, heading := range p.j.layout.Header() {
		k := slices.Index(h.Headings, heading)
		if k >= 0 && i < len(cells) && h.Sealed[k] && normal.SafeCell(h.Shown(k)) == cells[i] {
			cells[i] = h.Cells[k]
		}
	}
	return cells, nil
}
