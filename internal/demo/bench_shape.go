package demo

// benchShape says how many records each subject of a [Bench] has. Subjects stand in ranks: the giant,
// the large ones, the middling, the small. The slots of a rank lie together, so that a slot tells its
// subject and which of its records it is by arithmetic, whatever the order of arrival.
type benchShape struct {
	giant, large, middle, small int // subjects of each tier; giant is 1
	giantSize, largeSize        int
	base, spread                int // a middling subject has base records, give or take the spread
	more                        int // so many of the middling have base+1
	penalties, licences         int // slots: penalties belong to all tiers but the small, licences to the small
	hidden                      int // so many of the middling have only what a general report hides
}

// shape fits the tiers to the size of the bench: one subject in a hundred has at least 500 records,
// half have one or two, one has 20,000 at five million records. Below five million the giant has a
// 250th of all, at least 1,000; below 100,000 records the large shrink in proportion.
func (b Bench) shape() benchShape {
	s := benchShape{giant: 1, large: max(1, b.Subjects/100-1), small: b.Subjects / 2}
	s.middle = b.Subjects - s.giant - s.large - s.small
	s.largeSize, s.giantSize = 500, max(b.Records/250, 1000)
	s.licences = smallSlots(s.small)
	delta := b.Records * 8 / 100
	s.penalties = int(float64(b.Records-delta-s.licences) / (1 + 1.0/bothEvery + 1.0/sourcesEvery + 1.0/contentsEvery))
	for s.largeSlots(s.large)+s.giantSize > s.penalties*2/3 && s.largeSize > 20 {
		s.largeSize = s.largeSize * 9 / 10
		s.giantSize = max(s.giantSize*9/10, 2*s.largeSize)
	}
	rest := s.penalties - s.giantSize - s.largeSlots(s.large)
	s.base = max(rest/max(s.middle, 1), 3)
	s.spread = min(s.base-3, 5)
	s.more = max(0, (rest-s.base*s.middle-2*s.spread-4)/4*4)
	s.penalties = s.giantSize + s.largeSlots(s.large) + s.middleSlots(s.middle)
	s.hidden = b.Subjects / 5
	return s
}

// Five large subjects have largeSize, +5, +10, +15 and +20 records.
func (s *benchShape) largeSlots(n int) int {
	return n*s.largeSize + n/5*50 + []int{0, 0, 5, 15, 30}[n%5]
}

// Five small subjects have 1, 2, 1, 1 and 2 records.
func smallSlots(n int) int { return n/5*7 + []int{0, 1, 3, 4, 5}[n%5] }

// middleSlots is how many slots the first n middling subjects have.
func (s *benchShape) middleSlots(n int) int {
	a := min(n, s.more)
	return s.quads(a, s.base+1) + s.quads(n-a, s.base)
}

// Four middling subjects have base+spread, base-spread, base+1 and base-1 records.
func (s *benchShape) quads(n, base int) int {
	return n*base + [4]int{0, s.spread, 0, 1}[n%4]
}

// place tells the rank of the subject of a slot and which of its records the slot is.
func (s *benchShape) place(slot int) (rank, ordinal int) {
	if slot < s.giantSize {
		return 0, slot
	}
	slot -= s.giantSize
	if all := s.largeSlots(s.large); slot < all {
		n := slot / (5*s.largeSize + 50) * 5
		for s.largeSlots(n+1) <= slot {
			n++
		}
		return s.giant + n, slot - s.largeSlots(n)
	} else {
		slot -= all
	}
	first := s.giant + s.large
	if all := s.middleSlots(s.middle); slot >= all {
		slot -= all
		n := slot / 7 * 5
		for smallSlots(n+1) <= slot {
			n++
		}
		return first + s.middle + n, slot - smallSlots(n)
	}
	n := 0
	if all := s.quads(s.more, s.base+1); slot < all {
		n = slot / (4 * (s.base + 1)) * 4
	} else {
		n = s.more + (slot-all)/(4*s.base)*4
	}
	for s.middleSlots(n+1) <= slot {
		n++
	}
	return first + n, slot - s.middleSlots(n)
}

// records is how many records the subject of a rank has.
func (s *benchShape) records(rank int) int {
	switch first := s.giant + s.large; {
	case rank == 0:
		return s.giantSize
	case rank < first:
		return s.largeSlots(rank) - s.largeSlots(rank-1)
	case rank < first+s.middle:
		return s.middleSlots(rank-first+1) - s.middleSlots(rank-first)
	default:
		rank -= first + s.middle
		return smallSlots(rank+1) - smallSlots(rank)
	}
}

// standing is what a general report on the subject of a rank finds.
type standing uint8

const (
	standingFound  standing = iota // at least one fine of the last ten months
	standingHidden                 // penalties, all light, on the spot or long over
	standingClean                  // licences only
)

func (s *benchShape) standing(rank int) standing {
	switch first := s.giant + s.large; {
	case rank < first:
		return standingFound
	case rank < first+s.hidden:
		return standingHidden
	case rank < first+s.middle:
		return standingFound
	}
	return standingClean
}
