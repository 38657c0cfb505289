package platform

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// PlatformHeader names the platform that reports a repair.
const PlatformHeader = "Xinban-Platform"

// mostArrival bounds a report of a repair, in bytes.
const mostArrival = 64 << 10

// Reported is the answer to a platform that reports a repair.
type Reported struct {
	Result Welcome `json:"result,omitempty"`
	Reason string  `json:"reason,omitempty"` // why it was not taken, and what to do
}

// ServeArrival answers platforms that report repairs: [PlatformHeader] names the platform, [SignatureHeader] is the [SignArrival]
// of the body. What is not the platform's fault is answered as ours, and it reports again.
func (s *Service) ServeArrival(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostArrival))
	if err != nil {
		reported(w, http.StatusRequestEntityTooLarge, Reported{Reason: "内容过长或者没有收全"})
		return
	}
	came, err := s.Arrive(r.Context(), r.Header.Get(PlatformHeader), body, r.Header.Get(SignatureHeader))
	switch {
	case err == nil:
		reported(w, http.StatusOK, Reported{Result: came})
	case errors.Is(err, ErrSignature):
		reported(w, http.StatusUnauthorized, Reported{Reason: ErrSignature.Error()})
	case errors.Is(err, ErrProof), errors.Is(err, ErrNoMatter):
		reported(w, http.StatusUnprocessableEntity, Reported{Reason: err.Error()})
	case errors.Is(err, ErrUnderWay):
		reported(w, http.StatusConflict, Reported{Reason: ErrUnderWay.Error()})
	default:
		reported(w, http.StatusServiceUnavailable, Reported{Reason: "本系统暂时不能办理，请稍后再报送"})
	}
}

func reported(w http.ResponseWriter, status int, doc Reported) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(doc) // the caller is gone; nothing to do
}
