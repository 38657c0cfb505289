package platform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// The settings.
const (
	syncDays  = "sync_wd"              // working days in which a platform follows
	replyDays = "third_party_reply_wd" // working days in which a third party answers a letter
	naming    = "third_party_naming"   // 1 when third parties that do not answer are named in public
)

// defaults are the settings that nobody changed. They are practice and proposals, no law.
var defaults = map[string]int64{syncDays: DefaultSync, replyDays: DefaultReply, naming: 0}

// Setting is a value that an office may change.
type Setting struct {
	Name  string
	Value int64
	Basis string // the text on which it rests, empty for none
	By    string // login of who set it, empty for the default
	At    int64  // UTC ms
}

// What is wrong with a setting.
var (
	ErrSetting = errors.New("设置有误")
	ErrBasis   = errors.New("公开曝光第三方须先写明依据（文件名称、文号和条款），没有依据不能开启")
)

// Settings lists the settings, by name.
func (s *Service) Settings(ctx context.Context) ([]Setting, error) {
	all, err := scanSettings(s.c.DB.Query(ctx, "SELECT name, value, basis, by_, at FROM platform_setting ORDER BY name"))
	for name, v := range defaults {
		if err == nil && !slices.ContainsFunc(all, func(x Setting) bool { return x.Name == name }) {
			all = append(all, Setting{Name: name, Value: v})
		}
	}
	slices.SortFunc(all, func(a, b Setting) int { return strings.Compare(a.Name, b.Name) })
	return all, err
}

func scanSettings(rows *sql.Rows, err error) (all []Setting, _ error) {
	if err != nil {
		return nil, fmt.Errorf("platform: reading settings: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x Setting
		if err := rows.Scan(&x.Name, &x.Value, &x.Basis, &x.By, &x.At); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

// Set changes a setting.
func (s *Service) Set(ctx context.Context, x Setting) error {
	x.Basis = strings.TrimSpace(x.Basis)
	switch _, known := defaults[x.Name]; {
	case !known:
		return fmt.Errorf("%w：没有“%s”这一项", ErrSetting, x.Name)
	case x.Name == naming && x.Value != 0 && x.Value != 1:
		return fmt.Errorf("%w：公开曝光只能是0（关闭）或1（开启）", ErrSetting)
	case x.Name == naming && x.Value == 1 && x.Basis == "":
		return ErrBasis
	case x.Name != naming && (x.Value < 1 || x.Value > 250):
		return fmt.Errorf("%w：工作日数应为1至250", ErrSetting)
	}
	err := s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO platform_setting (name, value, basis, by_, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value, basis = excluded.basis, by_ = excluded.by_, at = excluded.at`, x.Name, x.Value, x.Basis, x.By, s.now())
		return err
	})
	if err != nil {
		return fmt.Errorf("platform: writing a setting: %w", err)
	}
	return nil
}

// Naming tells whether third parties that do not answer may be named in public, and on what basis.
func (s *Service) Naming(ctx context.Context) (on bool, basis string, err error) {
	all, err := scanSettings(s.c.DB.Query(ctx, "SELECT name, value, basis, by_, at FROM platform_setting WHERE name = $1", naming))
	if err != nil || len(all) == 0 {
		return false, "", err
	}
	return all[0].Value == 1 && all[0].Basis != "", all[0].Basis, nil
}

func (s *Service) days(tx *store.Tx, name string) (int, error) {
	all, err := scanSettings(tx.Query("SELECT name, value, basis, by_, at FROM platform_setting WHERE name = $1", name))
	if err != nil || len(all) == 0 {
		return int(defaults[name]), err
	}
	return int(all[0].Value), nil
}

// newDay is the last day of a clock that begins today.
func (s *Service) newDay(tx *store.Tx, name string) (credit.Date, bool, error) {
	n, err := s.days(tx, name)
	r := s.c.Calendar.Add(s.today(), n)
	return r.Date, r.Provisional, err
}
