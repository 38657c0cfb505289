package normal

// target is the place in an Out that a column fills.
type target uint8

const (
	toNothing target = iota
	toExtra          // Record.Extra
	toSealed         // an identity number of unknown owner: kept out of the Record
	toName
	toClass
	toCode
	toOrgCode
	toRegistration
	toTaxNo
	toInstitution
	toSociety
	toLegalRep
	toLegalRepIDType
	toLegalRepID
	toPersonIDType
	toPersonID
	toDocNo
	toTitle
	toLicenceNo
	toLicence
	toCategory
	toBehaviour
	toFacts
	toBasis
	toContent
	toSeized
	toPenalties
	toPenalties2 // 处罚类别2 of the old layout
	toProcedure
	toFine
	toConfiscated
	toDecided
	toFrom
	toUntil
	toPublicUntil
	toRemoved
	toRepaired
	toAnnulled
	toAuthority
	toAuthorityCode
	toProvider
	toProviderCode
	toList
	toClaim
	toPublicState
	toDomain
	toRegion
	toRemark
	targets
)

// need says what the absence of a column or of its content means.
type need uint8

const (
	optional need = iota
	useful        // absent column: one finding for the file
	wanted        // absent column: one finding for the file; empty cell: a warning
	must          // absent column: the file cannot be read; empty cell: the row is blocked
)

// generation is the layout of 双公示 that a column belongs to.
type generation uint8

const (
	both generation = iota
	oldLayout
	newLayout
)

// column describes one known column of a kind.
type column struct {
	to      target
	heading string // as in the template and in messages
	need    need   // how much it is missed
	gen     generation
	names   []string // other headings in use
	codes   []string // exchange codes
}
