package repair

import (
	"strings"
	"testing"
)

// Days that a centre writes are read whole or refused: none is missing, zero, unlabelled or misspelt.
func TestClocksThatAreRefused(t *testing.T) {
	t.Parallel()
	whole := string(clocksFile)
	if _, err := ReadClocks([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"zero days":        {"days: 3", "days: 0"},
		"no source":        {"source: 平台设定, sureness: assumed}", "source: '', sureness: assumed}"},
		"an unknown name":  {"accept:", "accepted:"},
		"unsure how":       {"sureness: article", "sureness: certain"},
		"days that are no": {"days: 7", "days: seven"},
	} {
		body := strings.Replace(whole, change[0], change[1], 1)
		if body == whole {
			t.Fatalf("%s changes nothing", name)
		}
		if _, err := ReadClocks([]byte(body)); err == nil {
			t.Errorf("%s is let through", name)
		}
	}
}
