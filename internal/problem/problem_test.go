package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/problem"
)

func responder(log *strings.Builder) *problem.Responder {
	return &problem.Responder{
		Lang: func(*http.Request) string { return "en" },
		T: func(lang, key string, args ...any) string {
			return fmt.Sprint(append([]any{lang, " ", key}, args...)...)
		},
		ID: func(*http.Request) string { return "r1" },
		Page: func(w http.ResponseWriter, _ *http.Request, d *problem.Document) error {
			w.WriteHeader(d.Status)
			_, err := w.Write([]byte("<p>" + d.Title))
			return err
		},
		Known: func(error) *problem.Error { return nil },
		Log:   slog.New(slog.NewTextHandler(log, nil)),
	}
}

func TestProblemForAProgram(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/api/v1/report", nil)
	responder(&log).Write(w, r, fmt.Errorf("issuing: %w", problem.New(422, "form").At("code", "code.length", 18).
		AtText("name", "名称不符").Because(errors.New("secret")).After(3)))
	var d problem.Document
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if w.Code != 422 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Retry-After") != "3" {
		t.Errorf("status %d, header %v", w.Code, w.Header())
	}
	if d.Type != "/problems/form" || d.Title != "en problem.form.title" || d.Status != 422 || d.Instance != "urn:request:r1" {
		t.Errorf("document %+v", d)
	}
	want := []problem.DocumentField{{Field: "code", Message: "en code.length18"}, {Field: "name", Message: "名称不符"}}
	if fmt.Sprint(d.Errors) != fmt.Sprint(want) {
		t.Errorf("fields %v, want %v", d.Errors, want)
	}
	if strings.Contains(w.Body.String(), "secret") {
		t.Error("the cause was sent")
	}
}

func TestUnknownErrorIsLoggedAndNotSent(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	responder(&log).Write(w, r, errors.New("table subject is gone"))
	if w.Code != 500 || !strings.HasPrefix(w.Body.String(), "<p>en problem.internal.title") || strings.Contains(w.Body.String(), "subject") {
		t.Errorf("status %d, body %q", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "table subject is gone") || !strings.Contains(log.String(), "r1") {
		t.Errorf("log %q", log.String())
	}
}

func TestPageOrDocument(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, accept string
		page         bool
	}{
		{"/report", "text/html,*/*", true},
		{"/report", "application/json", false},
		{"/report", "application/json, text/html", false},
		{"/report", "*/*", false},
		{"/api/v1/report", "text/html", false},
	} {
		var log strings.Builder
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Accept", c.accept)
		responder(&log).Write(w, r, problem.New(404, "not-found"))
		if got := strings.HasPrefix(w.Body.String(), "<p>"); got != c.page {
			t.Errorf("%s with %q: page is %v", c.path, c.accept, got)
		}
	}
}

func TestRedactMasksIdentityNumbersAndNothingElse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"证件 370102199001011234 不符":                      "证件 370*************34 不符",
		"11010119900307123X":                            "110*************3X",
		"11010119900307123x,":                           "110*************3x,",
		"000000900101123":                               "000**********23",
		"/subject/370102199001011234?a=000000900101123": "/subject/370*************34?a=000**********23",
		"３７０１０２１９９００１０１１２３４":                            "３７０*************３４",
		"91370100MA3C4XYZ12":                            "91370100MA3C4XYZ12", // a credit code
		"370102199013011234":                            "370102199013011234", // no such month
		"1747530000000":                                 "1747530000000",      // milliseconds
		"3701021990010112345":                           "3701021990010112345",
		"":                                              "",
	} {
		if got := problem.Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

// Wherever it stands, no number with a birthday survives, and what is around it stays.
func TestRedactFindsEveryNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		around := rapid.StringMatching(`[a-zA-Z 一-龥:/=%&"{}]{0,12}`)
		number := fmt.Sprintf("%06d%04d%02d%02d%03d%s", rapid.IntRange(0, 999999).Draw(t, "area"), rapid.IntRange(1800, 2099).Draw(t, "year"),
			rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 31).Draw(t, "day"), rapid.IntRange(0, 999).Draw(t, "n"),
			rapid.SampledFrom([]string{"0", "7", "X", "x"}).Draw(t, "check"))
		before, after := around.Draw(t, "before"), around.Draw(t, "after")
		if got, want := problem.Redact(before+number+after), before+number[:3]+strings.Repeat("*", 13)+number[16:]+after; got != want {
			t.Fatalf("Redact = %q, want %q", got, want)
		}
	})
}

func FuzzRedact(f *testing.F) {
	f.Add("370102199001011234")
	f.Add("\xff３７０１０２１９９００１０１１２３Ｘ")
	f.Fuzz(func(t *testing.T, s string) {
		once := problem.Redact(s)
		if twice := problem.Redact(once); twice != once {
			t.Errorf("redacting twice changes %q to %q", once, twice)
		}
	})
}
