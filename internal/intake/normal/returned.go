package normal

import "strings"

// Headings of the columns that a quarantine file has besides those of the file it came from. A mended
// file comes back with them; they are not part of what the row says.
const (
	ReasonHeading = "待改原因"
	FixHeading    = "如何修改"
	RefHeading    = "待改编号" // load and row in quarantine, such as 12-345
)

// returned tells that a heading is one that a quarantine file added.
func returned(heading string) bool {
	switch strings.TrimSpace(heading) {
	case ReasonHeading, FixHeading, RefHeading:
		return true
	}
	return false
}
