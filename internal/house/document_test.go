package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Each link in a document leads to a file that is there.
func TestLinksResolve(t *testing.T) {
	found := 0
	for _, doc := range files(t, ".md") {
		for _, m := range link.FindAllStringSubmatch(read(t, doc), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			found++
			if _, err := os.Stat(filepath.Join(root, path.Dir(doc), target)); err != nil {
				t.Errorf("%s: %s leads nowhere", doc, m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d links found", found)
	}
}

var (
	heading = regexp.MustCompile(`(?m)^(#+) `)
	fence   = regexp.MustCompile("(?s)```(\\w*)\n(.*?)```")
	comment = regexp.MustCompile(`(?m)[ \t]+#.*$`)
)

// Both READMEs say the same: as many sections on the same levels, the same commands, tables of the same size, the
// same links.
func TestBothReadmesSayTheSame(t *testing.T) {
	en, zh := read(t, "README.md"), read(t, "README.zh-CN.md")
	skeleton := func(text string) string {
		var levels []string
		for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			levels = append(levels, m[1])
		}
		return strings.Join(levels, " ")
	}
	if a, b := skeleton(en), skeleton(zh); a != b || len(a) < 10 {
		t.Errorf("sections differ:\n%s\n%s", a, b)
	}
	commands := func(text string) string {
		var all []string
		for _, m := range fence.FindAllStringSubmatch(text, -1) {
			all = append(all, m[1], comment.ReplaceAllString(m[2], ""))
		}
		return strings.Join(all, "\n")
	}
	if a, b := commands(en), commands(zh); a != b {
		t.Errorf("commands differ:\n%s\n%s", a, b)
	}
	for _, what := range []string{"\n|", "\n- ", "docs/"} {
		if a, b := strings.Count(en, what), strings.Count(zh, what); a != b {
			t.Errorf("%q occurs %d times in one and %d times in the other", what, a, b)
		}
	}
}

// What the documents tell a person to make can be made.
func TestMakeTargetsExist(t *testing.T) {
	makefile := read(t, "Makefile")
	target := regexp.MustCompile("(?m)(?:^|`)make ([a-z]+)")
	for _, doc := range files(t, ".md") {
		for _, m := range target.FindAllStringSubmatch(read(t, doc), -1) {
			if !regexp.MustCompile(`(?m)^` + m[1] + `:`).MatchString(makefile) {
				t.Errorf("%s: there is no target %s", doc, m[1])
			}
		}
	}
}

// What continuous integration runs is what make test runs.
func TestContinuousIntegrationRunsTheTest(t *testing.T) {
	info, err := os.Stat(filepath.Join(root, ".ci/run"))
	if err != nil || info.Mode()&0o111 == 0 {
		t.Errorf(".ci/run cannot be run: %v", err)
	}
	if !strings.Contains(read(t, ".ci/run"), "make test") {
		t.Error(".ci/run does not run make test")
	}
}

// The repository speaks of the program only: no paths of a machine, no numbers of a tracker, no addresses from
// which modules or packages are fetched. The patterns are spelt so that they do not find themselves.
var outside = []*regexp.Regexp{
	regexp.MustCompile(`[/]work/`),
	regexp.MustCompile(`[/](root|home/\w+)/`),
	regexp.MustCompile(`(?i)\b(issue|ticket)[ ]#?[0-9]+\b`),
	regexp.MustCompile(`(?i)proxy[.]golang[.]org|registry[.]npmjs|sum[.]golang`),
}

func TestTextSpeaksOfTheProgramOnly(t *testing.T) {
	for _, name := range files(t, ".go", ".md", ".sql", ".yaml", ".sh", ".html", ".txtar", ".service", "Makefile", "NOTICE") {
		for i, line := range strings.Split(read(t, name), "\n") {
			for _, p := range outside {
				if m := p.FindString(line); m != "" {
					t.Errorf("%s:%d: %s", name, i+1, m)
				}
			}
		}
	}
}

// Files that are shown to people are valid text.
func TestTextsAreUTF8(t *testing.T) {
	for _, name := range files(t, ".go", ".md", ".yaml", ".html", ".sql") {
		if text := read(t, name); strings.ToValidUTF8(text, "") != text || strings.Contains(text, "\r") {
			t.Errorf("%s is not UTF-8 with plain line ends", name)
		}
	}
}
