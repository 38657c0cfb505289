package receive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// Profile is a need that a receiver has saved under a name.
type Profile struct {
	Name string `json:"name"`
	Need Need   `json:"need"`
}

// maxProfiles is how many a receiver may save.
const maxProfiles = 20

var (
	errNoProfile   = errors.New("receive: no such profile of this receiver")
	errProfileName = &RefusedError{"save", "模板名称请写在20字以内，不要填写证件号码"}
	errProfiles    = &RefusedError{"save", fmt.Sprintf("最多保存%d个模板，请先删除不用的", maxProfiles)}
)

// SaveProfile keeps a need under a name, in place of one of the same name.
func (s *Service) SaveProfile(ctx context.Context, who *Receiver, name string, n Need) error {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 20 || problem.HasIdentityNumber(name) {
		return errProfileName
	}
	all, err := s.Profiles(ctx, who)
	if err != nil {
		return err
	}
	if len(all) >= maxProfiles && !hasProfile(all, name) {
		return errProfiles
	}
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO receive_profile (receiver, name, need, saved) VALUES ($1, $2, $3, $4)
			ON CONFLICT (receiver, name) DO UPDATE SET need = excluded.need, saved = excluded.saved`, string(who.ID), name, string(body), s.c.Now().UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("receive: saving a profile: %w", err)
	}
	return nil
}

func hasProfile(all []Profile, name string) bool {
	for _, p := range all {
		if p.Name == name {
			return true
		}
	}
	return false
}

// Profiles lists the needs that a receiver has saved, by name.
func (s *Service) Profiles(ctx context.Context, who *Receiver) ([]Profile, error) {
	rows, err := s.db.Query(ctx, "SELECT name, need FROM receive_profile WHERE receiver = $1 ORDER BY name LIMIT $2", string(who.ID), int64(maxProfiles))
	if err != nil {
		return nil, fmt.Errorf("receive: listing profiles: %w", err)
	}
	defer rows.Close()
	var all []Profile
	for rows.Next() {
		var p Profile
		var need string
		if err := rows.Scan(&p.Name, &need); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(need), &p.Need); err != nil {
			return nil, fmt.Errorf("receive: reading a profile: %w", err)
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// Profile is the need that a receiver has saved under a name.
func (s *Service) Profile(ctx context.Context, who *Receiver, name string) (n Need, err error) {
	var need string
	err = s.db.QueryRow(ctx, "SELECT need FROM receive_profile WHERE receiver = $1 AND name = $2", string(who.ID), name).Scan(&need)
	if errors.Is(err, sql.ErrNoRows) {
		return n, errNoProfile
	}
	if err == nil {
		err = json.Unmarshal([]byte(need), &n)
	}
	if err != nil {
		return n, fmt.Errorf("receive: reading a profile: %w", err)
	}
	return n, nil
}

// DeleteProfile forgets a saved need.
func (s *Service) DeleteProfile(ctx context.Context, who *Receiver, name string) error {
	var n int64
	err := s.db.Tx(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.Exec("DELETE FROM receive_profile WHERE receiver = $1 AND name = $2", string(who.ID), name)
		return err
	})
	switch {
	case err != nil:
		return fmt.Errorf("receive: deleting a profile: %w", err)
	case n == 0:
		return errNoProfile
	}
	return nil
}

// values is a need as the desk's form has it.
func (n *Need) values() url.Values {
	return url.Values{"edition": {n.Edition}, "years": {strconv.Itoa(n.Years)}, "days": {strconv.Itoa(n.Days)}, "domain": n.Domains, "purpose": {n.Purpose}, "use": {n.Use}}
}

// noProfile says on a page that there is no such profile.
func noProfile(err error) error {
	if errors.Is(err, errNoProfile) {
		return problem.New(http.StatusNotFound, "no-profile")
	}
	return err
}

// saveAs keeps the need of a form when a name for it was entered.
func (p *pages) saveAs(ctx context.Context, who *Receiver, n Need, f *page.Form) error {
	name := strings.TrimSpace(f.Values.Get("save"))
	if name == "" {
		return nil
	}
	err := p.SaveProfile(ctx, who, name, n)
	if no := (*RefusedError)(nil); errors.As(err, &no) {
		f.Wrong = append(f.Wrong, page.Wrong{Field: no.Field, Text: no.Text})
		return nil
	}
	return err
}

// forgetProfile deletes a saved need.
func (p *pages) forgetProfile(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	if err := p.DeleteProfile(r.Context(), who, r.PostForm.Get("name")); err != nil {
		return noProfile(err)
	}
	http.Redirect(w, r, "/receive"+carried(r), http.StatusSeeOther)
	return nil
}
