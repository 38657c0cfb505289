package platform

import (
	"bytes"
	"io"
	"net/http"

	"xinban/internal/platform"
)

// repair lets the platform repair a matter of its own: it signs the report that it is given, hands it to the address that takes
// reports, and passes the answer on.
func (s *StandIn) repair(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil || s.Report == "" {
		http.Error(w, "没有设置接收修复的地址，或者内容过长", http.StatusUnprocessableEntity)
		return
	}
	q, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.Report, bytes.NewReader(body))
	if err != nil {
		http.Error(w, "接收修复的地址不正确", http.StatusUnprocessableEntity)
		return
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set(platform.PlatformHeader, s.ID)
	q.Header.Set(platform.SignatureHeader, platform.SignArrival(s.Secret, body))
	a, err := http.DefaultClient.Do(q)
	if err != nil {
		http.Error(w, "无法连接接收修复的地址", http.StatusBadGateway)
		return
	}
	defer a.Body.Close()
	w.Header().Set("Content-Type", a.Header.Get("Content-Type"))
	w.WriteHeader(a.StatusCode)
	_, _ = io.Copy(w, a.Body) // the caller is gone; nothing to do
}
