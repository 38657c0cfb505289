package credit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// MatterID identifies one real decision about one subject, whoever reports it and in whatever layout.
type MatterID [16]byte

// String is the identifier in hexadecimal.
func (m MatterID) String() string { return hex.EncodeToString(m[:]) }

// ParseMatterID reads the hexadecimal form.
func ParseMatterID(s string) (MatterID, error) {
	var m MatterID
	if n, err := hex.Decode(m[:], []byte(s)); err != nil || n != len(m) || len(s) != 2*len(m) {
		return MatterID{}, fmt.Errorf("credit: %q is not the identifier of a matter", s)
	}
	return m, nil
}

// RecipeVersion dates the recipe of [IdentifyMatter]. Identifiers are stored; a new recipe gets a new
// number and a migration.
const RecipeVersion = 1

// IdentifyMatter returns the identifier of the matter that r speaks of. organ is the deciding organ
// as the organ register resolves it, so that its name, code and old names lead to one matter; r.List is
// the list as the table of lists resolves it, for the same reason. strong
// is false when the row holds too little to be sure that no other decision has the same identifier:
// such a row is accepted and goes to the duplicate desk.
//
// The recipe: a decision is its organ, document number and part; a list entry its list, organ and
// listing date; a licence its organ, document number and licence number; a registration is its
// subject's only one.
func IdentifyMatter(r *Record, organ string) (id MatterID, strong bool) {
	h := sha256.New()
	put := func(parts ...string) {
		for _, p := range parts {
			h.Write([]byte(p))
			h.Write([]byte{0})
		}
	}
	put(r.Kind.String())
	switch {
	case r.Kind == Registration:
		strong = true
	case r.Kind == SeriousList || r.Kind == AbnormalList || r.Kind == RedList:
		put(organ, r.List, r.Decided.String())
		strong = organ != "" && r.Decided != 0
	case r.Kind == Licence:
		put(organ, r.DocNo, r.LicenceNo)
		strong = organ != "" && (r.DocNo != "" || r.LicenceNo != "")
	default:
		put(organ, r.DocNo, r.Part)
		strong = organ != "" && r.DocNo != ""
	}
	if !strong {
		put(r.Decided.String(), r.Title, r.Content)
	}
	copy(id[:], h.Sum(nil))
	return id, strong
}
