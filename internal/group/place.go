package group

import (
	"cmp"
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"
)

//go:embed places.yaml
var placesText []byte

// places are the provinces by the digits of their codes.
var places = func() (p struct {
	Source        string            `yaml:"source"`
	EffectiveFrom string            `yaml:"effective_from"`
	National      string            `yaml:"national"`
	Provinces     map[string]string `yaml:"provinces"`
}) {
	if err := yaml.UnmarshalWithOptions(placesText, &p, yaml.Strict()); err != nil {
		panic(err) // the file is in the binary
	}
	return p
}()

// province is the province of an area, empty where the area names none.
func province(area string) string {
	if len(area) < 2 {
		return ""
	}
	return places.Provinces[area[:2]]
}

// home is what the platform's province is called. Where its area is not stated, or is a made-up one, it has no name.
func home(area string) string { return cmp.Or(province(area), "本省") }

// elsewhere tells whether an area lies in another province than the platform's. A code is not changed by a move within the
// province and may have been given by its head office, so nothing less than the province is told from it.
func elsewhere(area, platform string) bool {
	return province(area) != "" && len(platform) >= 2 && area[:2] != platform[:2]
}

const notClean = "这不表示该主体没有违法违规记录"

// notFound says what a code tells of a subject that is not on record here.
func (m Member) notFound(code, platform string) Member {
	area := ""
	if code != "" {
		area = code[2:8] // of the organ that registered it (GB 32100-2015)
	}
	switch {
	case elsewhere(area, platform):
		p := province(area)
		return m.not(Outside, fmt.Sprintf("登记机关在%s，不在%s，平台没有归集其信息，请向%s的信用平台申请。已迁入%s的，请与信用中心核实。%s", p, home(platform), p, home(platform), notClean))
	case len(area) > 2 && area[:2] == places.National:
		return m.not(Unknown, "该主体由国家登记机关登记，从代码看不出住所在哪个省，平台没有查到其信息。请核对代码，或者向其住所地的信用平台申请。"+notClean)
	}
	return m.not(Unknown, "没有查到该主体的登记或归集信息，请核对代码或者名称。"+notClean)
}
