package publicity

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"xinban/internal/credit"
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

const selectMatter = "SELECT id, open_from, hidden_from, tab, kind, decided, subject, name, doc_no, authority, domain, disputed, body FROM public_matter WHERE "

// List returns a page of what is public today. many tells that more subjects bear the name than were
// looked at.
func (s *Service) List(ctx context.Context, q Query) (page []Matter, next Cursor, many bool, err error) {
	if q.After.id == "" {
		q.After.decided = math.MaxInt64
	}
	on := int64(s.today())
	where, args := "tab = $1 AND open_from <= $2 AND hidden_from > $3 AND (decided, id) < ($4, $5)", []any{int64(q.Tab), on, on, q.After.decided, q.After.id}
	add := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if q.Domain != "" {
		where += " AND domain = " + add(q.Domain)
	}
	if q.Text != "" {
		keys, more, err := s.find(ctx, q.Text)
		if err != nil {
			return nil, Cursor{}, false, err
		}
		many = more
		marks := make([]string, nameLimit) // one statement for any number of subjects
		for i := range marks {
			key := ""
			if i < len(keys) {
				key = string(keys[i])
			}
			marks[i] = add(key)
		}
		where += " AND (doc_no = " + add(credit.NormalDocNo(q.Text)) + " OR subject IN (" + strings.Join(marks, ", ") + "))"
	}
	rows, err := s.db.Query(ctx, selectMatter+where+" ORDER BY decided DESC, id DESC LIMIT "+add(int64(q.Limit+1)), args...)
	if err != nil {
		return nil, Cursor{}, false, fmt.Errorf("publicity: listing: %w", err)
	}
	if page, err = scan(rows); err != nil {
		return nil, Cursor{}, false, fmt.Errorf("publicity: listing: %w", err)
	}
	if len(page) > q.Limit {
		page = page[:q.Limit]
		last := page[q.Limit-1]
		next = Cursor{int64(last.Decided), last.ID}
	}
	return page, next, many, nil
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
	for _, f := range found {
		if !f.Key.Person() && len(keys) < nameLimit {
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
