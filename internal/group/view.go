package group

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

// View is a request as it stands.
type View struct {
	ID       string
	Subject  credit.Key
	Title    string
	State    casework.State
	Settings Settings
	By       string // name of the asker
	Of       string // the request that it renews or completes
	Missing  bool   // it completes Of
	Opened   time.Time
	Members  []MemberView
	Ended    int // members that are through
	Issued   int
}

// MemberView is a member as it stands.
type MemberView struct {
	No     int
	Key    credit.Key // empty when not known
	Given  string
	Name   string
	Note   string
	Reason string
	Number string // of its report
	Asks   bool   // it was refused because the subject has not consented
	State  casework.State

	Status Status // of its report, where [Service.Stand] was asked
	Asking Asking // likewise, where it Asks
}

// errNone answers for a request that does not exist and for one that is not the caller's alike.
func errNone() error { return problem.New(http.StatusNotFound, "no-group") }

// find returns a request to those who act for its parent.
func (s *Service) find(ctx context.Context, id string) (casework.Case, error) {
	c, err := s.Cases.Find(ctx, id)
	if errors.Is(err, casework.ErrNoCase) {
		return c, errNone()
	}
	if err == nil && (c.Kind != Kind || !account.From(ctx).MayActFor(c.Subject)) {
		return c, errNone()
	}
	return c, err
}

// View returns a request with its members to those who act for its parent.
func (s *Service) View(ctx context.Context, id string) (*View, error) {
	c, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	v, err := head(&c)
	if err != nil {
		return nil, err
	}
	members, err := s.Cases.Family(ctx, &c)
	if err != nil {
		return nil, err
	}
	for i := range members {
		var m member
		if err := json.Unmarshal(members[i].Data, &m); err != nil {
			return nil, fmt.Errorf("group: reading member %s: %w", members[i].ID, err)
		}
		x := MemberView{No: i + 1, Key: members[i].Subject, Given: m.Given, Name: m.Name, Note: m.Note, Reason: m.Reason, Number: m.Number, Asks: m.Asks,
			State: members[i].State}
		if m.Name == "" { // it lies with the parent because its subject is not known
			x.Key, x.Name = "", m.Given
		}
		if members[i].Closed != 0 {
			v.Ended++
		}
		if x.State == Issued {
			v.Issued++
		}
		v.Members = append(v.Members, x)
	}
	return v, nil
}

// Progress is how far a request is.
type Progress struct {
	ID     string
	State  casework.State
	Total  int
	Ended  int
	Issued int
}

// Through tells that no member waits any more.
func (p *Progress) Through() bool { return p.State != Running }

// Progress returns how far a request is to those who act for its parent, without reading its members.
func (s *Service) Progress(ctx context.Context, id string) (*Progress, error) {
	c, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	var q request
	if err := json.Unmarshal(c.Data, &q); err != nil {
		return nil, fmt.Errorf("group: reading request %s: %w", c.ID, err)
	}
	p := &Progress{ID: c.ID, State: c.State, Total: q.Total}
	rows, err := s.DB.Query(ctx, "SELECT state, COUNT(*) FROM group_end WHERE subject = $1 AND id = $2 GROUP BY state", string(c.Subject), c.ID)
	if err != nil {
		return nil, fmt.Errorf("group: counting what has ended: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var state casework.State
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("group: counting what has ended: %w", err)
		}
		if p.Ended += n; state == Issued {
			p.Issued = n
		}
	}
	return p, rows.Err()
}

func head(c *casework.Case) (*View, error) {
	var q request
	if err := json.Unmarshal(c.Data, &q); err != nil {
		return nil, fmt.Errorf("group: reading request %s: %w", c.ID, err)
	}
	return &View{ID: c.ID, Subject: c.Subject, Title: c.Title, State: c.State, Settings: q.Settings, By: q.Asker.Name, Of: q.Of, Missing: q.Missing,
		Opened: time.UnixMilli(c.Opened).UTC()}, nil
}
