package hall

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"xinban/internal/consent"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// scenarioFile is scenarios/visit.yaml.
type scenarioFile struct {
	Title     string
	Scenarios []scenario
}

type scenario struct {
	Name, Place string
	Steps       []struct{ Do, Then, Refused string }
	Reports     int
	Grants      []string
	Words       string
}

// progress are the states as the scenarios call them.
var progress = map[State]string{Open: "已查找主体", Known: "已登记办事人", Signed: "已签署授权", Issued: "已开具", Closed: "已办结"}

// walker goes through a scenario.
type walker struct {
	*lobby
	kiosk bool
	v     *Visit // at a window; at a kiosk the last that ran
}

func TestScenariosOfTheHall(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("scenarios/visit.yaml")
	must(t, err)
	var file scenarioFile
	must(t, yaml.UnmarshalWithOptions(text, &file, yaml.Strict()))
	for _, s := range file.Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, l *lobby) { s.run(t, &walker{lobby: l, kiosk: s.Place == "自助机"}) })
		})
	}
}

func (s *scenario) run(t *testing.T, w *walker) {
	for i, step := range s.Steps {
		err := w.do(step.Do)
		switch {
		case step.Refused != "" && reason(err) != step.Refused:
			t.Errorf("step %d, %s: %v (%s), want it refused: %s", i+1, step.Do, err, reason(err), step.Refused)
		case step.Refused == "" && err != nil:
			t.Fatalf("step %d, %s: %v", i+1, step.Do, err)
		case step.Then != "" && w.at() != step.Then:
			t.Errorf("step %d, %s: it is %s, want %s", i+1, step.Do, w.at(), step.Then)
		}
	}
	grants, err := w.Consent.Given(t.Context(), firm)
	must(t, err)
	var are []string
	words := ""
	for _, g := range grants {
		are, words = append(are, grantIs(&g)), words+g.Signature.Text
	}
	if strings.Join(are, ",") != strings.Join(s.Grants, ",") || w.made != s.Reports || !strings.Contains(words, s.Words) {
		t.Errorf("in the end %d reports and consents %v: %s", w.made, are, words)
	}
}

func grantIs(g *consent.Grant) string {
	switch {
	case g.Withdrawn != 0:
		return "已撤回"
	case g.Used > 0:
		return "已使用"
	}
	return "有效"
}

// at is how far the visit is.
func (w *walker) at() string {
	if !w.kiosk {
		return progress[w.again(w.v).State]
	}
	if r := w.running(); r != nil {
		w.v = r.Visit
		return progress[r.State]
	}
	if w.v != nil && w.again(w.v).State != Closed {
		return "没有办结"
	}
	return "已清除"
}

// reason is why a step is refused, as the scenarios call it.
func reason(err error) string {
	var p *problem.Error
	switch {
	case err == nil:
		return "没有"
	case errors.Is(err, errIdentity):
		return "须再放身份证"
	case errors.Is(err, errOtherName):
		return "名称与登记的不一致"
	case strings.Contains(err.Error(), "without a purpose"):
		return "没有登记用途"
	case errors.As(err, &p) && p.Type == "hall-state":
		return "这一步已经办过了"
	case errors.As(err, &p) && p.Type == "consent":
		return "没有可用的授权"
	case errors.As(err, &p) && len(p.Fields) == 1 && p.Fields[0].Name == "authority":
		return "没有授权委托书"
	}
	return err.Error()
}

func (w *walker) do(what string) error {
	if length, ok := strings.CutPrefix(what, "过"); ok {
		d, err := time.ParseDuration(strings.TrimSuffix(length, "秒") + "s")
		w.pass(d)
		return err
	}
	if w.kiosk {
		return w.touchScreen(what)
	}
	return w.serve(what)
}

// serve does a step at the window.
func (w *walker) serve(what string) (err error) {
	ctx, agent := w.t.Context(), walkIn
	agent.Capacity = Agent
	if what == "查找主体" {
		w.v, err = w.begin(ctx, clerk, AtWindow, firm, Person{}, nil)
		return err
	}
	v, paper := w.again(w.v), &Paper{"application/pdf", []byte("%PDF-1.4")}
	switch what {
	case "登记法定代表人":
		return w.identify(ctx, v, walkIn, tender.ID)
	case "登记经办人":
		return w.identify(ctx, v, agent, tender.ID)
	case "签署":
		return w.sign(ctx, v, consent.OnPaper, paper, nil)
	case "附授权委托书签署":
		return w.sign(ctx, v, consent.OnPaper, paper, paper)
	case "主体撤回授权":
		return w.db.Tx(ctx, func(tx *store.Tx) error { return w.Consent.Withdraw(tx, firm, v.Grant) })
	case "开具":
		_, err := w.issue(ctx, clerk, v)
		return err
	case "办结":
		return w.finish(ctx, v)
	}
	return errors.New("unknown step " + what)
}

// touchScreen does a step at the kiosk.
func (w *walker) touchScreen(what string) error {
	ctx, own := w.t.Context(), Card{Number: string(firm), Name: firmName, Licence: true}
	if card, ok := strings.CutPrefix(what, "放"); ok {
		w.card = own
		switch card {
		case "电子营业执照":
			w.card.PIN = true
		case "名称不一致的营业执照":
			w.card.Name = "岚港演示另一有限公司"
		}
		return w.readCard(ctx, machine)
	}
	r := w.running()
	if r == nil {
		return wrongState() // the screen is the start page
	}
	switch what {
	case "再放身份证":
		w.card = Card{Number: "00000019900101123X", Name: "演示甲子"}
		return w.showIdentity(ctx, machine, r)
	case "选招投标":
		return w.choosePurpose(ctx, machine.ID, r, tender.ID)
	case "选上市":
		return w.choosePurpose(ctx, machine.ID, r, listing.ID)
	case "同意并打印":
		return w.agree(ctx, machine, r)
	case "再看一会":
		return w.extend(ctx, machine.ID, r)
	}
	return errors.New("unknown step " + what)
}
