package house

import (
	"path"
	"strings"
	"testing"
)

// NOTICE names every file of others that the repository holds, with the version that was fetched.
func TestNoticeNamesWhatIsNotOurs(t *testing.T) {
	notice := read(t, "NOTICE")
	found := 0
	for _, list := range files(t, "VENDOR") {
		for _, line := range strings.Split(strings.TrimSpace(read(t, list)), "\n") {
			f := strings.Fields(line) // digest, name, package@version, path there
			if len(f) < 3 {
				t.Errorf("%s: cannot read %q", list, line)
				continue
			}
			found++
			at := strings.LastIndex(f[2], "@")
			file, version := path.Join(path.Dir(list), f[1]), f[2][at+1:]
			licence := strings.HasSuffix(f[1], "LICENSE") || strings.HasSuffix(f[1], "NOTICE")
			if !strings.Contains(notice, file) && !(licence && strings.Contains(notice, f[1])) {
				t.Errorf("NOTICE does not name %s", file)
			}
			if !licence && !strings.Contains(notice, version) {
				t.Errorf("NOTICE does not name version %s of %s", version, file)
			}
		}
	}
	for _, face := range files(t, ".ttf.zst", ".ttf", ".otf", ".woff2") {
		found++
		if !strings.Contains(notice, face) {
			t.Errorf("NOTICE does not name %s", face)
		}
	}
	if found < 5 {
		t.Errorf("only %d files of others found", found)
	}
}

// The licence is the Apache License 2.0 and nothing else.
func TestLicence(t *testing.T) {
	text := read(t, "LICENSE")
	for _, want := range []string{"Apache License", "Version 2.0, January 2004", "END OF TERMS AND CONDITIONS", "APPENDIX: How to apply"} {
		if !strings.Contains(text, want) {
			t.Errorf("LICENSE lacks %q", want)
		}
	}
}
