package printer

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
)

var paper = []byte("%PDF-1.7 paper")

func TestPrintingAtAMachine(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := make(chan []byte, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		all, _ := io.ReadAll(conn) // what came until the end
		got <- all
	}()
	n := &Network{map[string]string{"kiosk-1": l.Addr().String()}}
	if err := n.PrintPDF(t.Context(), "kiosk-1", "1", paper); err != nil {
		t.Fatal(err)
	}
	if b := <-got; !bytes.Equal(b, paper) {
		t.Errorf("the printer got %q", b)
	}
}

func TestPrintingThatFails(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	away := l.Addr().String()
	l.Close()
	n := &Network{map[string]string{"kiosk-1": away}}
	for machine, body := range map[string][]byte{"kiosk-1": paper, "kiosk-2": paper, "": []byte("no paper")} {
		if err := n.PrintPDF(t.Context(), machine, "1", body); err == nil {
			t.Errorf("%q: printed", machine)
		}
	}
}

func TestTheStandInKeepsNothingButTheName(t *testing.T) {
	t.Parallel()
	var s StandIn
	if err := errors.Join(s.PrintPDF(t.Context(), "kiosk", "1", paper), s.PrintPDF(t.Context(), "kiosk", "2", paper)); err != nil {
		t.Fatal(err)
	}
	s.Empty(true)
	if err := s.PrintPDF(t.Context(), "kiosk", "3", paper); !errors.Is(err, ErrNoPaper) {
		t.Errorf("without paper: %v", err)
	}
	if got := s.Printed(); len(got) != 2 || got[1] != "2" {
		t.Errorf("printed: %v", got)
	}
}
