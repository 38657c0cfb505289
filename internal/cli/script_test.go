package cli

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sort"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// exits CODE PROGRAM ARGS...: runs, and wants this exit code. Output goes to the files out and err.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	c := exec.Command(args[1], args[2:]...)
	c.Dir = ts.Getenv("WORK")
	c.Env = append(os.Environ(), "XINBAN_DATA="+ts.Getenv("XINBAN_DATA"))
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err = c.Run()
	if code := c.ProcessState.ExitCode(); code != want {
		ts.Fatalf("exit %d (%v), want %d\n%s%s", code, err, want, out.String(), errs.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), out.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), errs.Bytes(), 0o600))
}

// document is the one JSON document in the file out.
func document(ts *testscript.TestScript) any {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile("out")))
	d.UseNumber()
	var doc any
	ts.Check(d.Decode(&doc))
	if _, err := d.Token(); err != io.EOF {
		ts.Fatalf("more than one document: %s", ts.ReadFile("out"))
	}
	return doc
}

// at follows a path such as files.0.accepted; ok is false where it leads nowhere.
func at(doc any, path string) (v any, ok bool) {
	for _, step := range strings.Split(path, ".") {
		switch x := doc.(type) {
		case map[string]any:
			if doc, ok = x[step]; !ok {
				return nil, false
			}
		case []any:
			n, err := strconv.Atoi(step)
			if err != nil || n >= len(x) {
				return nil, false
			}
			doc = x[n]
		default:
			return nil, false
		}
	}
	return doc, true
}

// value PATH TEXT: the JSON in out has this value there. ! value: another one.
func value(ts *testscript.TestScript, neg bool, args []string) {
	v, ok := at(document(ts), args[0])
	if !ok {
		ts.Fatalf("no %s in %s", args[0], ts.ReadFile("out"))
	}
	if got := fmt.Sprint(v); (got == args[1]) == neg {
		ts.Fatalf("%s is %s, want %s\n%s", args[0], got, args[1], ts.ReadFile("out"))
	}
}

// remember PATH NAME: what stands there in the JSON in out becomes a variable.
func remember(ts *testscript.TestScript, neg bool, args []string) {
	v, ok := at(document(ts), args[0])
	if !ok {
		ts.Fatalf("no %s in %s", args[0], ts.ReadFile("out"))
	}
	ts.Setenv(args[1], fmt.Sprint(v))
}

// absent PATH: the JSON in out has nothing there.
func absent(ts *testscript.TestScript, neg bool, args []string) {
	if v, ok := at(document(ts), args[0]); ok != neg {
		ts.Fatalf("%s is %v", args[0], v)
	}
}

// shapes are the fields on which programs rely, with the type of each. A command may print more.
var shapes = map[string]map[string]string{
	"intake": {"files": "list", "findings": "list"},
	"file": {"path": "text", "kind": "text", "encoding": "text", "rows": "number", "accepted": "number", "unchanged": "number",
		"amended": "number", "quarantined": "number", "warned": "number"},
	"finding": {"file": "text", "row": "number", "field": "text", "code": "text", "message": "text"},
	"issued": {"number": "text", "code": "text", "subject": "text", "name": "text", "edition": "text", "ruleset": "text", "from": "text",
		"to": "text", "domains": "list", "records": "list", "fines_fen": "number", "conclusion": "text", "sha256": "text", "file": "text", "elapsed_ms": "number"},
	"domain": {"id": "text", "name": "text", "state": "text", "records": "number", "data_as_of": "text"},
	"record": {"kind": "text", "doc_no": "text", "authority": "text", "domain": "text", "decided_on": "text", "class": "text", "state": "text", "detail": "text"},
	"verification": {"unaltered": "truth", "issuer": "text", "issuer_trusted": "truth", "status": "text", "number": "text",
		"reasons": "list"},
	"code":    {"code": "text", "kind": "text", "verdict": "text", "reason": "text"},
	"workday": {"date": "text", "provisional": "truth"},
}

// shape NAME [PATH]: the JSON in out, or what stands there at a path, has the fields of that shape.
func shape(ts *testscript.TestScript, neg bool, args []string) {
	v, ok := document(ts), true
	if len(args) > 1 {
		v, ok = at(v, args[1])
	}
	object, isObject := v.(map[string]any)
	if !ok || !isObject {
		ts.Fatalf("no object at %s", args)
	}
	var faults []string
	for field, want := range shapes[args[0]] {
		if got := typeOf(object[field]); got != want {
			faults = append(faults, fmt.Sprintf("%s is %s, want %s", field, got, want))
		}
	}
	if sort.Strings(faults); len(faults) > 0 || len(shapes[args[0]]) == 0 {
		ts.Fatalf("%s: %s", args[0], strings.Join(faults, "; "))
	}
}

// replays FILE: the report that was issued with this output can be made again, byte for byte.
func replays(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(ts.ReadFile(args[0])), 0o600))
	number, _ := at(document(ts), "number")
	digest, _ := at(document(ts), "sha256")
	exits(ts, false, []string{"0", "xinban", "--json", "report", "replay", fmt.Sprint(number), "--now", "2026-05-18"})
	value(ts, false, []string{"same", "true"})
	value(ts, false, []string{"replayed_sha256", fmt.Sprint(digest)})
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case json.Number:
		return "number"
	case bool:
		return "truth"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "nothing"
}

func edit(ts *testscript.TestScript, from, to string, change func([]byte) []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(to), change([]byte(ts.ReadFile(from))), 0o600))
}

// flip FROM TO PERCENT: one bit is turned at that part of the file.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	percent, err := strconv.Atoi(args[2])
	ts.Check(err)
	edit(ts, args[0], args[1], func(b []byte) []byte {
		b[len(b)*percent/100] ^= 1
		return b
	})
}

// cut FROM TO BYTES: leaves only so many bytes; negative, leaves out so many at the end.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	edit(ts, args[0], args[1], func(b []byte) []byte {
		if n < 0 {
			return b[:len(b)+n]
		}
		return b[:n]
	})
}

// gb18030 FROM TO: the same text in the other encoding.
func gb18030(ts *testscript.TestScript, neg bool, args []string) {
	edit(ts, args[0], args[1], func(b []byte) []byte {
		b, err := simplifiedchinese.GB18030.NewEncoder().Bytes(b)
		ts.Check(err)
		return b
	})
}

// stretch FROM TO MARK MEGABYTES: the mark in the text becomes so many megabytes of text without a line break.
func stretch(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[3])
	ts.Check(err)
	edit(ts, args[0], args[1], func(b []byte) []byte {
		return bytes.Replace(b, []byte(args[2]), bytes.Repeat([]byte("长"), n<<20/3), 1)
	})
}

// garble FROM TO MARK: the mark in the text becomes bytes that are no text in UTF-8.
func garble(ts *testscript.TestScript, neg bool, args []string) {
	edit(ts, args[0], args[1], func(b []byte) []byte { return bytes.Replace(b, []byte(args[2]), []byte{0xff, 0xfe, '9'}, 1) })
}

// workbook FROM TO: the lines and commas of a text as the rows and cells of an XLSX file. A cell that begins with =
// becomes a formula.
func workbook(ts *testscript.TestScript, neg bool, args []string) {
	f := excelize.NewFile()
	defer f.Close()
	for i, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
		for j, cell := range strings.Split(line, ",") {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			ts.Check(err)
			if strings.HasPrefix(cell, "=") {
				ts.Check(f.SetCellFormula("Sheet1", name, cell))
			} else {
				ts.Check(f.SetCellStr("Sheet1", name, cell))
			}
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
}

// bomb TO MEGABYTES: a workbook whose one sheet is small on the wire and that large when inflated.
func bomb(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	w, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer w.Close()
	z := zip.NewWriter(w)
	part := func(name, body string, times int) {
		p, err := z.Create(name)
		ts.Check(err)
		for range times {
			_, err = io.WriteString(p, body)
			ts.Check(err)
		}
	}
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`, 1)
	part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`, 1)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`, 1)
	part("xl/worksheets/sheet1.xml", strings.Repeat(" ", 1<<20), n)
	ts.Check(z.Close())
}
