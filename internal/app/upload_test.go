package app_test

import (
	"bytes"
	"crypto/rand"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/account"
	"xinban/internal/demo"
)

// Whatever is uploaded, to whichever route: when the answer is there, no file of it lies in the folder for temporary files.
func TestNothingOfAnUploadIsLeftInTheTemporaryFolder(t *testing.T) {
	w := setup(t, 40)
	key, _ := showcaseFirm()
	clerk := visit(t, w, "window")
	at := begun(t, clerk, key)
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	empty := func(after string) {
		t.Helper()
		left, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range left {
			t.Errorf("after %s the file %s is left", after, f.Name())
			_ = os.Remove(folder + "/" + f.Name()) // so that the next is seen alone
		}
	}
	scan := append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte("0"), 3<<20)...)
	if a := clerk.attach(at+"/paper", scan); a.Code != http.StatusSeeOther {
		t.Fatalf("a scan of 3 MB answers %d: %.300s", a.Code, a.Body)
	}
	empty("a signed paper")
	logins := map[account.Role]string{}
	for _, a := range demoAccounts() {
		logins[account.Role(a.Role)] = a.Login
	}
	part := regexp.MustCompile(`\{[^}]*\}`)
	for _, r := range w.Server.Routes() {
		if r.Method != http.MethodPost || r.Pattern == "/logout" || strings.HasPrefix(r.Pattern, "/clock") {
			continue
		}
		v := visit(t, w, logins[r.Access.Roles()[0]])
		a := v.uploadAnywhere(part.ReplaceAllString(r.Pattern, "sample"), scan)
		empty(r.Pattern)
		if a.Code >= 500 {
			t.Errorf("%s answers %d: %.200s", r.Pattern, a.Code, a.Body)
		}
	}
}

func demoAccounts() []demo.Account {
	p := demo.Default()
	return p.Accounts()
}

// uploadAnywhere sends one file under every name that a form of ours has for one.
func (v visitor) uploadAnywhere(target string, file []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("_idempotency", rand.Text()) // a buffer takes everything
	for _, name := range []string{"file", "paper"} {
		part, _ := m.CreateFormFile(name, "scan.pdf")
		_, _ = part.Write(file)
	}
	_ = m.Close()
	return v.send(http.MethodPost, target, m.FormDataContentType(), &b)
}
