package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// faults are what the parser of the command line says, and the same in a sentence for readers of Chinese.
var faults = []struct {
	said *regexp.Regexp
	text string
}{
	{regexp.MustCompile(`^missing flags: (.*)$`), "缺少选项：$1"},
	{regexp.MustCompile(`^missing positional arguments (.*)$`), "缺少参数：$1"},
	{regexp.MustCompile(`^expected one of (.*)$`), "请写明命令，可用：$1"},
	{regexp.MustCompile(`^expected ("?<.*|".*)$`), "还缺少：$1"},
	{regexp.MustCompile(`^unknown flag (\S+?)(?:, did you mean .*)?$`), "没有这个选项：$1"},
	{regexp.MustCompile(`^unexpected argument (\S+?)(?:, did you mean .*)?$`), "没有这个命令或多了参数：$1"},
	{regexp.MustCompile(`^(.*?) must be one of (.*) but got (.*)$`), "$1 只能是 $2 之一，不能是 $3"},
	{regexp.MustCompile(`^(.*?): expected a valid \d+ bit u?int but got (.*)$`), "$1 应为整数，不能是 $2"},
	{regexp.MustCompile(`^(.*?): stat (.*): no such file or directory$`), "$1：没有这个文件 $2"},
	{regexp.MustCompile(`^(.*?): (?:missing value|expected .* but got "EOL").*$`), "$1 后面没有写值"},
	{regexp.MustCompile(`^(.*?): credit: ("?.*?"?) is not a date.*$`), "$1：$2 不是日期，请写成 2026-05-18"},
}

// parseFault says in one Chinese sentence what is wrong with a command line, and how the command is used.
func parseFault(err error) string {
	text := err.Error()
	said := "命令写得不对：" + text
	for _, f := range faults {
		if f.said.MatchString(text) {
			said = f.said.ReplaceAllString(text, f.text)
			break
		}
	}
	var pe *kong.ParseError
	if !errors.As(err, &pe) || pe.Context == nil {
		return said
	}
	node := pe.Context.Model.Node
	for _, p := range pe.Context.Path {
		if p.Command != nil {
			node = p.Command
		}
	}
	return fmt.Sprintf("%s\n用法：%s\n详见 %s --help", said, columns(pe.Context.Model.Name, strings.TrimSpace(node.Summary())), node.FullPath())
}

var negative = regexp.MustCompile(`^-\d+$`)

// afterFlags moves the negative numbers of workday behind the flags, where the parser takes them for what they are.
func afterFlags(args []string) []string {
	if !slices.Contains(args, "workday") || slices.Contains(args, "--") || !slices.ContainsFunc(args, negative.MatchString) {
		return args
	}
	var first, last []string
	for _, a := range args {
		if negative.MatchString(a) {
			last = append(last, a)
		} else {
			first = append(first, a)
		}
	}
	return slices.Concat(first, []string{"--"}, last)
}

// editionText is the editions of the report.
var editionText = map[string]string{"general": "普通版", "administration": "行政管理专版", "listing": "上市专版"}

// known is the word for a code, or the code where there is none.
func known(words map[string]string, code string) string {
	if w := words[code]; w != "" {
		return w
	}
	return code
}

// columns joins what there is.
func columns(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}
