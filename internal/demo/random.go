package demo

import "math/bits"

// random is a small generator (splitmix64) whose stream is fixed for ever: a seed must give the same
// province after every upgrade, which math/rand does not promise for its helper functions.
type random struct{ state uint64 }

// at returns the generator of one item of one stream, so that any item can be made without making
// those before it.
func at(seed uint64, stream string, item int) random {
	h := seed ^ 0x9e3779b97f4a7c15
	for i := range len(stream) {
		h = mix(h ^ uint64(stream[i]))
	}
	return random{mix(h ^ mix(uint64(item)+0x632be59bd9b4e019))}
}

func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	return mix(r.state)
}

// below returns a number from 0 to n-1.
func (r *random) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between returns a number from lo to hi, both included.
func (r *random) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }

// shuffle is a permutation of 0 to n-1 that can be asked for one place at a time: it walks a small
// Feistel network over the next power of four until it lands inside.
type shuffle struct {
	n    uint64
	half uint
	key  [4]uint64
}

func newShuffle(seed uint64, stream string, n int) shuffle {
	s := shuffle{n: uint64(n), half: 1}
	for uint64(1)<<(2*s.half) < s.n {
		s.half++
	}
	r := at(seed, stream, n)
	for i := range s.key {
		s.key[i] = r.next()
	}
	return s
}

// of returns the place of i.
func (s *shuffle) of(i int) int {
	x := uint64(i)
	mask := uint64(1)<<s.half - 1
	for {
		l, r := x>>s.half, x&mask
		for _, k := range s.key {
			l, r = r, l^((r^k)*0x9e3779b97f4a7c15>>31)&mask
		}
		if x = l<<s.half | r; x < s.n {
			return int(x)
		}
	}
}
