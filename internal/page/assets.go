package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed static
var static embed.FS

// Assets are the embedded style sheets, scripts and pictures (静态资源). Each is served under an address
// that holds its digest, so browsers may keep it for ever and an upgrade is seen at once.
type Assets struct {
	byName map[string]*asset
	byURL  map[string]*asset
}

type asset struct {
	url, media, etag string
	body             []byte
	once             sync.Once
	zipped           []byte // nil when not smaller
}

// AssetRoot is the path under which assets lie.
const AssetRoot = "/static/"

// NewAssets returns the assets of the shell.
func NewAssets() (*Assets, error) {
	a := &Assets{map[string]*asset{}, map[string]*asset{}}
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, err
	}
	return a, a.Add(files)
}

// Add adds every file of files under its path.
func (a *Assets) Add(files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if a.byName[name] != nil {
			return fmt.Errorf("page: there is already an asset %q", name)
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		a.add(name, body)
		return nil
	})
}

func (a *Assets) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	short := hex.EncodeToString(sum[:8])
	ext := path.Ext(name)
	media := mime.TypeByExtension(ext)
	if media == "" {
		media = "text/plain; charset=utf-8"
	}
	x := &asset{url: AssetRoot + strings.TrimSuffix(name, ext) + "." + short + ext, media: media, etag: `"` + short + `"`, body: body}
	a.byName[name], a.byURL[x.url] = x, x
}

// URL returns the address of an asset by its name, such as "app.css".
func (a *Assets) URL(name string) (string, error) {
	x := a.byName[name]
	if x == nil {
		return "", fmt.Errorf("page: there is no asset %q", name)
	}
	return x.url, nil
}

// Serve answers with the asset at the request's path and tells whether there is one. The path is only
// looked up, never opened, so it cannot lead anywhere else.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request) bool {
	x := a.byURL[r.URL.Path]
	if x == nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", x.media)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", x.etag)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == x.etag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	body := x.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		x.once.Do(x.zip)
		if x.zipped != nil {
			body = x.zipped
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the client is gone; nothing to do
	return true
}

func (x *asset) zip() {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(x.body) // a buffer takes everything
	_ = z.Close()
	if b.Len() < len(x.body)*9/10 {
		x.zipped = b.Bytes()
	}
}
