package repair

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// download gives a paper of a case of a kind.
func (p *pages) download(kind string, write func(context.Context, *casework.Case, string) ([]byte, error)) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		c, err := p.find(ctx, r.PathValue("id"), kind)
		if err != nil {
			return err
		}
		name := r.PathValue("paper")
		file, err := write(ctx, c, name)
		if errors.Is(err, ErrNoPaper) {
			return problem.New(http.StatusNotFound, "no-repair-paper")
		}
		if err != nil {
			return err
		}
		me := account.From(ctx)
		if err := p.c.DB.Tx(ctx, func(tx *store.Tx) error { return p.log(tx, me, c.Subject, audit.Download) }); err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", "application/pdf")
		h.Set("Content-Length", strconv.Itoa(len(file)))
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Disposition", `attachment; filename="`+c.ID+"-"+name+`.pdf"`)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(file) // the client is gone; nothing to do
		return nil
	}
}
