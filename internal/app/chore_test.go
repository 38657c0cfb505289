package app

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
)

// A chore that panics is logged and done again; it stops neither itself nor the server.
func TestAChoreThatPanicsIsDoneAgain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	times := 0
	c := chore{"stumbling", func(context.Context) (bool, error) {
		if times++; times == 1 {
			panic("over a stone")
		}
		cancel()
		return false, nil
	}}
	c.run(ctx, slog.New(slog.NewTextHandler(&log, nil)))
	if times != 2 || !strings.Contains(log.String(), "over a stone") {
		t.Errorf("done %d times, logged %s", times, log.String())
	}
}
