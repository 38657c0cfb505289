package web

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"time"

	"xinban/internal/page"
	"xinban/internal/problem"
)

// inMemory is how much of a body is kept in memory; the rest goes to a temporary file.
const inMemory = 1 << 20

// A body must arrive with at least slowest bytes a second after grace, or the connection is given up.
const (
	slowest = 32 << 10
	grace   = 30 * time.Second
)

// body is a request's body, whole, in memory or in a temporary file.
type body struct {
	mem  []byte
	file *os.File
	size int64
}

func (b *body) reader() io.Reader {
	if b.file == nil {
		return bytes.NewReader(b.mem)
	}
	return io.NewSectionReader(b.file, 0, b.size)
}

func (b *body) close() {
	if b.file != nil {
		b.file.Close()
	}
}

// bound reads the whole body within its limits and puts it back into the request. That a body has
// arrived whole before anything is done also means that a cut upload does nothing.
func (s *Server) bound(w http.ResponseWriter, r *http.Request, limit int64) (*body, error) {
	if limit == 0 {
		limit = usualBody
	}
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close")
		return nil, problem.New(http.StatusRequestEntityTooLarge, "too-large", limit>>10)
	}
	b := &body{}
	if err := b.read(w, http.MaxBytesReader(w, r.Body, limit)); err != nil {
		b.close()
		return nil, fmt.Errorf("web: reading the body: %w", err)
	}
	r.Body = io.NopCloser(b.reader())
	return b, nil
}

func (b *body) read(w http.ResponseWriter, from io.Reader) error {
	began, control := time.Now(), http.NewResponseController(w) // the connection's own clock
	chunk := make([]byte, 64<<10)
	for {
		// not every writer has a deadline; a test's has none
		_ = control.SetReadDeadline(began.Add(grace + time.Duration(b.size/slowest)*time.Second))
		n, err := from.Read(chunk)
		if werr := b.write(chunk[:n]); werr != nil {
			return werr
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (b *body) write(p []byte) error {
	b.size += int64(len(p))
	if b.file == nil && b.size <= inMemory {
		b.mem = append(b.mem, p...)
		return nil
	}
	if b.file == nil {
		f, err := os.CreateTemp("", "xinban-body-*")
		if err != nil {
			return fmt.Errorf("making a temporary file: %w", err)
		}
		b.file = f
		// it has no name any more: nothing is left behind, however the program ends
		if err := os.Remove(f.Name()); err != nil {
			return fmt.Errorf("unlinking a temporary file: %w", err)
		}
		p, b.mem = append(b.mem, p...), nil
	}
	if _, err := b.file.Write(p); err != nil {
		return fmt.Errorf("writing a temporary file: %w", err)
	}
	return nil
}

// form reads what idempotency needs of a body: the key in its hidden field, and a digest of what it
// says. A multipart body is digested part by part, because a browser sends another boundary each time.
func (b *body) form(r *http.Request) (key string, sum []byte, err error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\x00", r.Method, r.URL.RequestURI())
	media, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // unknown media are plain bytes
	switch media {
	case "multipart/form-data":
		key, err = digestParts(h, multipart.NewReader(b.reader(), params["boundary"]))
	case "application/x-www-form-urlencoded":
		var values url.Values
		if values, err = url.ParseQuery(string(b.mem)); err == nil {
			key = values.Get(page.IdempotencyField)
		}
		fallthrough
	default:
		if _, cerr := io.Copy(h, b.reader()); cerr != nil {
			return "", nil, cerr
		}
	}
	if err != nil {
		return "", nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	return key, h.Sum(nil), nil
}

func digestParts(h hash.Hash, parts *multipart.Reader) (key string, err error) {
	for {
		p, err := parts.NextPart()
		if err == io.EOF { // exactly: a cut body is an error that wraps it
			return key, nil
		}
		if err != nil {
			return "", err
		}
		one := sha256.New()
		var to io.Writer = one
		var text bytes.Buffer
		if p.FormName() == page.IdempotencyField && p.FileName() == "" {
			to = io.MultiWriter(one, &text)
		}
		if _, err := io.Copy(to, p); err != nil {
			return "", err
		}
		if text.Len() > 0 {
			key = text.String()
		}
		fmt.Fprintf(h, "%q %q %x\x00", p.FormName(), p.FileName(), one.Sum(nil))
	}
}
