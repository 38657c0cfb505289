package demo

import "xinban/internal/credit"

// A Card is what a visitor of the demo can lay on a kiosk's reader: a business licence or an identity card.
type Card struct {
	ID      string // licence, licence2, elicence, person or stranger
	Number  string
	Name    string
	Licence bool
	PIN     bool // an electronic licence whose PIN was given
}

// strangeID is an identity number of the demo's area that no subject has.
const strangeID = 4999

// Cards are two licences, the card of a natural person of the province, and that of somebody of whom nothing is known.
func (p *Province) Cards() []Card {
	show := p.ShowcaseSubjects()
	all := []Card{
		{"licence", show[0].Subject.Key.Code(), show[0].Subject.Name, true, false},
		{"licence2", show[1].Subject.Key.Code(), show[1].Subject.Name, true, false},
		{"elicence", show[0].Subject.Key.Code(), show[0].Subject.Name, true, true},
	}
	for s := range p.AllSubjects() {
		if s.Class == credit.NaturalPerson {
			all = append(all, Card{"person", s.PersonID, s.Name, false, false})
			break
		}
	}
	return append(all, Card{"stranger", personID(strangeID), personName(strangeID), false, false})
}
