package intake

import (
	"context"

	"xinban/internal/ledger"
)

// follow does what depends on the verdicts of a run: counts the findings, takes mended rows out of
// quarantine and notes who stands on a list. It is harmless when a load that was cut off runs again.
func (j *loading) follow(ctx context.Context, r *run) error {
	j.counts.add(r.findings)
	if err := j.settleRefs(ctx, r); err != nil {
		return err
	}
	if !j.snapshot {
		return nil
	}
	return j.noteMembers(ctx, r)
}

// finish does what depends on the whole file, before the load ends.
func (j *loading) finish(ctx context.Context) error {
	if j.met.Full() {
		j.note(FileFinding{Code: "file_too_long_to_compare", Message: "文件中未变的行太多，其后的行不再与前面未变的行核对是否矛盾",
			Fix: "把文件分成几份报送，或只报送新增和变更的行"})
	}
	if err := j.counts.write(ctx, j.s.db, j.load.ID); err != nil {
		return err
	}
	if !j.snapshot {
		return nil
	}
	if j.part {
		return j.closeReturned(ctx)
	}
	return j.proposeRemovals(ctx)
}

// in tells whether a verdict means that the ledger holds what the row says.
func in(v ledger.Verdict) bool {
	return v == ledger.Accepted || v == ledger.Unchanged || v == ledger.Amended
}
