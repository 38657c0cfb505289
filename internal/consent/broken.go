package consent

import "sync"

// Broken is a grant that was to be used and does not verify.
type Broken struct {
	Grant Grant
	Who   Actor // who wanted to use it
}

// mostBroken is how many are kept until they are taken.
const mostBroken = 1000

// brokenList waits to be written into the access log: the transaction that met the grant is refused and leaves nothing.
type brokenList struct {
	mu  sync.Mutex
	all map[string]Broken
}

func (l *brokenList) add(b Broken) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[string]Broken{}
	}
	if len(l.all) < mostBroken {
		l.all[string(b.Grant.Subject)+" "+b.Grant.ID+" "+b.Who.ID] = b
	}
}

// TakeBroken hands over the grants that were refused because they do not verify, each once for everybody who
// wanted to use it since the last call.
func (s *Service) TakeBroken() (all []Broken) {
	s.broken.mu.Lock()
	defer s.broken.mu.Unlock()
	for _, b := range s.broken.all {
		all = append(all, b)
	}
	s.broken.all = nil
	return all
}

// PutBack takes up again what could not be written down.
func (s *Service) PutBack(b Broken) { s.broken.add(b) }
