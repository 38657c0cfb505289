package demo

import "xinban/internal/credit"

// Today is the day of the demo (演示日期).
const Today = credit.Date(20260518)

// A Place is the province or one of its parts. None of them exists: area codes that begin with 00
// were never given to any place.
type Place struct {
	ID    string
	Name  string
	Area  string // six digits, 地方编码
	Short string // with which names of firms and document numbers begin

	English string // with which the English names of its organs begin
}

// The places of the demo: 岚海省, its two cities and its county.
var (
	LanhaiProvince = Place{"lh", "岚海省", "000000", "岚海", "Lanhai Provincial"}
	Langang        = Place{"lg", "岚港市", "000010", "岚港", "Langang"}
	Qingwu         = Place{"qw", "青梧市", "000020", "青梧", "Qingwu"}
	Sulan          = Place{"sl", "溯岚县", "000031", "溯岚", "Sulan County"}
)

func places() []Place { return []Place{Langang, Qingwu, Sulan} }

func placeByID(id string) (Place, bool) {
	for _, p := range append(places(), LanhaiProvince) {
		if p.ID == id {
			return p, true
		}
	}
	return Place{}, false
}
