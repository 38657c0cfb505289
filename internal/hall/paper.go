package hall

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"

	"xinban/internal/problem"
	"xinban/internal/store"
)

// Paper is a signed paper or a drawing of a signature.
type Paper struct {
	Media string
	Body  []byte
}

// Limits of what is signed, in bytes and pixels.
const (
	maxPaper = 8 << 20
	// maxPaperBody is a form with a signed paper and an authorisation in it.
	maxPaperBody = 2*maxPaper + 1<<20
	maxDrawing   = 512 << 10
	maxWide      = 2400
	maxHigh      = 1600
)

// leastInk is from how many pixels a drawing is taken for a signature and not for a slip of the hand.
const leastInk = 200

// Digest is the proof in the consent: SHA-256 in hexadecimal.
func (p *Paper) Digest() string {
	sum := sha256.Sum256(p.Body)
	return hex.EncodeToString(sum[:])
}

// paperTypes are what a scan or photograph may be, told by its first bytes and not by its name.
var paperTypes = []string{"application/pdf", "image/jpeg", "image/png"}

func fieldWrong(field, key string) error {
	return problem.New(http.StatusUnprocessableEntity, "form").At(field, key)
}

// readPaper reads the uploaded scan or photograph of a paper: of what was signed, or of an authorisation.
func readPaper(r *http.Request, field string) (*Paper, error) {
	f, _, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, fieldWrong(field, "hall."+field+".missing")
	}
	if err != nil {
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxPaper+1))
	switch {
	case err != nil:
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	case len(body) == 0:
		return nil, fieldWrong(field, "hall."+field+".missing")
	case len(body) > maxPaper:
		return nil, fieldWrong(field, "hall.paper.large")
	}
	p := &Paper{http.DetectContentType(body), body}
	if !slices.Contains(paperTypes, p.Media) {
		return nil, fieldWrong(field, "hall.paper.type")
	}
	return p, nil
}

// readDrawing reads what was drawn on a pad: a PNG as a data address.
func readDrawing(text string) (*Paper, error) {
	coded, ok := strings.CutPrefix(text, "data:image/png;base64,")
	if !ok || len(coded) > maxDrawing {
		return nil, fieldWrong("drawing", "hall.pad.empty")
	}
	body, err := base64.StdEncoding.DecodeString(coded)
	if err != nil {
		return nil, fieldWrong("drawing", "hall.pad.empty")
	}
	c, err := png.DecodeConfig(bytes.NewReader(body))
	if err != nil || c.Width > maxWide || c.Height > maxHigh {
		return nil, fieldWrong("drawing", "hall.pad.empty")
	}
	picture, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, fieldWrong("drawing", "hall.pad.empty")
	}
	ink := 0
	for y := range c.Height {
		for x := range c.Width {
			if _, _, _, a := picture.At(x, y).RGBA(); a > 0x8000 {
				ink++
			}
		}
	}
	if ink < leastInk {
		return nil, fieldWrong("drawing", "hall.pad.empty")
	}
	return &Paper{"image/png", body}, nil
}

// keepPaper stores what was signed or shown, encrypted.
func (s *Service) keepPaper(tx *store.Tx, table string, v *Visit, p *Paper) error {
	if p == nil {
		return nil
	}
	_, err := tx.Exec("INSERT INTO "+table+" (subject, visit, media, body) VALUES ($1, $2, $3, $4)", string(v.Subject), v.ID, p.Media, []byte(s.Ledger.Seal(string(p.Body))))
	if err != nil {
		return fmt.Errorf("hall: keeping a signed paper: %w", err)
	}
	return nil
}

// paper returns what was signed at a visit, nil when nothing is kept.
func (s *Service) paper(ctx context.Context, v *Visit) (*Paper, error) {
	return s.kept(ctx, "hall_paper", v)
}

// authority returns the authorisation that an agent showed, nil when nothing is kept.
func (s *Service) authority(ctx context.Context, v *Visit) (*Paper, error) {
	return s.kept(ctx, "hall_authority", v)
}

func (s *Service) kept(ctx context.Context, table string, v *Visit) (*Paper, error) {
	var p Paper
	var sealed []byte
	err := s.db.QueryRow(ctx, "SELECT media, body FROM "+table+" WHERE subject = $1 AND visit = $2", string(v.Subject), v.ID).Scan(&p.Media, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("hall: reading a signed paper: %w", err)
	}
	open, err := s.Ledger.Unseal([]string{string(sealed)})
	if err != nil {
		return nil, err
	}
	p.Body = []byte(open[0])
	return &p, nil
}
