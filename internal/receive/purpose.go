package receive

import (
	_ "embed"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"

	"xinban/internal/decision"
	"xinban/internal/page"
)

//go:embed purposes.yaml
var purposesYAML []byte

// Purpose is a legal purpose (法定用途) for which an organ asks.
type Purpose struct {
	ID          string            `yaml:"id"`
	Name        string            `yaml:"name"`
	Basis       string            `yaml:"basis"` // why the organ may ask, or why it may not
	Sureness    decision.Sureness `yaml:"sureness"`
	Certificate bool              `yaml:"certificate"` // a certificate of no violation was needed for it before
}

// Notice is the sentence that stands on the desk and at every request, with its source.
type Notice struct {
	Sentence string            `yaml:"sentence"`
	Source   string            `yaml:"source"`
	Sureness decision.Sureness `yaml:"sureness"`
}

type purposes struct {
	Notice   `yaml:",inline"`
	Purposes []Purpose `yaml:"purposes"`
	Uses     []Purpose `yaml:"uses"` // of receivers
}

// readPurposes reads the list; every entry must say its name, its basis and how sure that is.
func readPurposes(text []byte) (p purposes, err error) {
	if err := yaml.UnmarshalWithOptions(text, &p, yaml.Strict()); err != nil {
		return p, fmt.Errorf("receive: reading the purposes: %w", err)
	}
	if p.Sentence == "" || p.Source == "" || len(p.Purposes) == 0 {
		return p, errors.New("receive: the list of purposes lacks its sentence, source or entries")
	}
	return p, errors.Join(checkPurposes(p.Purposes), checkPurposes(p.Uses))
}

func checkPurposes(all []Purpose) error {
	seen := map[string]bool{}
	for _, x := range all {
		if x.ID == "" || x.Name == "" || x.Basis == "" || seen[x.ID] {
			return fmt.Errorf("receive: purpose %q is named twice or lacks its name or basis", x.ID)
		}
		seen[x.ID] = true
	}
	return nil
}

// option is the purpose as a choice, with its basis and how sure that is.
func (p Purpose) option() page.Option {
	note := p.Sureness.Chinese() + "：" + p.Basis
	if !p.Certificate {
		note = "不得要求提供信用报告。" + note
	}
	return page.Option{Value: p.ID, Label: p.Name, Note: note}
}

func findPurpose(all []Purpose, id string) (Purpose, bool) {
	for _, x := range all {
		if x.ID == id {
			return x, true
		}
	}
	return Purpose{}, false
}
