package read

import (
	"errors"
	"io"
	"path"
	"strings"
)

// workbook is what is known of a workbook before its sheets are read.
type workbook struct {
	zip      *archive
	sheets   []sheet
	strings  []string
	dates    []bool // by style: the number is a date
	from1904 bool
}

type sheet struct {
	name   string
	part   string
	hidden bool
}

func openWorkbook(a *archive) (*workbook, error) {
	w := &workbook{zip: a}
	main := "xl/workbook.xml"
	root, err := w.relations("_rels/.rels")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			main = strings.TrimPrefix(r.target, "/")
		}
	}
	dir := path.Dir(main)
	rels, err := w.relations(path.Join(dir, "_rels", path.Base(main)+".rels"))
	if err != nil {
		return nil, err
	}
	ids, err := w.readMain(main)
	if err != nil {
		return nil, err
	}
	for _, r := range rels {
		target := path.Join(dir, r.target)
		if strings.HasPrefix(r.target, "/") {
			target = r.target
		}
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = w.readStrings(target)
		case strings.HasSuffix(r.kind, "/styles"):
			err = w.readStyles(target)
		case strings.HasSuffix(r.kind, "/worksheet"):
			if i, ok := ids[r.id]; ok {
				w.sheets[i].part = target
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// maxIndexPart bounds the parts that describe a workbook, in bytes; its sheets and texts have limits
// of their own.
const maxIndexPart = 64 << 20

type relation struct{ id, kind, target string }

// each calls f for every start element of a part; a part that is not there has none.
func (w *workbook) each(name string, f func(*xmlScanner) error) error {
	if w.zip.parts[partName(name)] == nil {
		return nil
	}
	p, err := w.zip.open(name)
	if err != nil {
		return err
	}
	defer p.Close()
	if p.declared > maxIndexPart && !strings.Contains(partName(name), "sharedstrings") {
		return fault("zip_bomb", 0, name)
	}
	x := newXML(p, w.zip.limits.Cell)
	for {
		err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return workbookFault(err)
		}
		if x.kind != '<' {
			continue
		}
		if err := f(x); err != nil {
			return workbookFault(err)
		}
	}
}

func (w *workbook) relations(name string) (all []relation, err error) {
	err = w.each(name, func(x *xmlScanner) error {
		if x.name == "Relationship" {
			all = append(all, relation{x.attr("Id"), x.attr("Type"), x.attr("Target")})
		}
		return nil
	})
	return all, err
}

// readMain reads the sheets in their order and returns which relation is which.
func (w *workbook) readMain(name string) (ids map[string]int, err error) {
	ids = map[string]int{}
	err = w.each(name, func(x *xmlScanner) error {
		switch x.name {
		case "sheet":
			w.sheets = append(w.sheets, sheet{name: x.attr("name"), hidden: x.attr("state") != "" && x.attr("state") != "visible"})
			ids[x.attr("id")] = len(w.sheets) - 1
			if len(w.sheets) > w.zip.limits.ZipEntries {
				return fault("zip_bomb", 0, "工作表过多")
			}
		case "workbookPr":
			w.from1904 = x.attr("date1904") == "1" || x.attr("date1904") == "true"
		}
		return nil
	})
	if err == nil && len(w.sheets) == 0 {
		err = fault("damaged_workbook", 0, "没有工作表")
	}
	return ids, err
}

// readStrings reads the shared strings; phonetic readings are left out.
func (w *workbook) readStrings(name string) error {
	var held int64
	return w.each(name, func(x *xmlScanner) error {
		if x.name != "si" {
			return nil
		}
		s, err := richText(x, "si")
		held += int64(len(s)) + 16
		if held > w.zip.limits.Strings {
			return fault("zip_bomb", 0, "共享文字过多")
		}
		w.strings = append(w.strings, s)
		return err
	})
}

// richText joins the t elements up to the end of the element named outer.
func richText(x *xmlScanner, outer string) (string, error) {
	x.held = x.held[:0]
	inText, phonetic := false, false
	for {
		if err := x.next(); err != nil {
			return "", eofInside(err)
		}
		switch {
		case x.kind == '>' && x.name == outer:
			return sheetEscapes(string(x.held)), nil
		case x.kind != 't' && x.name == "t":
			inText = x.kind == '<'
		case x.kind != 't' && x.name == "rPh":
			phonetic = x.kind == '<'
		case x.kind == 't' && inText && !phonetic:
			if err := x.hold(); err != nil {
				return "", err
			}
		}
	}
}

func (w *workbook) readStyles(name string) error {
	custom := map[string]string{}
	inCells := false
	err := w.each(name, func(x *xmlScanner) error {
		switch x.name {
		case "numFmt":
			custom[x.attr("numFmtId")] = x.attr("formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id := x.attr("numFmtId")
				w.dates = append(w.dates, dateFormat(id, custom[id]))
			}
		}
		return nil
	})
	return err
}

// workbookFault makes a fault of an error inside a part.
func workbookFault(err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = errXMLForm
	}
	return fault("damaged_workbook", 0, err.Error())
}
