package hall

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// App is an app of the province that embeds the pages.
type App struct {
	ID      string
	Name    string
	Origins []string // of the pages that may frame ours
	Persons bool     // it may ask for natural persons too
	Daily   int64    // tickets a day at most
}

// UsualDaily is how many tickets an app gets a day where nothing else is said.
const UsualDaily = 500

// How long a ticket may wait for the browser and a session lasts.
const (
	ticketLife = 60 * time.Second
	embedLife  = 20 * time.Minute
)

// appPrefix lets a scanner for leaked secrets recognise one.
const appPrefix = "xinbanapp_"

// Register adds an app, gives it its number and returns its secret, which is kept hashed only. Origins are such as https://app.example;
// Daily 0 is [UsualDaily].
func (s *Service) Register(ctx context.Context, a *App) (secret string, err error) {
	if a.Daily == 0 {
		a.Daily = UsualDaily
	}
	if err := a.check(); err != nil {
		return "", err
	}
	list, err := json.Marshal(a.Origins)
	if err != nil {
		return "", err
	}
	a.ID = newID()
	secret = appPrefix + a.ID + "_" + rand.Text()
	persons := int64(0)
	if a.Persons {
		persons = 1
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO hall_app (id, name, origins, secret, created, closed, persons, daily) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)",
			a.ID, a.Name, string(list), digest("app", secret), s.Now().UnixMilli(), persons, a.Daily)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hall: registering an app: %w", err)
	}
	return secret, nil
}

// check tells what is wrong with an app that is to be registered.
func (a *App) check() error {
	if a.Name = strings.TrimSpace(a.Name); a.Name == "" || len([]rune(a.Name)) > 40 {
		return errors.New("请写明应用名称，最多40字")
	}
	if a.Daily < 1 || a.Daily > 1_000_000 {
		return errors.New("每日办理次数（--daily）请填1至1000000")
	}
	if len(a.Origins) == 0 {
		return errors.New("请用 --origin 写明应用页面的来源，例如 https://app.example.cn")
	}
	for _, o := range a.Origins {
		if err := checkOrigin(o); err != nil {
			return err
		}
	}
	return nil
}

// checkOrigin refuses what is no origin: it goes into a header.
func checkOrigin(o string) error {
	u, err := url.Parse(o)
	plain := err == nil && u.Host != "" && o == u.Scheme+"://"+u.Host && !strings.ContainsAny(o, " ;,'\"*")
	local := plain && (u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
	if !plain || u.Scheme != "https" && !(u.Scheme == "http" && local) {
		return fmt.Errorf("“%s”不是应用页面的来源：应为 https://主机名，不带路径", o)
	}
	return nil
}

// CloseApp ends an app: its secret, tickets and sessions stop at once.
func (s *Service) CloseApp(ctx context.Context, id string) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec("UPDATE hall_app SET closed = $2 WHERE id = $1 AND closed = 0", id, s.Now().UnixMilli())
		if err == nil && n == 0 {
			err = fmt.Errorf("没有编号为%s的应用", id)
		}
		return err
	})
}

// Apps lists up to limit apps that are not closed, after the given number.
func (s *Service) Apps(ctx context.Context, after string, limit int) ([]App, error) {
	rows, err := s.db.Query(ctx, "SELECT "+appColumns+" FROM hall_app WHERE id > $1 AND closed = 0 ORDER BY id LIMIT $2", after, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("hall: listing apps: %w", err)
	}
	defer rows.Close()
	var all []App
	for rows.Next() {
		a, err := scanApp(rows)
		if err != nil {
			return nil, fmt.Errorf("hall: listing apps: %w", err)
		}
		all = append(all, *a)
	}
	return all, rows.Err()
}

// app returns an app that is not closed; nil when there is none.
func (s *Service) app(ctx context.Context, id string) (*App, error) {
	a, err := scanApp(s.db.QueryRow(ctx, "SELECT "+appColumns+" FROM hall_app WHERE id = $1 AND closed = 0", id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: reading an app: %w", err)
	}
	return a, nil
}

const appColumns = "id, name, origins, persons, daily"

func scanApp(row interface{ Scan(...any) error }) (*App, error) {
	var a App
	var origins string
	var persons int64
	if err := row.Scan(&a.ID, &a.Name, &origins, &persons, &a.Daily); err != nil {
		return nil, err
	}
	a.Persons = persons == 1
	return &a, json.Unmarshal([]byte(origins), &a.Origins)
}

// bySecret returns the app of a secret; nil when it is nobody's.
func (s *Service) bySecret(ctx context.Context, secret string) (*App, error) {
	rest, ok := strings.CutPrefix(secret, appPrefix)
	id, _, cut := strings.Cut(rest, "_")
	if !ok || !cut || len(secret) > 200 {
		return nil, nil
	}
	var kept string
	err := s.db.QueryRow(ctx, "SELECT secret FROM hall_app WHERE id = $1", id).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) || err == nil && kept != digest("app", secret) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: reading an app: %w", err)
	}
	return s.app(ctx, id)
}

// ticket makes a ticket with which a browser may begin, once, for a subject that the app has identified its user with.
func (s *Service) ticket(ctx context.Context, a *App, key credit.Key) (ticket string, err error) {
	if key.Person() && !a.Persons {
		return "", problem.New(http.StatusForbidden, "app-persons")
	}
	ticket = rand.Text() + rand.Text()
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		if err := s.countTicket(tx, a); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO hall_ticket (id, app, subject, expires) VALUES ($1, $2, $3, $4)",
			digest("ticket", ticket), a.ID, string(key), s.Now().Add(ticketLife).UnixMilli())
		if err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Subject: key, At: s.Now(), Actor: a.actor(key), Action: audit.Search})
	})
	if err != nil {
		return "", fmt.Errorf("hall: making a ticket: %w", err)
	}
	return ticket, nil
}

// countTicket counts a ticket of today and refuses the one after the last.
func (s *Service) countTicket(tx *store.Tx, a *App) error {
	n, err := tx.Exec(`INSERT INTO hall_app_day (app, day, tickets) VALUES ($1, $2, 1)
		ON CONFLICT (app, day) DO UPDATE SET tickets = hall_app_day.tickets + 1 WHERE hall_app_day.tickets < $3`, a.ID, int64(s.today()), a.Daily)
	if err == nil && n == 0 {
		err = problem.New(http.StatusTooManyRequests, "app-daily", a.Daily)
	}
	return err
}

// actor is the app's user in the access log: who acts for a firm, or the person itself.
func (a *App) actor(subject credit.Key) audit.Actor {
	role := account.Enterprise
	if subject.Person() {
		role = account.Public
	}
	return audit.Actor{ID: "app:" + a.ID, Name: a.Name, Role: string(role), Channel: string(InApp)}
}

// errTicket says that a ticket is unknown, used, over, or of an app that is closed.
var errTicket = errors.New("hall: the ticket is not good")

// redeem exchanges a ticket for a session, once: of two at once, one gets it.
func (s *Service) redeem(ctx context.Context, ticket string) (session string, a *App, err error) {
	if len(ticket) > 100 {
		return "", nil, errTicket
	}
	id, now := digest("ticket", ticket), s.Now()
	var app string
	var key credit.Key
	var expires int64
	err = s.db.QueryRow(ctx, "SELECT app, subject, expires FROM hall_ticket WHERE id = $1", id).Scan(&app, &key, &expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && now.UnixMilli() >= expires {
		return "", nil, errTicket
	}
	if err != nil {
		return "", nil, fmt.Errorf("hall: reading a ticket: %w", err)
	}
	if a, err = s.app(ctx, app); err != nil {
		return "", nil, err
	}
	if a == nil {
		return "", nil, errTicket
	}
	session = rand.Text() + rand.Text()
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec("DELETE FROM hall_ticket WHERE id = $1", id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errTicket
		}
		_, err = tx.Exec("INSERT INTO hall_embed (id, app, subject, expires) VALUES ($1, $2, $3, $4)", digest("embed", session), app, string(key), now.Add(embedLife).UnixMilli())
		return err
	})
	return session, a, err
}

// embedded is a session of an app's user.
type embedded struct {
	App     *App
	Subject credit.Key
}

// resume returns a session by its name; nil when it is unknown or over.
func (s *Service) resume(ctx context.Context, session string) (*embedded, error) {
	if session == "" || len(session) > 100 {
		return nil, nil
	}
	var e embedded
	var app string
	var expires int64
	err := s.db.QueryRow(ctx, "SELECT app, subject, expires FROM hall_embed WHERE id = $1", digest("embed", session)).Scan(&app, &e.Subject, &expires)
	if errors.Is(err, sql.ErrNoRows) || err == nil && s.Now().UnixMilli() >= expires {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: reading a session: %w", err)
	}
	if e.App, err = s.app(ctx, app); err != nil || e.App == nil {
		return nil, err
	}
	return &e, nil
}

// leave ends a session.
func (s *Service) leave(ctx context.Context, session string) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM hall_embed WHERE id = $1", digest("embed", session))
		return err
	})
}

func (s *Service) sweepEmbeds(ctx context.Context, now int64) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM hall_ticket WHERE expires <= $1", now); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM hall_embed WHERE expires <= $1", now)
		return err
	})
}
