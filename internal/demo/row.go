package demo

import (
	"strconv"
	"strings"

	"xinban/internal/credit"
)

// A Row is what a source sends about one matter: a record in normal form, with what a Record never
// holds (identity numbers) and what belongs to the sending.
type Row struct {
	credit.Record
	PersonID   string // of the counterparty or of the owner of an individual trader
	Source     string // code of the source that sends it
	Address    string // 住所
	Scope      string // 经营范围
	Trade      string // 行业
	OldName    string // 曾用名
	Parent     string // 隶属企业统一社会信用代码
	Status     string // 登记状态
	Why        string // 移出原因
	deciding   *Organ
	capitalWan int
}

// role is what a cell means, whatever the layout calls it.
type role uint8

const (
	rName role = iota
	rClass
	rCode
	rOrgCode
	rRegNo
	rTaxNo
	rInstitution
	rSociety
	rLegalRep
	rLegalIDType
	rLegalID
	rIDType
	rID
	rDocNo
	rTitle
	rLicenceNo
	rLicence
	rCategory
	rBehaviour
	rFacts
	rBasis
	rContent
	rSeized
	rKinds
	rKind1
	rKind2
	rProcedure
	rFine
	rConfiscated
	rDecided
	rFrom
	rUntil
	rPublicUntil
	rRemoved
	rWhy
	rRepaired
	rAnnulled
	rAuthority
	rAuthorityCode
	rProvider
	rProviderCode
	rList
	rClaim
	rRegion
	rTimestamp
	rRemark
	rAddress
	rScope
	rTrade
	rCapital
	rOldName
	rParent
	rStatus
	roles
)

// cell writes the row's value of a role as a careful source would.
func (r *Row) cell(c role) string {
	switch c {
	case rName:
		return r.Name
	case rClass:
		return r.Class.Chinese()
	case rCode:
		return r.Code
	case rOrgCode:
		return r.OrgCode
	case rRegNo:
		return r.Registration
	case rTaxNo:
		return r.TaxNo
	case rLegalRep:
		return r.LegalRep
	case rLegalIDType:
		return present(r.Class == credit.IndividualTrader && r.PersonID != "", "居民身份证")
	case rLegalID:
		return present(r.Class == credit.IndividualTrader, r.PersonID)
	case rIDType:
		return present(r.Class == credit.NaturalPerson, "居民身份证")
	case rID:
		return present(r.Class == credit.NaturalPerson, r.PersonID)
	case rKinds:
		return r.Penalties.Chinese()
	case rKind1, rKind2:
		return r.kindAt(int(c - rKind1))
	case rProcedure:
		return present(r.Procedure != credit.ProcedureUnknown, r.Procedure.Chinese())
	case rFine:
		return present(r.Fine.Known, r.Fine.Fen.WanYuan())
	case rConfiscated:
		return present(r.Confiscated.Known, r.Confiscated.Fen.WanYuan())
	case rUntil:
		return present(!r.Forever, r.Until.String()) + present(r.Forever, "长期")
	case rClaim:
		return strconv.Itoa(int(r.Claim))
	case rTimestamp:
		return r.Decided.AddDays(5).String() + " 09:30:00"
	case rCapital:
		return present(r.capitalWan > 0, strconv.Itoa(r.capitalWan))
	}
	return r.plain(c)
}

func (r *Row) plain(c role) string {
	texts := [roles]string{rDocNo: r.DocNo, rTitle: r.Title, rLicenceNo: r.LicenceNo, rLicence: r.Licence, rCategory: r.Category,
		rBehaviour: r.Behaviour, rFacts: r.Facts, rBasis: r.Basis, rContent: r.Content, rSeized: r.Seized, rAuthority: r.Authority,
		rAuthorityCode: r.AuthorityCode, rProvider: r.Provider, rProviderCode: r.ProviderCode, rList: r.List, rRegion: r.Region,
		rRemark: r.Remark, rWhy: r.Why, rAddress: r.Address, rScope: r.Scope, rTrade: r.Trade, rOldName: r.OldName,
		rParent: r.Parent, rStatus: r.Status}
	switch c {
	case rDecided:
		return r.Decided.String()
	case rFrom:
		return r.From.String()
	case rPublicUntil:
		return r.PublicUntil.String()
	case rRemoved:
		return r.Removed.String()
	case rRepaired:
		return r.Repaired.String()
	case rAnnulled:
		return r.Annulled.String()
	}
	return texts[c]
}

// kindAt is the n-th kind of the penalty as the old layout wants it; the second cell takes the rest.
func (r *Row) kindAt(n int) string {
	kinds := r.Penalties.List()
	if n >= len(kinds) {
		return ""
	}
	if n == 0 {
		return kinds[0].Chinese()
	}
	var rest []string
	for _, k := range kinds[1:] {
		rest = append(rest, k.Chinese())
	}
	return strings.Join(rest, "、")
}

func present(ok bool, text string) string {
	if ok {
		return text
	}
	return ""
}
