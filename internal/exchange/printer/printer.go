// Package printer prints papers at kiosks. [Network] speaks the raw protocol of network printers that take PDF (port
// 9100); [StandIn] takes papers in demos and tests, keeps none of them, and can be out of paper.
package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// errNoPDF says that what is to be printed is no PDF.
var errNoPDF = errors.New("printer: not a PDF")

// Network prints at printers by address.
type Network struct {
	// Addrs is host and port of each machine's printer by its login.
	Addrs map[string]string
}

// printTime is how long a printer may take to accept a paper.
const printTime = 10 * time.Second

// PrintPDF sends the paper to the printer of the machine.
func (n *Network) PrintPDF(ctx context.Context, machine, name string, pdf []byte) error {
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return errNoPDF
	}
	addr := n.Addrs[machine]
	if addr == "" {
		return fmt.Errorf("printer: no printer is set for %s", machine)
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("printer: reaching %s: %w", addr, err)
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			return fmt.Errorf("printer: %w", err)
		}
	}
	if _, err := conn.Write(pdf); err != nil {
		return fmt.Errorf("printer: sending %s to %s: %w", name, addr, err)
	}
	return nil
}

// StandIn is a printer without a machine.
type StandIn struct {
	mu      sync.Mutex
	printed []string
	empty   bool
}

// ErrNoPaper says that the stand-in is out of paper.
var ErrNoPaper = errors.New("printer: out of paper")

// PrintPDF notes the name of the paper and forgets the paper.
func (s *StandIn) PrintPDF(_ context.Context, _, name string, pdf []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !bytes.HasPrefix(pdf, []byte("%PDF-")):
		return errNoPDF
	case s.empty:
		return ErrNoPaper
	}
	s.printed = append(s.printed, name)
	return nil
}

// Empty takes the paper out, or puts it back.
func (s *StandIn) Empty(empty bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.empty = empty
}

// Printed are the names of the papers printed.
func (s *StandIn) Printed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.printed...)
}
