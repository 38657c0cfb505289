package objection

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// The same objection without new evidence is kept and refused, naming the earlier one; new evidence opens it again.
func TestARepeatedObjectionIsRefusedWithTheEarlierNumber(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db, "")
		first := o.accepted("缴款书")
		if _, err := o.File(t.Context(), objector, firm, Filing{Matter: "1", Ground: Period, Reasons: "期限有误"}); !errors.Is(err, ErrOpen) {
			t.Errorf("two at a time: %v", err)
		}
		must(t, o.Uphold(t.Context(), body, &first, "金额与决定书一致"))
		for _, evidence := range []string{"", "缴款书", " 缴 款书"} {
			again := o.file(evidence)
			d, err := dataOf(&again)
			must(t, err)
			if again.State != Refused || d.Refusal != Repeated || d.Earlier != first.ID || again.Closed == 0 {
				t.Errorf("%q: %s %q, earlier %q", evidence, again.State, d.Refusal, d.Earlier)
			}
		}
		if c := o.file("法院判决"); c.State != Filed {
			t.Errorf("new evidence: %s", c.State)
		}
	})
}

func TestWhoMayAndWhatIsMissing(t *testing.T) {
	t.Parallel()
	o := shandong(t)
	ctx := t.Context()
	if _, err := o.File(ctx, objector, firm, Filing{Matter: "77", Ground: Content, Reasons: "不是我的"}); !errors.Is(err, ErrNoMatter) {
		t.Errorf("not this subject's matter: %v", err)
	}
	if _, err := o.File(ctx, account.Principal{ID: "9"}, firm, Filing{Matter: "1", Ground: Content, Reasons: "有误"}); err == nil {
		t.Error("a stranger objects")
	}
	c := o.file("")
	if err := o.Accept(ctx, clerk(other), &c); !errors.Is(err, ErrNotYours) {
		t.Errorf("another body: %v", err)
	}
	if err := o.Refuse(ctx, body, &c, Repeated, ""); !errors.Is(err, ErrNotRepeated) {
		t.Errorf("nothing is repeated: %v", err)
	}
	o.gone = true
	if err := o.Accept(ctx, body, &c); !errors.Is(err, ErrGone) {
		t.Errorf("a matter that is gone: %v", err)
	}
	must(t, o.Refuse(ctx, body, &c, Gone, "已撤销"))
	if c = o.file(""); c.State != Refused {
		t.Errorf("a matter that is gone is filed: %s", c.State)
	}
}

// An outcome of corrected names a change that was recorded.
func TestCorrectedNeedsARecordOfTheChange(t *testing.T) {
	t.Parallel()
	o := shandong(t)
	c := o.accepted("")
	if err := o.Correct(t.Context(), body, &c, "7", "异议成立"); !errors.Is(err, ErrNoCorrection) {
		t.Errorf("nothing was changed: %v", err)
	}
	o.changes = []Correction{{Ref: "7", What: "更正", Reason: "金额录入有误", On: monday}}
	must(t, o.Correct(t.Context(), body, &c, "7", "异议成立"))
	d, err := dataOf(&c)
	must(t, err)
	if c.State != Corrected || d.Correction == nil || d.Correction.Ref != "7" || o.disputed["1"] != 0 {
		t.Errorf("%s, %v, %d marks", c.State, d.Correction, o.disputed["1"])
	}
}

// A longer limit is given once, and only where the region has one.
func TestALongerLimitOnceAndOnlyWhereThereIsOne(t *testing.T) {
	t.Parallel()
	o := shandong(t)
	c := o.accepted("")
	if err := o.Extend(t.Context(), body, &c, "复杂"); !errors.Is(err, ErrNoClock) {
		t.Errorf("the region has no extension: %v", err)
	}
	if err := o.Consult(t.Context(), body, &c, ""); !errors.Is(err, ErrReasons) {
		t.Errorf("without a reason: %v", err)
	}
	must(t, o.Consult(t.Context(), body, &c, "需其他单位核实"))
	if err := o.Consult(t.Context(), body, &c, "再次"); !errors.Is(err, ErrExtended) {
		t.Errorf("twice: %v", err)
	}
}

// Whatever is done in whatever order, a matter is marked exactly while its objection is accepted and open, and at most one is open.
func TestAMatterIsDisputedExactlyWhileItsObjectionIsOpen(t *testing.T) {
	t.Parallel()
	o := shandong(t)
	o.changes = []Correction{{Ref: "1", What: "更正"}}
	ctx := t.Context()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		var c casework.Case
		id := strconv.Itoa(1 + n%9)
		for range rapid.IntRange(1, 15).Draw(t, "moves") {
			before := c
			move := rapid.SampledFrom([]string{"file", "accept", "refuse", "ask", "supply", "consult", "correct", "uphold", "withdraw"}).Draw(t, "move")
			var err error
			switch move {
			case "file":
				var filed casework.Case
				filed, err = o.File(ctx, objector, firm, Filing{Matter: id, Ground: Content, Reasons: "有误", Text: rapid.StringN(1, 8, -1).Draw(t, "evidence")})
				if (err == nil) != (c.ID == "" || c.Closed != 0) {
					t.Fatalf("filing in state %q: %v", c.State, err)
				}
				if err == nil {
					c = filed
				}
			default:
				if c.ID == "" {
					continue
				}
				_, allowed := Machine().Next(before.State, move)
				err = o.do(ctx, move, &c)
				if err == nil && !allowed || err != nil && c.State != before.State {
					t.Fatalf("%s in %s: %v, now %s", move, before.State, err, c.State)
				}
			}
			marks := 0
			if accepted(c.State) {
				marks = 1
			}
			if o.disputed[id] != marks {
				t.Fatalf("%s: %d marks in state %s", move, o.disputed[id], c.State)
			}
		}
		if c.ID != "" && c.Closed == 0 { // leave nothing open for the next walk
			if err := o.Withdraw(ctx, objector, &c); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func (o *office) do(ctx context.Context, move string, c *casework.Case) error {
	switch move {
	case "accept":
		return o.Accept(ctx, body, c)
	case "refuse":
		return o.Refuse(ctx, body, c, NotSubject, "")
	case "ask":
		return o.Ask(ctx, body, c, "决定书")
	case "supply":
		return o.Supply(ctx, objector, c, Evidence{Text: "决定书"})
	case "consult":
		return o.Consult(ctx, body, c, "需核实")
	case "correct":
		return o.Correct(ctx, body, c, "1", "成立")
	case "uphold":
		return o.Uphold(ctx, body, c, "不成立")
	}
	return o.Withdraw(ctx, objector, c)
}

func TestTheDeskIsOfTheBodyAlone(t *testing.T) {
	t.Parallel()
	o := shandong(t)
	o.file("")
	mine, err := o.Desk(t.Context(), body, 10)
	must(t, err)
	theirs, err := o.Desk(t.Context(), clerk(other), 10)
	must(t, err)
	if len(mine) != 1 || len(theirs) != 0 {
		t.Errorf("%d at the body's desk, %d at another's", len(mine), len(theirs))
	}
	o.on(credit.Date(20260525))
	late, err := o.Overdue(t.Context(), account.Principal{Roles: []account.Role{account.Centre}}, 10)
	must(t, err)
	if len(late) != 1 || late[0].Days != 2 {
		t.Errorf("overdue: %+v", late)
	}
}
