package law

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

// SetKind is what a rule set rules.
type SetKind string

// The kinds of rule sets.
const (
	PublicitySet SetKind = "publicity" // 分类与公示期限
	ThresholdSet SetKind = "threshold" // 金额界限
	ListSet      SetKind = "list"      // 名单目录
	ReportSet    SetKind = "report"    // 报告规则
	DomainSet    SetKind = "domain"    // 领域清单
	RegionSet    SetKind = "region"    // 地区配置
	RepairSet    SetKind = "repair"    // 信用修复
)

// Set is one rule set: its content and where it comes from. Its identity is the digest of its
// canonical bytes, so that an edit of one character is another set.
type Set struct {
	Kind          SetKind
	ID            string            // such as "O36"
	Title         string            // 名称
	EffectiveFrom credit.Date       // first day on which it applies
	Source        string            // the text on which it rests
	Sureness      decision.Sureness // how sure Source is, where a row does not say otherwise
	Digest        string            // SHA-256 of Body in hexadecimal
	Body          []byte            // canonical YAML
}

// Proposal is a rule set that the program offers for adoption.
type Proposal struct {
	Set
	File string // name of the embedded file
}

// Adopted is a rule set that persons put in force, as a row of the store's table of rule sets.
type Adopted struct {
	Body      []byte      // YAML of the set
	KnownFrom credit.Date // day of adoption: from then on the program evaluates it
	Author    string      // who proposed this text
	Approver  string      // who adopted it; another person than Author unless the text is a proposal unchanged
}

// header is what every rule file says first.
type header struct {
	Set           SetKind    `yaml:"set"`
	ID            nameAt     `yaml:"id"`
	Title         string     `yaml:"title"`
	EffectiveFrom dateAt     `yaml:"effective_from"`
	Source        string     `yaml:"source"`
	Sureness      surenessAt `yaml:"sureness"`
}

// canonical is the form of a rule file that is digested and stored: no byte order mark, line feeds
// alone, no space at line ends, one line feed at the end.
func canonical(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	lines := bytes.Split(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\n"))
	for i := range lines {
		lines[i] = bytes.TrimRight(lines[i], " \t")
	}
	return append(bytes.TrimRight(bytes.Join(lines, []byte("\n")), "\n"), '\n')
}

// ReadSet reads the header of a rule file and digests it. Its rules are checked by [NewBook].
func ReadSet(body []byte) (Set, error) {
	body = canonical(body)
	var h header
	if err := decode(body, &h); err != nil {
		return Set{}, err
	}
	switch {
	case h.ID.V == "":
		return Set{}, errors.New("规则文件没有id")
	case h.EffectiveFrom.V == 0:
		return Set{}, fmt.Errorf("规则%s没有写生效日期effective_from", h.ID.V)
	case h.Source == "" || h.Sureness.Line == 0:
		return Set{}, fmt.Errorf("规则%s应写明来源（source）和确定程度（sureness）", h.ID.V)
	}
	sum := sha256.Sum256(body)
	return Set{h.Set, string(h.ID.V), h.Title, h.EffectiveFrom.V, h.Source, h.Sureness.V, hex.EncodeToString(sum[:]), body}, nil
}

//go:embed proposals/*.yaml
var proposalFiles embed.FS

// Proposals are the rule sets shipped with the program, in the order of their file names. Each call
// returns its own slice.
func Proposals() []Proposal { return append([]Proposal(nil), shipped()...) }

var shipped = sync.OnceValue(func() []Proposal {
	entries, err := proposalFiles.ReadDir("proposals")
	if err != nil {
		panic(err) // the files are in the binary
	}
	var all []Proposal
	for _, e := range entries {
		body, err := proposalFiles.ReadFile("proposals/" + e.Name())
		if err != nil {
			panic(err)
		}
		s, err := ReadSet(body)
		if err != nil {
			panic(fmt.Errorf("%s: %w", e.Name(), err))
		}
		all = append(all, Proposal{s, e.Name()})
	}
	return all
})

// Program stands for the author of the shipped proposals, and for the approver where a fresh store adopts them by
// itself. No person may bear this name.
const Program = "xinban"

// AdoptProposals adopts every proposal unchanged, as a demo or a fresh store does by itself.
func AdoptProposals(knownFrom credit.Date, approver string) []Adopted {
	var all []Adopted
	for _, p := range Proposals() {
		all = append(all, Adopted{Body: p.Body, KnownFrom: knownFrom, Author: Program, Approver: approver})
	}
	return all
}

// isShipped tells that the bytes are a proposal unchanged.
func isShipped(digest string) bool {
	for _, p := range shipped() {
		if p.Digest == digest {
			return true
		}
	}
	return false
}
