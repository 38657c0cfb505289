package follow

import (
	"xinban/internal/credit"
	"xinban/internal/store"
)

// StatementAnswered tells, in the transaction in which an organ answers or changes what it said, the followers of the
// subject, and whoever asked even if it follows nothing. number names the answer, id the request.
func (s *Service) StatementAnswered(tx *store.Tx, subject credit.Key, asker, number, id string) error {
	n := note{topic: "statement:" + number, event: Statement, kind: string(Statement), link: "/statements/" + id}
	if err := s.tellFollowers(tx, subject, n); err != nil {
		return err
	}
	n.kind = kindAnswer
	return s.tellAsker(tx, subject, asker, n)
}

// StatementLate tells whoever asked that the organ did not answer in time and the centre was told.
func (s *Service) StatementLate(tx *store.Tx, subject credit.Key, asker, id string) error {
	return s.tellAsker(tx, subject, asker, note{topic: "statement-late:" + id, kind: kindLate, link: "/statements/" + id})
}

// RepairMoved tells whoever asked for a repair what became of one of its items. What the asker did itself is not told.
func (s *Service) RepairMoved(tx *store.Tx, subject credit.Key, asker, application, turn, move string) error {
	if move == "supply" || move == "withdraw" {
		return nil
	}
	return s.tellAsker(tx, subject, asker, note{topic: "repair:" + turn, kind: kindRepair, link: "/repairs/" + application})
}

// ObjectionMoved tells whoever objected that the body moved the case.
func (s *Service) ObjectionMoved(tx *store.Tx, subject credit.Key, asker, id, turn string) error {
	return s.tellAsker(tx, subject, asker, note{topic: "objection:" + turn, kind: kindObjection, link: "/objections/" + id})
}

// ReportEnded tells the followers of a subject, in the transaction, that a report is withdrawn or has later changes:
// also one that is too old to be among those which the sweep looks at.
func (s *Service) ReportEnded(tx *store.Tx, subject credit.Key, r Report) error {
	for _, n := range documentNotes([]Report{r}) {
		if err := s.tellFollowers(tx, subject, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellFollowers(tx *store.Tx, subject credit.Key, n note) error {
	all, err := scanSubscriptions(tx.Query(ofSubject, string(subject)))
	if err != nil {
		return err
	}
	for i := range all {
		if err := s.tell(tx, &all[i], wanted(&all[i], []note{n})); err != nil {
			return err
		}
	}
	return nil
}

// tellAsker tells an account of its own request, unless it was told of that as a follower.
func (s *Service) tellAsker(tx *store.Tx, subject credit.Key, asker string, n note) error {
	if asker == "" { // asked before it was kept who did
		return nil
	}
	return s.tell(tx, &Subscription{Subject: subject, Account: asker}, []note{n})
}
