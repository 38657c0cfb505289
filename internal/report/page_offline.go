package report

import (
	"net/http"
	"strconv"
)

// What is needed to verify without a network: whose signatures to believe, and what is no longer in force.

func (p *pages) giveTrust(w http.ResponseWriter, _ *http.Request) error {
	return give(w, "application/x-pem-file", "trust.pem", p.c.Keys.TrustPEM())
}

func (p *pages) giveStatusList(w http.ResponseWriter, r *http.Request) error {
	body, err := p.list.get(r.Context(), p.Service)
	if err != nil {
		return err
	}
	return give(w, "application/json", "status-list.json", body)
}

// give sends a file that is everybody's and that caches may keep.
func give(w http.ResponseWriter, media, name string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "public, max-age=600")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the client is gone; nothing to do
	return nil
}
