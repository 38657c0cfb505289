package demo

import (
	"fmt"

	"github.com/goccy/go-yaml"

	"xinban/internal/credit"
)

type registerYAML struct {
	Set           string      `yaml:"set"`
	ID            string      `yaml:"id"`
	Title         string      `yaml:"title"`
	EffectiveFrom credit.Date `yaml:"effective_from"`
	Source        string      `yaml:"source"`
	Sureness      string      `yaml:"sureness"`
	Organs        []organYAML `yaml:"organs"`
}

type organYAML struct {
	ID         string           `yaml:"id"`
	Code       string           `yaml:"code"`
	Name       string           `yaml:"name"`
	English    string           `yaml:"english,omitempty"`
	OldNames   []string         `yaml:"old_names,omitempty"`
	Names      []englishYAML    `yaml:"english_names,omitempty"`
	Region     string           `yaml:"region"`
	Domains    []string         `yaml:"domains,omitempty"`
	Merged     bool             `yaml:"merged,omitempty"`
	Series     []seriesYAML     `yaml:"series,omitempty"`
	Succession []successionYAML `yaml:"succession,omitempty"`
}

// englishYAML is the English name that goes with a former name or an abbreviation.
type englishYAML struct {
	Of   string `yaml:"of"`
	Name string `yaml:"name"`
}

type seriesYAML struct {
	Prefix string `yaml:"prefix"`
	Domain string `yaml:"domain"`
}

type successionYAML struct {
	On      credit.Date `yaml:"on"`
	To      string      `yaml:"to"`
	How     string      `yaml:"how"`
	Domains []string    `yaml:"domains,omitempty"`
}

// RegisterYAML is the organ register of the demo in the form that law.ReadRegister reads.
func RegisterYAML() ([]byte, error) {
	out := registerYAML{Set: "organ", ID: "organs-lanhai", Title: "岚海省机关目录（演示）", EffectiveFrom: dataStart,
		Source: "演示数据，均为虚构", Sureness: "assumed"}
	for _, o := range register() {
		y := organYAML{ID: o.ID, Code: o.Code, Name: o.Name, English: o.English, Region: o.Place.Area, Domains: o.Domains}
		for _, n := range []string{o.OldName, o.Short} {
			if n != "" {
				y.OldNames = append(y.OldNames, n)
			}
		}
		if o.OldEnglish != "" {
			y.Names = append(y.Names, englishYAML{o.OldName, o.OldEnglish})
		}
		if o.Short != "" && o.English != "" {
			y.Names = append(y.Names, englishYAML{o.Short, o.English})
		}
		switch o.ID {
		case mergedFrom:
			y.Succession = []successionYAML{{On: MergedOn, To: mergedInto, How: "merger"}}
		case waterBefore:
			y.Succession = []successionYAML{{On: MergedOn, To: mergedInto, How: "centralised", Domains: []string{"water"}}}
		case mergedInto:
			y.Merged = true
			y.Series = []seriesYAML{{"岚港综执", "urban-management"}, {"岚港水", "water"}}
		}
		out.Organs = append(out.Organs, y)
	}
	b, err := yaml.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("demo: writing the organ register: %w", err)
	}
	return b, nil
}
