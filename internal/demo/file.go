package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"xinban/internal/credit"
)

// FileInfo is one file that [Province.WriteFiles] wrote.
type FileInfo struct {
	Path     string
	Source   string // code of the source that sends it
	Organ    string // ID of the source's organ, empty for a platform
	Kind     credit.Kind
	Encoding string // utf-8, gb18030 or xlsx
	Rows     int    // without the heading; 0 is a zero report (零报告)
	Snapshot bool   // the file is the whole list
	// Delta tells that the file repeats or changes rows of an earlier file of its feed.
	Delta bool
	// Arrived is the day on which it was sent.
	Arrived credit.Date
}

// sending is a file being written.
type sending struct {
	info   FileInfo
	layout *layout
	out    rowWriter
}

type feedKey struct {
	source string
	kind   credit.Kind
	part   string // "", old (layout) or delta
}

type filing struct {
	p      *Province
	dir    string
	files  map[feedKey]*sending
	order  []feedKey
	seq    int
	counts map[string]int // rows by dirt
}

// WriteFiles writes the files of all sources into dir, which it makes when absent, and lists them in
// the order in which they are to be taken in: each feed's first file before its delta. Their layouts,
// encodings and dirt are those of [Sources] and [Dirts]; a feed without a file is one that never sends.
func (p *Province) WriteFiles(dir string) ([]FileInfo, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("demo: make %s: %w", dir, err)
	}
	w := &filing{p: p, dir: dir, files: map[feedKey]*sending{}, counts: map[string]int{}}
	if err := w.open(); err != nil {
		return nil, err
	}
	for s, row := range p.Rows() {
		if err := w.send(&s, row); err != nil {
			return nil, err
		}
	}
	var infos []FileInfo
	for _, k := range w.order {
		f := w.files[k]
		if err := f.out.close(); err != nil {
			return nil, err
		}
		infos = append(infos, f.info)
	}
	return infos, nil
}

// open begins a file for every feed that sends, and a delta for the platforms' penalties.
func (w *filing) open() error {
	for n, src := range Sources() {
		for _, f := range src.Feeds {
			if f.Arrived == 0 {
				continue
			}
			if err := w.begin(src, f, n, ""); err != nil {
				return err
			}
			if f.Kind == credit.Penalty && len(f.Domains) == 0 {
				if err := w.begin(src, f, n, "old"); err != nil {
					return err
				}
			}
		}
	}
	for n, src := range Sources() {
		for _, f := range src.Feeds {
			if f.Kind == credit.Penalty && len(f.Domains) == 0 {
				if err := w.begin(src, f, n, "delta"); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// begin opens one file in the layout and format of its source.
func (w *filing) begin(src Source, f Feed, n int, part string) error {
	l, format := w.dress(src, f, n, part)
	suffix := map[string]string{formatXLSX: "xlsx", formatJSON: "jsonl"}[format]
	if suffix == "" {
		suffix = "csv"
	}
	name := strings.TrimSuffix(src.Code+"-"+f.Kind.String()+"-"+part, "-") + "." + suffix
	s := &sending{layout: l, info: FileInfo{Path: filepath.Join(w.dir, name), Source: src.Code, Organ: src.Organ, Kind: f.Kind,
		Encoding: encodingUTF8, Snapshot: f.Snapshot, Delta: part == "delta", Arrived: f.Arrived}}
	if format == formatGB {
		s.info.Encoding = encodingGB
	}
	if format == formatXLSX {
		s.info.Encoding = formatXLSX
	}
	var err error
	if s.out, err = newWriter(s.info.Path, format, l.header()); err != nil {
		return err
	}
	k := feedKey{src.Code, f.Kind, part}
	w.files[k], w.order = s, append(w.order, k)
	return nil
}

// dress chooses layout and format of a feed: every combination that departments are known for is
// somewhere in the province.
func (w *filing) dress(src Source, f Feed, n int, part string) (*layout, string) {
	if part == "old" {
		return penaltyOld, []string{formatGB, formatCSV, formatGB}[n%3]
	}
	switch f.Kind {
	case credit.Penalty:
		return w.dressPenalty(src, n)
	case credit.Licence:
		switch src.Code {
		case "langang-platform":
			return newLayout(licenceNew.columns, true), formatBOM
		case "qingwu-platform":
			return licenceNew.reordered(w.p.Seed, "licence", false), formatGB
		}
		return licenceNew, formatXLSX
	case credit.Commitment, credit.CriminalJudgment:
		return otherLayouts[f.Kind], formatJSON
	case credit.RedList:
		return otherLayouts[f.Kind].reordered(w.p.Seed, src.Code, false), []string{formatCSV, formatGB}[n%2]
	}
	return otherLayouts[f.Kind], []string{formatCSV, formatBOM}[n%2]
}

func (w *filing) dressPenalty(src Source, n int) (*layout, string) {
	switch src.Code {
	case "lanhai-ecology", "lanhai-fisheries", "lanhai-work-safety", "lanhai-post", "lanhai-cyberspace":
		return penaltyNew.without(rInstitution, rSociety, rTaxNo), formatJSON
	case "langang-platform":
		return penaltyNew, formatCSV
	case "qingwu-platform":
		return penaltyNew.reordered(w.p.Seed, src.Code, true), formatGB
	case "sulan-platform":
		return penaltyNew.without(rProcedure, rTaxNo, rInstitution, rSociety), formatXLSX
	}
	switch n % 4 {
	case 0:
		return newLayout(penaltyNew.columns, true), formatCSV
	case 1:
		return penaltyNew.reordered(w.p.Seed, src.Code, false), formatGB
	case 2:
		return penaltyNew, formatCSV
	}
	return penaltyNew.reordered(w.p.Seed, src.Code, true), formatBOM
}
