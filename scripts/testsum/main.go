// Command testsum reads what go test -json prints and says what a person wants to know: what failed and why, which
// packages took long, which tests were skipped. It exits with 1 when anything failed.
//
//	go test -json ./... | testsum -run NAME -skips FILE
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"sort"
	"strings"
)

// event is one line of go test -json.
type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   float64
}

// slow is the time in seconds from which a package is named.
const slow = 5

type summary struct {
	output  map[string]*strings.Builder // by package and test
	failed  []string
	took    map[string]float64
	skips   map[string][]string // by reason
	passed  int
	skipped int
}

func main() {
	skips := flag.String("skips", "", "file to which a line for each reason to skip is appended")
	run := flag.String("run", "", "name of this run, which stands before each reason: another run may have had what this one lacked")
	flag.Parse()
	s := read(os.Stdin)
	s.print(os.Stdout)
	if *skips != "" {
		if err := s.appendSkips(*skips, *run); err != nil {
			fmt.Fprintln(os.Stderr, "testsum:", err)
			os.Exit(2)
		}
	}
	if len(s.failed) > 0 {
		os.Exit(1)
	}
}

func read(r io.Reader) *summary {
	s := &summary{output: map[string]*strings.Builder{}, took: map[string]float64{}, skips: map[string][]string{}}
	in := bufio.NewScanner(r)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		var e event
		if json.Unmarshal(in.Bytes(), &e) != nil {
			fmt.Println(in.Text()) // not of go test: show it as it is
			continue
		}
		s.take(e)
	}
	return s
}

func (s *summary) take(e event) {
	if e.Package == "" {
		e.Package = e.ImportPath
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if s.output[key] == nil {
			s.output[key] = &strings.Builder{}
		}
		s.output[key].WriteString(e.Output)
	case "fail", "build-fail":
		s.failed = append(s.failed, key)
	case "pass":
		if e.Test != "" {
			s.passed++
		}
	case "skip":
		if e.Test != "" {
			s.skipped++
			why := reason(s.output[key])
			s.skips[why] = append(s.skips[why], e.Test)
		}
	}
	if e.Test == "" && e.Elapsed > 0 {
		s.took[e.Package] = e.Elapsed
	}
	if e.Test != "" && (e.Action == "pass" || e.Action == "skip") {
		delete(s.output, key)
	}
}

var logged = regexp.MustCompile(`(?m)^\s+\S+\.go:\d+: (.*)$`)

// reason is the last thing that a skipped test said.
func reason(out *strings.Builder) string {
	if out == nil {
		return "no reason given"
	}
	all := logged.FindAllStringSubmatch(out.String(), -1)
	if len(all) == 0 {
		return "no reason given"
	}
	return all[len(all)-1][1]
}

func (s *summary) print(w io.Writer) {
	for _, key := range s.failed {
		fmt.Fprintf(w, "--- FAILED %s\n", strings.TrimSpace(key))
		if out := s.output[key]; out != nil {
			fmt.Fprintln(w, tail(out.String(), 8000))
		}
	}
	var names []string
	for name, t := range s.took {
		if t >= slow {
			names = append(names, name)
		}
	}
	sort.Slice(names, func(i, j int) bool { return s.took[names[i]] > s.took[names[j]] })
	for _, name := range names {
		fmt.Fprintf(w, "    %5.1f s  %s\n", s.took[name], name)
	}
	fmt.Fprintf(w, "    %d packages, %d tests passed, %d skipped, %d failures\n", len(s.took), s.passed, s.skipped, len(s.failed))
}

// tail keeps the end, where the reason of a failure stands.
func tail(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return "…" + text[len(text)-n:]
}

func (s *summary) appendSkips(path, run string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if run != "" {
		run = "in the run " + run + ": "
	}
	for why, tests := range s.skips {
		sort.Strings(tests)
		names := strings.Join(tests, ", ")
		if len(tests) > 3 {
			names = fmt.Sprintf("%s and %d more", strings.Join(tests[:3], ", "), len(tests)-3)
		}
		fmt.Fprintf(f, "%s%s: %s\n", run, names, why)
	}
	return f.Close()
}
