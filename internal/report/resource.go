package report
import "github.com/danielgtaylor/huma/v2"
func (p *pages) resources(api huma.API) {}
