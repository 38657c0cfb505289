package law

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"xinban/internal/credit"
)

// Book is the adopted rule sets, compiled. It never changes and may be shared by goroutines.
type Book struct {
	digest     string
	rules      []*Rule
	sets       []Set
	publicity  []*Publicity // newest effective date first
	thresholds []version[*Thresholds]
	lists      []version[*Lists]
	reports    []version[*ReportRules]
	domains    []version[*Domains]
	regions    []version[*Region]
	repairs    []version[*RepairRules] // none in a store of a program that knew none
}

// version is a rule set of a kind of which several are in force at once, by identifier and date.
type version[T any] struct {
	id    string
	from  credit.Date
	rules T
}

func versionOf[T any](s Set, rules T) version[T] { return version[T]{s.ID, s.EffectiveFrom, rules} }

// choose returns the version in force on a day of the rule set with an identifier, or its oldest when
// none is yet.
func choose[T any](all []version[T], id string, on credit.Date) (T, bool) {
	var oldest T
	found := false
	for _, v := range all { // newest first
		if v.id != id {
			continue
		}
		if v.from <= on {
			return v.rules, true
		}
		oldest, found = v.rules, true
	}
	return oldest, found
}

// NewBook compiles adopted rule sets. Of two with the same kind, identifier and effective date the one
// adopted later counts; of equal days the later in the slice. It refuses a set that one person both wrote and
// approved, unless its text is a shipped proposal unchanged. What an older program shipped and a fresh store
// adopted by itself stays sound after an upgrade that ships other words.
func NewBook(adopted []Adopted) (*Book, error) { return newBook(adopted, readPart) }

func newBook(adopted []Adopted, compile func(Set) (part, error)) (*Book, error) {
	b := &Book{}
	latest := map[string]int{}
	type entry struct {
		set   Set
		known credit.Date
	}
	var entries []entry
	for i, a := range adopted {
		set, err := ReadSet(a.Body)
		if err != nil {
			return nil, fmt.Errorf("第%d份已采用的规则：%w", i+1, err)
		}
		if a.Approver == "" || a.Author == "" || a.Author == a.Approver && a.Author != Program && !isShipped(set.Digest) {
			return nil, fmt.Errorf("规则%s须有提出人，并由另一人采用", set.ID)
		}
		key := fmt.Sprint(set.Kind, " ", set.ID, " ", set.EffectiveFrom)
		if j, ok := latest[key]; !ok {
			latest[key] = len(entries)
			entries = append(entries, entry{set, a.KnownFrom})
		} else if a.KnownFrom >= entries[j].known {
			entries[j] = entry{set, a.KnownFrom}
		}
	}
	for _, x := range entries {
		b.sets = append(b.sets, x.set)
	}
	slices.SortFunc(b.sets, func(x, y Set) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(y.EffectiveFrom, x.EffectiveFrom), cmp.Compare(x.ID, y.ID))
	})
	for _, s := range b.sets {
		p, err := compile(s)
		if err != nil {
			return nil, fmt.Errorf("规则%s：%w", s.ID, err)
		}
		b.rules = append(b.rules, p.rules...)
		p.into(b)
	}
	return b, b.finish()
}

// part is one compiled rule set, ready to stand in any book.
type part struct {
	rules []*Rule
	into  func(*Book)
}

func readPart(s Set) (part, error) {
	e := &errs{}
	var into func(*Book)
	var err error
	switch s.Kind {
	case PublicitySet:
		var p *Publicity
		p, err = readPublicity(s, e)
		into = func(b *Book) { b.publicity = append(b.publicity, p) }
	case ThresholdSet:
		var t *Thresholds
		t, err = readThresholds(s, e)
		into = func(b *Book) { b.thresholds = append(b.thresholds, versionOf(s, t)) }
	case ListSet:
		var l *Lists
		l, err = readLists(s, e)
		into = func(b *Book) { b.lists = append(b.lists, versionOf(s, l)) }
	case ReportSet:
		var r *ReportRules
		r, err = readReport(s, e)
		into = func(b *Book) { b.reports = append(b.reports, versionOf(s, r)) }
	case DomainSet:
		var d *Domains
		d, err = readDomains(s, e)
		into = func(b *Book) { b.domains = append(b.domains, versionOf(s, d)) }
	case RegionSet:
		var r *Region
		r, err = readRegion(s, e)
		into = func(b *Book) { b.regions = append(b.regions, versionOf(s, r)) }
	case RepairSet:
		var r *RepairRules
		r, err = readRepair(s, e)
		into = func(b *Book) { b.repairs = append(b.repairs, versionOf(s, r)) }
	default:
		err = fmt.Errorf("没有“%s”这一类规则", s.Kind)
	}
	return part{e.rules, into}, err
}

// finish checks that the book can answer, and digests it.
func (b *Book) finish() error {
	for what, ok := range map[string]bool{
		"分类与公示期限": len(b.publicity) > 0, "金额界限": len(b.thresholds) > 0, "名单目录": len(b.lists) > 0,
		"报告": len(b.reports) > 0, "领域清单": len(b.domains) > 0, "地区配置": len(b.regions) > 0,
	} {
		if !ok {
			return fmt.Errorf("尚未采用%s的规则", what)
		}
	}
	h := sha256.New()
	for _, s := range b.sets {
		fmt.Fprintf(h, "%s %s %s %s\n", s.Kind, s.ID, s.EffectiveFrom, s.Digest)
	}
	b.digest = hex.EncodeToString(h.Sum(nil))
	return nil
}

// Digest is the SHA-256 in hexadecimal of the adopted sets: documents store it, and a projection that
// was computed with another digest is rebuilt.
func (b *Book) Digest() string { return b.digest }

// Rules are the rules of the book, adopted and built in, for pages and documents that list them.
func (b *Book) Rules() []*Rule { return slices.Concat(b.rules, builtIn) }

// Sets are the rule sets of the book.
func (b *Book) Sets() []Set { return slices.Clone(b.sets) }

// publicityOn is the rule set on classes and windows in force on a day, or the oldest when none is yet.
func (b *Book) publicityOn(on credit.Date) *Publicity {
	for _, p := range b.publicity {
		if p.set.EffectiveFrom <= on {
			return p
		}
	}
	return b.publicity[len(b.publicity)-1]
}

// onDay is the version in force on a day of a kind of which there is one at a time, or the oldest when
// none is yet.
func onDay[T any](all []version[T], on credit.Date) T {
	for _, v := range all { // newest first
		if v.from <= on {
			return v.rules
		}
	}
	return all[len(all)-1].rules
}

// Domains is the list of domains in force on a day.
func (b *Book) Domains(on credit.Date) *Domains { return onDay(b.domains, on) }

// Lists is the table of lists in force on a day.
func (b *Book) Lists(on credit.Date) *Lists { return onDay(b.lists, on) }

// Thresholds is the table of amount thresholds in force on a day.
func (b *Book) Thresholds(on credit.Date) *Thresholds { return onDay(b.thresholds, on) }
