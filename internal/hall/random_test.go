package hall

import (
	"math/rand/v2"
	"testing"
	"time"
)

// ways are the states to which a visit may go from each.
var ways = map[string][]string{
	"已查找主体":  {"已查找主体", "已登记办事人", "已办结", "已清除"},
	"已登记办事人": {"已登记办事人", "已签署授权", "已开具", "已办结", "已清除", "已查找主体"}, // at a kiosk another card begins anew
	"已签署授权":  {"已签署授权", "已开具", "已办结", "已清除", "已查找主体"},
	"已开具":    {"已开具", "已办结", "已清除", "已查找主体"},
	"已办结":    {"已办结"},
	"已清除":    {"已清除", "已查找主体"},
}

// However steps follow each other, a visit goes only the ways that there are; a report is never without a consent that it used up,
// and when all is closed no consent is left that could be used.
func TestRandomWalksThroughTheHall(t *testing.T) {
	t.Parallel()
	steps := map[bool][]string{
		false: {"登记法定代表人", "登记经办人", "签署", "附授权委托书签署", "主体撤回授权", "开具", "办结"},
		true:  {"放营业执照", "放电子营业执照", "放名称不一致的营业执照", "再放身份证", "选招投标", "选上市", "同意并打印", "再看一会", "过10秒", "过25秒"},
	}
	each(t, func(t *testing.T, l *lobby) {
		for seed := range uint64(30) {
			r, w := rand.New(rand.NewPCG(seed, 1)), &walker{lobby: l, kiosk: seed%2 == 1}
			begin := "查找主体"
			if w.kiosk {
				begin = "放营业执照"
			}
			must(t, w.do(begin))
			was := w.at()
			for range 25 {
				what := steps[w.kiosk][r.IntN(len(steps[w.kiosk]))]
				_ = w.do(what) // many are refused
				now := w.at()
				if !contains(ways[was], now) {
					t.Fatalf("seed %d: %s leads from %s to %s", seed, what, was, now)
				}
				was = now
			}
			w.leave()
		}
		grants, err := l.Consent.Given(t.Context(), firm)
		must(t, err)
		used := 0
		for _, g := range grants {
			used += int(g.Used)
			if grantIs(&g) == "有效" {
				t.Errorf("a consent is left: %+v", g)
			}
		}
		if used != l.made || used == 0 {
			t.Errorf("%d reports used %d consents", l.made, used)
		}
	})
}

// leave ends what runs.
func (w *walker) leave() {
	w.t.Helper()
	if w.kiosk {
		w.pass(time.Minute)
		must(w.t, w.ForgetAll(w.t.Context()))
		return
	}
	if v := w.again(w.v); v.State != Closed {
		must(w.t, w.finish(w.t.Context(), v))
	}
}

func contains(list []string, s string) bool { return oneOf(s, list) }
