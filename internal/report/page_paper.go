package report

import (
	"context"
	"net/http"

	"xinban/internal/audit"
	"xinban/internal/credit"
)

// Paper is what is said of a signed paper that is no report, such as a statement of circumstances.
type Paper struct {
	Title     string
	Subject   credit.Key
	Number    string
	Unaltered bool
	Trusted   bool
	Issuer    string
	Status    Status
	Reasons   []string
	Facts     [][2]string // what it says, as pairs; none when that cannot be told
}

// Papers verifies them. Both return nil for what is none of theirs.
type Papers interface {
	LookUp(ctx context.Context, number, code string) (*Paper, error)
	VerifyFile(ctx context.Context, file []byte) (*Paper, error)
}

type paperData struct {
	*Paper
	File bool
}

// answerOther shows the three answers about another paper, and notes that it was verified.
func (p *pages) answerOther(w http.ResponseWriter, r *http.Request, x *Paper, file bool, err error) error {
	if err != nil {
		return err
	}
	if len(x.Facts) > 0 {
		if err := p.record(r.Context(), x.Subject, audit.Verify, x.Title, x.Number); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, r, http.StatusOK, "verify_paper", paperData{x, file})
}
