package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	shell   = regexp.MustCompile("(?s)```sh\n(.*?)```")
	negated = regexp.MustCompile(`(?m)^(bin/xinban .*?)\s+# \D*(\d)[:：].*$`)
)

// The first steps of both READMEs do what they say, in an empty folder, with the exit codes that they name.
func TestReadme(t *testing.T) {
	program, err := exec.LookPath("xinban") // this test's own binary, under the program's name
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../../" + name)
			if err != nil {
				t.Fatal(err)
			}
			blocks := shell.FindAllStringSubmatch(string(text), -1)
			if len(blocks) != 1 {
				t.Fatalf("%d blocks of commands, want one", len(blocks))
			}
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(program, filepath.Join(dir, "bin", "xinban")); err != nil {
				t.Fatal(err)
			}
			script := negated.ReplaceAllString(blocks[0][1], `wants $2 $1`)
			c := exec.Command("bash", "-euo", "pipefail", "-c", fmt.Sprintf(wants, script))
			c.Dir = dir
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, said := range []string{"2025-09-31", "岚环罚〔2026〕3号", "状态：有效", "未被改动：否", "没有查到该主体", "2026-05-08", "一致：按当时的数据和规则重新生成"} {
				if !strings.Contains(string(out), said) {
					t.Errorf("nothing said %s\n%s", said, out)
				}
			}
			for _, file := range []string{"report.pdf", "copy/xinban.db"} {
				if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
					t.Error(err)
				}
			}
			if strings.Count(script, "wants") != 3 {
				t.Errorf("the exit codes are not found in\n%s", script)
			}
		})
	}
}

const wants = `wants() { local want=$1 code=0; shift; "$@" || code=$?; [ "$code" = "$want" ] || { echo "exit $code, want $want: $*"; exit 9; }; }
%s`

var spoken = regexp.MustCompile("`(?:bin/)?xinban ((?:[a-z]+(?:-[a-z]+)* ?)+)|`admin ([a-z]+)`")

// Every command that a document names is there.
func TestDocumentsNameCommandsThatExist(t *testing.T) {
	docs, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range append(docs, "../../README.md", "../../README.zh-CN.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range spoken.FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(m[1])
			if m[2] != "" {
				words = []string{"admin", m[2]}
			}
			found++
			if code := Main(append(words, "--help"), discard{}, discard{}); code != Done {
				t.Errorf("%s: there is no command %s", name, strings.Join(words, " "))
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d commands found", found)
	}
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
