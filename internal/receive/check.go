package receive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

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
