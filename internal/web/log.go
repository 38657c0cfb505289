package web

import (
	"context"
	"fmt"
	"log/slog"

	"xinban/internal/problem"
)

// Redacted wraps a log handler so that no resident identity number gets into a log: not in messages,
// not in values, not in errors. Use it for the program's default logger.
func Redacted(h slog.Handler) slog.Handler {
	if r, ok := h.(redacted); ok {
		return r
	}
	return redacted{h}
}

type redacted struct{ slog.Handler }

func (h redacted) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, problem.Redact(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redactAttr(a))
		return true
	})
	return h.Handler.Handle(ctx, clean)
}

func (h redacted) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redactAttr(a)
	}
	return redacted{h.Handler.WithAttrs(clean)}
}

func (h redacted) WithGroup(name string) slog.Handler { return redacted{h.Handler.WithGroup(name)} }

func redactAttr(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(problem.Redact(a.Value.String()))
	case slog.KindGroup:
		members := a.Value.Group()
		clean := make([]slog.Attr, len(members))
		for i, m := range members {
			clean[i] = redactAttr(m)
		}
		a.Value = slog.GroupValue(clean...)
	case slog.KindInt64, slog.KindUint64:
		if s := a.Value.String(); problem.HasIdentityNumber(s) {
			a.Value = slog.StringValue(problem.Redact(s))
		}
	case slog.KindAny:
		a.Value = slog.StringValue(problem.Redact(fmt.Sprintf("%+v", a.Value.Any())))
	}
	return a
}
