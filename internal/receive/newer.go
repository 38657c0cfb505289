package receive

import (
	"context"
	"fmt"
	"strings"

	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// asked is whose grant is used for what is new: a grant may be for some editions alone.
type asked struct {
	subject credit.Key
	edition string
}

// news is what is new since the papers of a batch. Nothing of it is said before the grants are used.
type news struct {
	since map[int]int // by row: records that were added
	uses  []asked     // each once, in the order of the rows
}

const notAllowed = "未获该主体授权，不查询"

// errNoPurpose says that what is new is asked for a purpose: a grant is given for one.
var errNoPurpose = &RefusedError{"purpose", "查询出具后有无新增记录要写明用途，须与主体授权的用途一致"}

// newer asks what is new of each subject that allows it for this purpose and edition. The uses are counted when the
// table is kept, see [Service.tell].
func (s *Service) newer(ctx context.Context, who *Receiver, rows []Row, purpose string) (*news, error) {
	if strings.TrimSpace(purpose) == "" {
		return nil, errNoPurpose
	}
	n := &news{since: map[int]int{}}
	allowed := map[asked]error{}
	for i := range rows {
		r := &rows[i]
		if !r.Genuine || r.Same != 0 {
			continue
		}
		a := asked{r.Subject, r.Edition}
		why, seen := allowed[a]
		if !seen {
			_, why = s.c.Consent.Permits(ctx, a.subject, who.Whom, newerAct(who, purpose, a.edition, consent.Conclusion))
			if allowed[a] = why; why == nil {
				n.uses = append(n.uses, a)
			}
		}
		if why != nil {
			r.Newer = notAllowed
			continue
		}
		since, err := s.c.Reports.Since(ctx, r.Number)
		if err != nil {
			return nil, err
		}
		n.since[i] = since
	}
	return n, nil
}

// tell uses the grants and puts into the rows what is new, in the transaction that keeps the table. A grant that was
// withdrawn meanwhile tells nothing, neither in words nor by the rank of the row. told are those that were used.
func (s *Service) tell(tx *store.Tx, who *Receiver, rows []Row, n *news, purpose string) (told map[asked]bool, err error) {
	told, refused := map[asked]bool{}, map[asked]string{}
	counted := map[asked]bool{} // how many may be told too
	if n == nil {
		return told, nil
	}
	for _, a := range n.uses {
		g, err := s.c.Consent.Apply(tx, a.subject, who.Whom, newerAct(who, purpose, a.edition, consent.Conclusion))
		switch {
		case refusal(err):
			refused[a] = err.Error()
		case err != nil:
			return nil, err
		default:
			told[a] = true
			counted[a] = g.Level != consent.Conclusion
		}
	}
	for i, since := range n.since {
		r := &rows[i]
		switch a := (asked{r.Subject, r.Edition}); {
		case !told[a]:
			r.Newer = refused[a]
		case since == 0:
			r.Newer = "出具后没有新增记录"
		case !counted[a]:
			r.Newer, r.Rank = "出具后有新增记录", min(r.Rank, Attend)
		default:
			r.Newer, r.Rank = fmt.Sprintf("出具后新增%d条记录", since), min(r.Rank, Attend)
		}
	}
	return told, nil
}

// newerAct is being told whether there is anything newer than a paper, up to a level.
func newerAct(who *Receiver, purpose, edition string, level consent.Level) consent.Act {
	return consent.Act{Scope: consent.Read, Purpose: purpose, Edition: edition, Level: level, Kind: consent.Newer,
		Who: consent.Actor{ID: who.Access.ID, Name: who.Access.Name}}
}
