package publicity

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/pinyin"
)

// Query asks for public matters, newest first.
type Query struct {
	Tab    Tab
	Text   string // code, name, beginning of a name, or document number; empty for all
	Domain string // identifier; empty for all
	After  Cursor
	Limit  int
}

// Cursor is where a page ended; the zero value starts at the newest.
type Cursor struct {
	decided int64
	id      string
}

// String is the cursor as it stands in a link.
func (c Cursor) String() string {
	if c.id == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.decided, 10) + "." + c.id))
}

// ParseCursor reads what Cursor.String wrote; empty text is the zero cursor.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	day, id, ok := strings.Cut(string(text), ".")
	n, nerr := strconv.ParseInt(day, 10, 64)
	if err != nil || !ok || nerr != nil || id == "" {
		return Cursor{}, fmt.Errorf("publicity: %q is not a cursor", s)
	}
	return Cursor{n, id}, nil
}

// nameLimit is how many subjects the beginning of a name may mean.
const nameLimit = 40

const (
	selectColumns = "SELECT id, open_from, hidden_from, tab, kind, decided, subject, name, doc_no, authority, domain, disputed, body FROM "
	selectMatter  = selectColumns + "public_matter WHERE "
)

// List returns a page of what is public today. many tells that more subjects bear the name than were
// looked at.
func (s *Service) List(ctx context.Context, q Query) (page []Matter, next Cursor, many bool, err error) {
	if q.After.id == "" {
		q.After.decided = math.MaxInt64
	}
	var arms []arm
	if q.Text != "" {
		if arms, many, err = s.arms(ctx, q.Text); err != nil {
			return nil, Cursor{}, false, err
		}
	}
	page, err = s.newest(ctx, &q, arms)
	if err != nil {
		return nil, Cursor{}, false, fmt.Errorf("publicity: listing: %w", err)
	}
	if len(page) > q.Limit {
		page = page[:q.Limit]
		last := page[q.Limit-1]
		next = Cursor{int64(last.Decided), last.ID}
	}
	return page, next, many, nil
}

// arm is one way to what a person asks for, along an index of its own.
type arm struct{ column, value string }

// arms are the number and the subjects that text may mean; always as many, so that one statement serves.
func (s *Service) arms(ctx context.Context, text string) (all []arm, many bool, err error) {
	keys, many, err := s.find(ctx, text)
	if err != nil {
		return nil, false, err
	}
	all = []arm{{"doc_no", credit.NormalDocNo(text)}}
	for i := range nameLimit {
		key := ""
		if i < len(keys) {
			key = string(keys[i])
		}
		all = append(all, arm{"subject", key})
	}
	return all, many, nil
}

// newest is the page and at least one more of what is public today, if there is: of everything, or of all
// arms together.
func (s *Service) newest(ctx context.Context, q *Query, arms []arm) ([]Matter, error) {
	query, args := s.listQuery(q, arms)
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	page, err := scan(rows)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(page, func(a, b Matter) int { return cmp.Or(cmp.Compare(b.Decided, a.Decided), cmp.Compare(b.ID, a.ID)) })
	return slices.CompactFunc(page, func(a, b Matter) bool { return a.ID == b.ID && a.OpenFrom == b.OpenFrom }), nil
}

func (s *Service) listQuery(q *Query, arms []arm) (query string, args []any) {
	on := int64(s.today())
	args = []any{int64(q.Tab), on, on, q.After.decided, q.After.id, int64(q.Limit + 1)}
	where := "tab = $1 AND open_from <= $2 AND hidden_from > $3 AND (decided, id) < ($4, $5)"
	add := func(column, value string) string {
		args = append(args, value)
		return " AND " + column + " = $" + strconv.Itoa(len(args))
	}
	if q.Domain != "" {
		where += add("domain", q.Domain)
	}
	const order = " ORDER BY decided DESC, id DESC LIMIT $6"
	if len(arms) == 0 {
		return selectMatter + where + order, args
	}
	parts := make([]string, len(arms))
	for i, a := range arms {
		parts[i] = selectColumns + "(" + selectMatter + where + add(a.column, a.value) + order + ") AS a" + strconv.Itoa(i)
	}
	return strings.Join(parts, " UNION ALL "), args
}

// find resolves what a person types to subjects.
func (s *Service) find(ctx context.Context, text string) (keys []credit.Key, more bool, err error) {
	found, err := s.c.Ledger.Find(ctx, text, nameLimit)
	if err != nil {
		return nil, false, err
	}
	name := credit.NormalName(text)
	if len([]rune(name)) >= 2 {
		named, err := s.c.Ledger.NamesFrom(ctx, name, "", "", nameLimit)
		if err != nil {
			return nil, false, err
		}
		more = len(named) == nameLimit
		found = append(found, named...)
	}
	if initials, ok := pinyin.Typed(text); ok {
		named, err := s.c.Ledger.InitialsFrom(ctx, initials, "", "", nameLimit)
		if err != nil {
			return nil, false, err
		}
		more = more || len(named) == nameLimit
		for _, x := range named {
			found = append(found, x.Subject)
		}
	}
	for _, f := range found {
		if !f.Key.Person() && len(keys) < nameLimit && !slices.Contains(keys, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	return keys, more, nil
}

// ErrNotPublic says that there is no such matter, or that it is not public today: nobody learns which.
var ErrNotPublic = errors.New("publicity: no such public matter")

// Get returns a matter that is public today.
func (s *Service) Get(ctx context.Context, id string) (*Matter, error) {
	on := int64(s.today())
	rows, err := s.db.Query(ctx, selectMatter+"id = $1 AND open_from <= $2 AND hidden_from > $3", id, on, on)
	if err != nil {
		return nil, fmt.Errorf("publicity: reading a matter: %w", err)
	}
	all, err := scan(rows)
	if err != nil {
		return nil, fmt.Errorf("publicity: reading a matter: %w", err)
	}
	if len(all) == 0 {
		return nil, ErrNotPublic
	}
	return &all[0], nil
}

func scan(rows *sql.Rows) ([]Matter, error) {
	defer rows.Close()
	var all []Matter
	for rows.Next() {
		var x Matter
		var body string
		var disputed int64
		if err := rows.Scan(&x.ID, &x.OpenFrom, &x.HiddenFrom, &x.Tab, &x.Kind, &x.Decided, &x.Subject, &x.Name, &x.DocNo, &x.Authority,
			&x.Domain, &disputed, &body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &x.Detail); err != nil {
			return nil, err
		}
		x.Disputed = disputed != 0
		if x.HiddenFrom == never {
			x.HiddenFrom = 0
		}
		all = append(all, x)
	}
	return all, rows.Err()
}
