package group_test

import (
	"strings"
	"testing"

	"xinban/internal/casework"
	"xinban/internal/group"
)

// once works one turn; that a member failed is no failure of the turn.
func (d *desk) once() (failed bool) {
	d.t.Helper()
	_, err := d.Work(d.t.Context())
	return err != nil
}

// A request of two comes after one of many: it is through long before, and is said to be.
func TestASmallRequestDoesNotWaitForALargeOne(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allow(child, today.AddDays(1))
		large := d.ask(d.crowd(150)...)
		small := d.ask(string(parent), string(child))
		turns := 0
		for d.view(small).State == group.Running {
			if d.once(); turns > 3 {
				d.t.Fatal("the small request still runs after four turns")
			}
			turns++
		}
		if v := d.view(large); v.State != group.Running || v.Issued == 0 || v.Issued > 100 {
			d.t.Errorf("the large request is %s with %d issued", v.State, v.Issued)
		}
		d.expect(small, [2]string{"issued", ""}, [2]string{"issued", ""})
	})
}

// More requests than a turn holds: each has its turn.
func TestEveryRequestHasItsTurn(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		var ids []string
		for range 40 {
			ids = append(ids, d.ask(string(parent)))
		}
		d.work()
		for _, id := range ids {
			if v := d.view(id); v.State != group.Done || v.Issued != 1 {
				d.t.Errorf("%s is %s with %d issued", id, v.State, v.Issued)
			}
		}
	})
}

// A request of which nothing can be issued is through at once.
func TestARequestWithoutWorkIsThroughAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		if v := d.view(d.ask("没有这家公司", string(child))); v.State != group.Done || v.Ended != 2 {
			d.t.Errorf("%s with %d ended", v.State, v.Ended)
		}
	})
}

// A fault of the program in one member is an error like another: the others are issued, and it is given up after some tries,
// also by a program that was started again in between.
func TestAPanicHoldsUpNobodyAndIsCountedAcrossRestarts(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allow(child, today.AddDays(1))
		d.panics = child
		id := d.ask(string(child), string(parent))
		starts := 0
		for d.view(id).State == group.Running {
			if d.once() {
				d.Service = d.again()
				starts++
			}
			if starts > 20 {
				d.t.Fatal("it is tried for ever")
			}
		}
		d.expect(id, [2]string{"failed", "暂时无法出具"}, [2]string{"issued", ""})
		if starts != 5 {
			d.t.Errorf("given up after %d starts", starts)
		}
	})
}

// Cancelled in the middle: what waits, what is being made and what failed before all end, and nothing more is issued.
func TestCancellingInTheMiddleEndsEveryMember(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.allow(child, today.AddDays(1))
		d.broken = child
		id := d.ask(append(d.crowd(80), string(child))...)
		for d.view(id).Issued == 0 {
			d.once()
		}
		d.must(d.Cancel(d.ctx(), id))
		before := d.count.Load()
		d.work()
		v := d.view(id)
		if v.State != group.Cancelled || v.Ended != len(v.Members) || d.count.Load() != before {
			d.t.Errorf("%s, %d of %d ended, %d issued after", v.State, v.Ended, len(v.Members), d.count.Load()-before)
		}
		for _, m := range v.Members {
			if m.State != group.Issued && (m.State != group.Cancelled || !strings.Contains(m.Reason, "取消")) {
				d.t.Errorf("%s is %s, %q", m.Name, m.State, m.Reason)
			}
		}
	})
}

// What is counted as through is what the members say, at every moment.
func TestProgressIsWhatTheMembersSay(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		id := d.ask(append(d.crowd(70), "没有这家公司", string(child))...)
		for {
			more, err := d.Work(d.t.Context())
			d.must(err)
			v := d.view(id)
			p, err := d.Progress(d.ctx(), id)
			if err != nil || p.State != v.State || p.Total != len(v.Members) || p.Ended != v.Ended || p.Issued != v.Issued {
				d.t.Fatalf("%+v, %v; the members: %s, %d ended, %d issued", p, err, v.State, v.Ended, v.Issued)
			}
			if !more {
				break
			}
		}
	})
}

// A request that was cancelled while a member's failure was noted leaves that member to be cancelled at its next turn.
func TestAMemberThatFailsWhileItsRequestIsCancelled(t *testing.T) {
	t.Parallel()
	each(t, func(d *desk) {
		d.broken = parent
		id := d.ask(string(parent))
		d.once()
		waiting, err := d.cases.AtDesk(d.t.Context(), "machine:group-member", nil, 5)
		if err != nil || len(waiting) != 1 || waiting[0].State != casework.State("waiting") {
			d.t.Fatalf("%+v, %v", waiting, err)
		}
		d.must(d.Cancel(d.ctx(), id))
		d.work()
		d.expect(id, [2]string{"cancelled", "取消"})
	})
}
