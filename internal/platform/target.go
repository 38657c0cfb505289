package platform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"xinban/internal/store"
)

// Kind is what a platform is.
type Kind string

// The kinds.
const (
	Official   Kind = "official"    // shows all matters by its office
	Sector     Kind = "sector"      // a system of one or more sectors
	ThirdParty Kind = "third_party" // copies what is public, by subscription
)

// Manner is what a platform does with a matter that has ended.
type Manner string

// The manners.
const (
	Hide Manner = "hide" // shows it no more
	Mark Manner = "mark" // may show it, marked as repaired
)

// Target is a platform that shows matters (同步目标); configuration.
type Target struct {
	ID      string
	Name    string
	Kind    Kind
	Push    string   // address that takes effects
	Page    string   // address of a matter's public page or API, with {matter}, {code} and {doc} in place of what it is about
	Secret  string   // shared, at least 16 characters
	Sectors []string // of which it shows matters; empty for all, but for a [Sector]
	Manner  Manner
	Place   int64 // in lists, the lowest first
	Closed  bool  // is told nothing any more
}

// ErrTarget says that a platform is not set up as it must be.
var ErrTarget = errors.New("平台设置有误")

var targetID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Check tells what is wrong with the settings.
func (t *Target) Check() error {
	switch {
	case !targetID.MatchString(t.ID):
		return fmt.Errorf("%w：编号应为小写字母、数字和连字符，至多40个", ErrTarget)
	case strings.TrimSpace(t.Name) == "":
		return fmt.Errorf("%w：%s没有名称", ErrTarget, t.ID)
	case t.Kind != Official && t.Kind != Sector && t.Kind != ThirdParty:
		return fmt.Errorf("%w：%s的类型应为 official、sector 或 third_party", ErrTarget, t.Name)
	case t.Kind == Sector && len(t.Sectors) == 0:
		return fmt.Errorf("%w：%s是行业系统，请写明所属行业", ErrTarget, t.Name)
	case t.Manner != Hide && t.Manner != Mark:
		return fmt.Errorf("%w：%s的处理方式应为 hide 或 mark", ErrTarget, t.Name)
	case !strings.Contains(t.Page, "{matter}") && !strings.Contains(t.Page, "{doc}"):
		return fmt.Errorf("%w：%s的公示页面地址应含 {matter} 或 {doc}", ErrTarget, t.Name)
	case len(t.Secret) < 16:
		return fmt.Errorf("%w：%s的密钥至少16个字符", ErrTarget, t.Name)
	}
	return errors.Join(t.address("推送", t.Push), t.address("公示页面", t.Page))
}

// address is checked: what is sent goes by TLS, or to this machine.
func (t *Target) address(what, text string) error {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(text))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w：%s的%s地址应为 https://主机/路径", ErrTarget, t.Name, what)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return fmt.Errorf("%w：%s的%s地址必须使用 https（本机地址除外）", ErrTarget, t.Name, what)
	}
	return nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// shows tells whether the platform shows matters of a sector.
func (t *Target) shows(sector string) bool {
	return !t.Closed && (len(t.Sectors) == 0 || slices.Contains(t.Sectors, sector))
}

// SetTarget writes a platform, new or changed. What it was not told yet is tried at once.
func (s *Service) SetTarget(ctx context.Context, t Target) error {
	if err := t.Check(); err != nil {
		return err
	}
	err := s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO platform_target (id, name, kind, push, page, secret, sectors, manner, place, closed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, push = excluded.push, page = excluded.page, secret = excluded.secret,
				sectors = excluded.sectors, manner = excluded.manner, place = excluded.place, closed = excluded.closed`,
			t.ID, t.Name, string(t.Kind), t.Push, t.Page, s.sealed(t.ID, t.Secret), strings.Join(t.Sectors, ","), string(t.Manner), t.Place, number(t.Closed))
		if err != nil {
			return err
		}
		return s.c.Outbox.Revive(tx, Scheme+":"+t.ID)
	})
	s.c.Outbox.Wake()
	if err != nil {
		return fmt.Errorf("platform: writing a platform: %w", err)
	}
	return nil
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const targetColumns = "id, name, kind, push, page, secret, sectors, manner, place, closed"

func (s *Service) scanTargets(rows *sql.Rows, err error) (all []Target, _ error) {
	if err != nil {
		return nil, fmt.Errorf("platform: listing platforms: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t Target
		var sectors string
		var closed int64
		if err := rows.Scan(&t.ID, &t.Name, &t.Kind, &t.Push, &t.Page, &t.Secret, &sectors, &t.Manner, &t.Place, &closed); err != nil {
			return nil, err
		}
		if t.Secret, err = s.opened(t.ID, t.Secret); err != nil {
			return nil, err
		}
		t.Closed = closed != 0
		if sectors != "" {
			t.Sectors = strings.Split(sectors, ",")
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b Target) int { return int(a.Place - b.Place) })
	return all, rows.Err()
}

// Targets lists the platforms, by their place.
func (s *Service) Targets(ctx context.Context) ([]Target, error) {
	return s.scanTargets(s.c.DB.Query(ctx, "SELECT "+targetColumns+" FROM platform_target ORDER BY id"))
}

func (s *Service) target(ctx context.Context, id string) (t Target, err error) {
	all, err := s.scanTargets(s.c.DB.Query(ctx, "SELECT "+targetColumns+" FROM platform_target WHERE id = $1", id))
	if err == nil && len(all) == 0 {
		err = ErrNoTarget
	}
	if err != nil {
		return t, err
	}
	return all[0], nil
}
