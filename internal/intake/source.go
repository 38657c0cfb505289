package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Source is who sends files (数据来源单位).
type Source struct {
	ID    int64
	Code  string // what --source names, such as "lanhai-env"
	Name  string
	Organ string // the organ's code in the register, empty for none
	// Trial sources are open to every kind; a fresh store has one, "local".
	Trial bool
}

// Local is the trial source of a fresh store.
const Local = "local"

// Feed is one kind of matter from one source.
type Feed struct {
	Source   int64
	Kind     credit.Kind
	Basis    string // catalogue entry or recorded basis for gathering
	Snapshot bool   // each file is the whole list; absence proposes a removal
	Rhythm   int    // days within which the next file is due, at least 1
	// Domains are those for which the feed answers; none: for every domain, as a platform's. A trial
	// source's are those of which it has sent rows.
	Domains []string
	Since   credit.Date // earliest date for which the feed can answer

	LastArrival int64 // UTC ms, 0 for never
	Timeliness
}

// ErrNotInCatalogue says that a feed has neither a catalogue entry nor a recorded basis.
var ErrNotInCatalogue = errors.New("目录外不得归集：该来源没有登记这一类信息的目录条目或归集依据，请先由信用中心登记")

// ErrRhythm says that a feed does not say when its next file is due: it would never be late.
var ErrRhythm = fmt.Errorf("报送周期应为1至%d天", maxRhythm)

// maxRhythm is the longest rhythm of a feed in days.
const maxRhythm = 366

// ErrNoSource says that there is no source of a code.
var ErrNoSource = errors.New("请核对来源代码，或由信用中心先登记")

// EditSource changes the name and organ of a source; its code stays.
func (s *Service) EditSource(ctx context.Context, src Source) error {
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE source SET name = $1, organ = $2 WHERE id = $3", src.Name, src.Organ, src.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("intake: changing source %s: %w", src.Code, err)
	}
	return nil
}

// SourceByCode finds a source.
func (s *Service) SourceByCode(ctx context.Context, code string) (Source, error) {
	var src Source
	err := s.db.QueryRow(ctx, "SELECT id, code, name, organ, trial FROM source WHERE code = $1", code).
		Scan(&src.ID, &src.Code, &src.Name, &src.Organ, &src.Trial)
	if errors.Is(err, sql.ErrNoRows) {
		return src, fmt.Errorf("没有登记数据来源“%s”：%w", code, ErrNoSource)
	}
	return src, err
}

// SourceByID finds a source by its number.
func (s *Service) SourceByID(ctx context.Context, id int64) (Source, error) {
	var src Source
	err := s.db.QueryRow(ctx, "SELECT id, code, name, organ, trial FROM source WHERE id = $1", id).
		Scan(&src.ID, &src.Code, &src.Name, &src.Organ, &src.Trial)
	if err != nil {
		return src, fmt.Errorf("intake: looking for source %d: %w", id, err)
	}
	return src, nil
}

// Sources lists all sources by code.
func (s *Service) Sources(ctx context.Context) ([]Source, error) {
	rows, err := s.db.Query(ctx, "SELECT id, code, name, organ, trial FROM source ORDER BY code")
	if err != nil {
		return nil, fmt.Errorf("intake: listing sources: %w", err)
	}
	defer rows.Close()
	var all []Source
	for rows.Next() {
		var src Source
		if err := rows.Scan(&src.ID, &src.Code, &src.Name, &src.Organ, &src.Trial); err != nil {
			return nil, err
		}
		all = append(all, src)
	}
	return all, rows.Err()
}

// AddSource registers a source, or returns the one with the same code.
func (s *Service) AddSource(ctx context.Context, src Source) (Source, error) {
	err := s.ledger.Change(ctx, func(tx *store.Tx) error {
		err := tx.QueryRow("SELECT id FROM source WHERE code = $1", src.Code).Scan(&src.ID)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err := tx.QueryRow("SELECT COALESCE(MAX(id), 0) + 1 FROM source").Scan(&src.ID); err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO source (id, code, name, organ, trial) VALUES ($1, $2, $3, $4, $5)",
			src.ID, src.Code, src.Name, src.Organ, flag(src.Trial))
		return err
	})
	if err != nil {
		return src, fmt.Errorf("intake: registering source %s: %w", src.Code, err)
	}
	return src, nil
}

// AddFeed registers a feed or changes its terms; what has arrived stays counted.
func (s *Service) AddFeed(ctx context.Context, f Feed) error {
	defer s.forget()
	switch {
	case f.Basis == "":
		return ErrNotInCatalogue
	case f.Rhythm < 1 || f.Rhythm > maxRhythm:
		return ErrRhythm
	}
	domains, err := json.Marshal(f.Domains)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO feed (source, kind, basis, snapshot, rhythm, domains, since, last_arrival, row_count, bad_count, late_publish, late_arrive)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0)
			ON CONFLICT (source, kind) DO UPDATE SET basis = excluded.basis, snapshot = excluded.snapshot, rhythm = excluded.rhythm,
			domains = excluded.domains, since = excluded.since`,
			f.Source, int64(f.Kind), f.Basis, flag(f.Snapshot), int64(f.Rhythm), string(domains), int64(f.Since))
		return err
	})
	if err != nil {
		return fmt.Errorf("intake: registering a feed: %w", err)
	}
	return nil
}

// Feeds lists all feeds, by source and kind.
func (s *Service) Feeds(ctx context.Context) ([]Feed, error) {
	rows, err := s.db.Query(ctx, `SELECT source, kind, basis, snapshot, rhythm, domains, since, last_arrival, row_count, bad_count,
		late_publish, late_arrive FROM feed ORDER BY source, kind`)
	if err != nil {
		return nil, fmt.Errorf("intake: listing feeds: %w", err)
	}
	defer rows.Close()
	var all []Feed
	for rows.Next() {
		var f Feed
		var domains string
		if err := rows.Scan(&f.Source, &f.Kind, &f.Basis, &f.Snapshot, &f.Rhythm, &domains, &f.Since, &f.LastArrival,
			&f.Rows, &f.Bad, &f.LatePublish, &f.LateArrive); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(domains), &f.Domains); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// feed returns the feed through which source may send kind; a trial source gets one as it goes.
func (s *Service) feed(ctx context.Context, src Source, kind credit.Kind) (Feed, error) {
	feeds, err := s.Feeds(ctx)
	if err != nil {
		return Feed{}, err
	}
	for _, f := range feeds {
		if f.Source == src.ID && f.Kind == kind {
			return f, nil
		}
	}
	if !src.Trial {
		return Feed{}, ErrNotInCatalogue
	}
	f := Feed{Source: src.ID, Kind: kind, Basis: "试用来源，对目录内各类信息开放", Rhythm: 30}
	err = s.db.Tx(ctx, func(tx *store.Tx) error { // another load may have made it meanwhile, and widened it
		return tx.InsertMissing("feed", feedColumns, [][]any{{f.Source, int64(f.Kind), f.Basis, flag(f.Snapshot), int64(f.Rhythm), "[]", int64(f.Since), int64(0), int64(0), int64(0), int64(0), int64(0)}})
	})
	if err != nil {
		return f, fmt.Errorf("intake: opening a feed of a trial source: %w", err)
	}
	return f, nil
}

var feedColumns = []string{"source", "kind", "basis", "snapshot", "rhythm", "domains", "since", "last_arrival", "row_count", "bad_count", "late_publish", "late_arrive"}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
