package ledger

import "xinban/internal/credit"

// Tag names a field of credit.Record in a stored body. Tags are stored: never reuse or renumber one.
type Tag uint8

// The tags.
const (
	tagEnd Tag = iota
	TagClass
	TagName
	TagCode
	TagOrgCode
	TagRegistration
	TagTaxNo
	TagInstitution
	TagSociety
	TagLegalRep
	TagDocNo
	TagPart
	TagTitle
	TagLicenceNo
	TagLicence
	TagCategory
	TagBehaviour
	TagFacts
	TagBasis
	TagContent
	TagSeized
	TagPenalties
	TagProcedure
	TagFine
	TagConfiscated
	TagDecided
	TagFrom
	TagUntil
	TagForever
	TagPublicUntil
	TagRemoved
	TagRepaired
	TagAnnulled
	TagAuthority
	TagAuthorityCode
	TagProvider
	TagProviderCode
	TagList
	TagClaim
	TagDomain
	TagRegion
	TagRemark
	TagExtra
	tagCount
)

// text returns the string field behind a tag, nil when the tag is no string.
func text(r *credit.Record, t Tag) *string {
	switch t {
	case TagName:
		return &r.Name
	case TagCode:
		return &r.Code
	case TagOrgCode:
		return &r.OrgCode
	case TagRegistration:
		return &r.Registration
	case TagTaxNo:
		return &r.TaxNo
	case TagInstitution:
		return &r.Institution
	case TagSociety:
		return &r.Society
	case TagLegalRep:
		return &r.LegalRep
	case TagDocNo:
		return &r.DocNo
	case TagPart:
		return &r.Part
	case TagTitle:
		return &r.Title
	case TagLicenceNo:
		return &r.LicenceNo
	case TagLicence:
		return &r.Licence
	case TagCategory:
		return &r.Category
	case TagBehaviour:
		return &r.Behaviour
	case TagFacts:
		return &r.Facts
	case TagBasis:
		return &r.Basis
	case TagContent:
		return &r.Content
	case TagSeized:
		return &r.Seized
	case TagAuthority:
		return &r.Authority
	case TagAuthorityCode:
		return &r.AuthorityCode
	case TagProvider:
		return &r.Provider
	case TagProviderCode:
		return &r.ProviderCode
	case TagList:
		return &r.List
	case TagDomain:
		return &r.Domain
	case TagRegion:
		return &r.Region
	case TagRemark:
		return &r.Remark
	}
	return nil
}

// number returns the integer value behind a tag, 0 for a string tag.
func number(r *credit.Record, t Tag) uint64 {
	switch t {
	case TagClass:
		return uint64(r.Class)
	case TagPenalties:
		return uint64(r.Penalties)
	case TagProcedure:
		return uint64(r.Procedure)
	case TagFine:
		return amount(r.Fine)
	case TagConfiscated:
		return amount(r.Confiscated)
	case TagDecided:
		return uint64(r.Decided)
	case TagFrom:
		return uint64(r.From)
	case TagUntil:
		return uint64(r.Until)
	case TagForever:
		if r.Forever {
			return 1
		}
	case TagPublicUntil:
		return uint64(r.PublicUntil)
	case TagRemoved:
		return uint64(r.Removed)
	case TagRepaired:
		return uint64(r.Repaired)
	case TagAnnulled:
		return uint64(r.Annulled)
	case TagClaim:
		return uint64(r.Claim)
	}
	return 0
}

// amount shifts a known amount by one, so that 0 stays "not said".
func amount(a credit.Amount) uint64 {
	if !a.Known {
		return 0
	}
	return uint64(a.Fen) + 1
}

func setNumber(r *credit.Record, t Tag, v uint64) {
	switch t {
	case TagClass:
		r.Class = credit.SubjectClass(v)
	case TagPenalties:
		r.Penalties = credit.PenaltyKinds(v)
	case TagProcedure:
		r.Procedure = credit.Procedure(v)
	case TagFine:
		r.Fine = credit.Amount{Fen: credit.Fen(v - 1), Known: true}
	case TagConfiscated:
		r.Confiscated = credit.Amount{Fen: credit.Fen(v - 1), Known: true}
	case TagDecided:
		r.Decided = credit.Date(v)
	case TagFrom:
		r.From = credit.Date(v)
	case TagUntil:
		r.Until = credit.Date(v)
	case TagForever:
		r.Forever = v == 1
	case TagPublicUntil:
		r.PublicUntil = credit.Date(v)
	case TagRemoved:
		r.Removed = credit.Date(v)
	case TagRepaired:
		r.Repaired = credit.Date(v)
	case TagAnnulled:
		r.Annulled = credit.Date(v)
	case TagClaim:
		r.Claim = credit.ClaimedState(v)
	}
}
