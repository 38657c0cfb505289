package law

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
)

// Matter is what the rules need to know of one matter, as folded on a day. A zero field means that
// the fact is not known or did not happen.
type Matter struct {
	Kind            credit.Kind
	SubjectIsPerson bool                // the subject is a natural person: never public
	Subject         credit.SubjectClass // 行政相对人类别, chooses the amount thresholds

	Penalties   credit.PenaltyKinds
	Procedure   credit.Procedure
	Fine        credit.Amount
	Confiscated credit.Amount

	Decided  credit.Date // 决定日期, 列入日期
	Until    credit.Date // 有效期至, end of a ban
	Removed  credit.Date // 移出日期
	Repaired credit.Date // 修复日期
	Annulled credit.Date // 撤销日期
	Disputed bool        // 异议处理中
	Shielded bool        // 暂时屏蔽 after a reorganisation or settlement ruling

	List   string // identifier or name of the list
	Organ  string // identifier of the deciding organ in the register
	Domain string // identifier of the domain, empty when not assigned
	Sector string // food, drug, special_equipment, work_safety or fire where a source says so; see [SectorOf]

	ClaimedClass         Class            // class as the source states it: a claim
	PublicationNecessary bool             // the authority found publication of a minor matter really necessary
	RestrictionUntil     credit.Date      // end of a restriction of business or employment
	Corrected            credit.Date      // day on which the conduct was corrected and duties performed
	DutiesDone           decision.Outcome // every duty in the document performed
}

// sectors are the words by which sources label the sectors of 国家发展和改革委员会令第58号.
var sectors = map[string]string{"食品": "food", "食品安全": "food", "药品": "drug", "药品安全": "drug", "特种设备": "special_equipment",
	"特种设备安全": "special_equipment", "安全生产": "work_safety", "消防": "fire", "消防安全": "fire"}

// SectorOf is the sector that a source's label (领域) names; empty for any other word.
func SectorOf(label string) string { return sectors[credit.NormalName(label)] }

// person tells that the matter speaks of a natural person.
func (m *Matter) person() bool { return m.SubjectIsPerson || m.Subject == credit.NaturalPerson }

// happened tells that an event has taken effect by the day on.
func happened(event, on credit.Date) bool { return event != 0 && event <= on }
