package hall

import (
	"net/http"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

// Place is where a service is given. It is also the channel under which the access log and the counts have it.
type Place string

// The places.
const (
	AtWindow = Place(audit.Window)   // 综合窗口
	AtKiosk  = Place(audit.Kiosk)    // 自助机
	InApp    = Place(audit.Embedded) // 嵌入页面
)

// State is how far a visit is.
type State string

// The states.
const (
	Open   State = "open"   // the subject is found
	Known  State = "known"  // who stands there and what for
	Signed State = "signed" // the consent is given
	Issued State = "issued"
	Closed State = "closed" // 办结
)

// Capacity is as what somebody stands at a window.
type Capacity string

// The capacities.
const (
	Legal Capacity = "legal" // 法定代表人（负责人）
	Agent Capacity = "agent" // 经办人, with an authorisation that was shown
	Self  Capacity = "self"  // 本人

	// Who lays a licence on a kiosk's reader holds it; as what, nobody has checked.
	Bearer      Capacity = "bearer"      // 持照人, of whom nothing else is known
	BearerShown Capacity = "bearershown" // 持照人, whose identity card was read too
	BearerPIN   Capacity = "bearerpin"   // 持照人, who gave the PIN of an electronic licence
)

// reprint stands for the purpose of a visit at which a report of before is printed again (补打).
const reprint = "reprint"

// Person is who stands there. It is kept encrypted.
type Person struct {
	Name     string   `json:"name"`
	Document string   `json:"document"` // type of the identity document, see documents
	Number   string   `json:"number"`
	Capacity Capacity `json:"capacity"`
	Checked  string   `json:"checked"` // how identity was checked, see checks
}

// What may be chosen at a window. Each has a message hall.document.ID, hall.check.ID or hall.capacity.ID.
var (
	documents = []string{"resident", "passport", "travel", "other"}
	checks    = []string{"reader", "face", "eye"}
)

// licence is the document of who laid a business licence on a reader: it names a firm and nobody.
const licence = "licence"

// Masked is the document's number as it is shown.
func (p *Person) Masked() string {
	if p.Document == licence {
		return p.Number
	}
	return credit.MaskID(p.Number)
}

// MaskedName keeps the first character of a person's name.
func (p *Person) MaskedName() string {
	if p.Document == licence {
		return p.Name
	}
	return credit.MaskName(p.Name)
}

// Visit is a service at a window or kiosk.
type Visit struct {
	ID        string
	Subject   credit.Key
	Place     Place
	Clerk     string // account of the clerk or the machine
	ClerkName string
	Begun     int64 // UTC ms
	Ended     int64 // UTC ms, 0 while it runs
	State     State
	Person    Person
	Purpose   string // identifier of a Purpose
	Grant     string // number of the consent
	Method    consent.Method
	Proof     string // digest of the signed paper or drawing
	Document  string // number of the report
}

// Reprint tells whether a report of before is printed again.
func (v *Visit) Reprint() bool { return v.Purpose == reprint }

// wordsOf are the capacities as they stand in what is signed and in the access log.
var wordsOf = map[Capacity]string{Legal: "法定代表人（负责人）", Agent: "受委托的经办人", Self: "本人", Bearer: "持照人（未核验身份）",
	BearerShown: "持照人（已读取身份证）", BearerPIN: "持照人（已验证电子营业执照口令）"}

// signed are the words after those of the consent: who signs, as what.
func (p *Person) signed() string {
	who := p.MaskedName()
	if p.Document == licence { // it names the firm
		who = ""
	}
	text := "签署人：" + wordsOf[p.Capacity] + who + "。"
	if p.Capacity == Agent {
		text += "授权委托书已核对，随本授权留存。"
	}
	return text
}

// who is a person as the subject's access log names it.
func (p *Person) who() string {
	if p.Document == licence || p.Name == "" {
		return wordsOf[p.Capacity]
	}
	return wordsOf[p.Capacity] + p.MaskedName()
}

// maxName is how long a person's name may be, in characters.
const maxName = 40

// check tells what is wrong with who stands there for a subject.
func (p *Person) check(subject credit.Key, authorised bool) error {
	e := problem.New(http.StatusUnprocessableEntity, "form")
	p.Name, p.Number = credit.NormalText(p.Name), credit.NormalCode(p.Number)
	if n := len([]rune(p.Name)); n < 2 || n > maxName || problem.HasIdentityNumber(p.Name) {
		e.At("name", "hall.name.wrong")
	}
	if !oneOf(p.Document, documents) {
		e.At("document", "form.required")
	}
	if p.Document == "resident" && credit.CheckResidentID(p.Number).Verdict != credit.Valid || len(p.Number) < 5 || len(p.Number) > 30 {
		e.At("number", "hall.number.wrong")
	}
	switch {
	case p.Capacity == Agent && !authorised:
		e.At("authorised", "hall.authorised.missing")
	case p.Capacity == Self && !subject.Person():
		e.At("capacity", "hall.capacity.firm")
	case p.Capacity == Legal && subject.Person():
		e.At("capacity", "hall.capacity.person")
	case p.Capacity != Agent && p.Capacity != Self && p.Capacity != Legal:
		e.At("capacity", "form.required")
	}
	if !oneOf(p.Checked, checks) {
		e.At("checked", "form.required")
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}

func oneOf(s string, list []string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// shownName is a subject's name as it may be shown: a person's is masked.
func shownName(key credit.Key, name string) string {
	if key.Person() {
		return credit.MaskName(name)
	}
	return name
}
