package receive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"xinban/internal/consent"
	"xinban/internal/credit"
)

// verifyAll makes the rows of the files, as many at once as there are processors. Only a failure of the
// store is an error.
func (s *Service) verifyAll(ctx context.Context, files []file, need *Need) ([]Row, error) {
	rows := make([]Row, len(files))
	today := s.today()
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for i := range files {
		work.Go(func() (err error) {
			rows[i], err = s.verifyOne(ctx, &files[i], need, today)
			rows[i].No = i + 1
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("receive: verifying papers: %w", err)
	}
	twins(rows)
	return rows, nil
}

// verifyOne makes the row of a file. What makes the reader stumble is the file's fault, and its row says so.
func (s *Service) verifyOne(ctx context.Context, f *file, need *Need, today credit.Date) (r Row, err error) {
	defer func() {
		if p := recover(); p != nil {
			r, err = unread(f.name, f.size, "文件已损坏，无法读取"), nil
		}
	}()
	body, err := f.read()
	if err != nil {
		return unread(f.name, f.size, err.Error()), nil
	}
	p, err := s.c.Reports.Verify(ctx, body)
	if err != nil {
		return Row{}, err
	}
	r = judge(&p, need, today, s.domainName)
	sum := sha256.Sum256(body)
	r.File, r.Size, r.SHA256 = f.name, int64(len(body)), hex.EncodeToString(sum[:])
	return r, nil
}

// newer tells of each subject that allows it what is new since the paper. The uses are counted when the
// table is kept: told are the subjects of which something is said.
func (s *Service) newer(ctx context.Context, who *Receiver, rows []Row, purpose string) (told map[credit.Key]string, err error) {
	told = map[credit.Key]string{}
	for i := range rows {
		r := &rows[i]
		if !r.Genuine || r.Same != 0 {
			continue
		}
		if _, seen := told[r.Subject]; !seen {
			_, err := s.c.Consent.Permits(ctx, r.Subject, who.Whom, newerAct(who, purpose, r.Edition, consent.Conclusion))
			if refusal(err) {
				if r.Newer = "未获该主体授权，不查询"; purpose == "" {
					r.Newer = "未写明用途，不查询"
				}
				continue
			}
			if err != nil {
				return nil, err
			}
			told[r.Subject] = r.Edition
		}
		n, err := s.c.Reports.Since(ctx, r.Number)
		if err != nil {
			return nil, err
		}
		r.Newer = "出具后没有新增记录"
		if n == 0 {
			continue
		}
		r.Newer, r.Rank = "出具后有新增记录", min(r.Rank, Attend)
		if _, err := s.c.Consent.Permits(ctx, r.Subject, who.Whom, newerAct(who, purpose, r.Edition, consent.Counts)); err == nil {
			r.Newer = fmt.Sprintf("出具后新增%d条记录", n)
		}
	}
	return told, nil
}

// newerAct is being told whether there is anything newer than a paper, up to a level.
func newerAct(who *Receiver, purpose, edition string, level consent.Level) consent.Act {
	return consent.Act{Scope: consent.Read, Purpose: purpose, Edition: edition, Level: level, Kind: consent.Newer,
		Who: consent.Actor{ID: who.Access.ID, Name: who.Access.Name}}
}
