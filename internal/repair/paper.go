package repair

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/form"
)

// ErrNoPaper says that a case has no such paper now.
var ErrNoPaper = errors.New("现在没有这份文书")

// applicationPapers are what the system writes of every application: the form of each platform and the commitment.
var applicationPapers = []string{"apply-creditchina", "apply-local", "apply-publicity-system", "commitment"}

// papersOf are the papers that an item has as it stands.
func papersOf(x *Item) (all []string) {
	d := &x.Data
	if x.State == Granted || x.State == Refused {
		all = append(all, "decision")
	}
	if x.State == Declined {
		all = append(all, "notice-refused")
	}
	if x.State == Supplement {
		all = append(all, "notice-supplement")
	}
	if x.Closed == 0 && d.Accepted != 0 {
		all = append(all, "notice-accepted")
	}
	if d.Extended != "" {
		all = append(all, "notice-extended")
	}
	return all
}

// ApplicationPaper writes one of the papers of an application, always the same from the same application but for its seal.
func (s *Service) ApplicationPaper(ctx context.Context, c *casework.Case, id string) ([]byte, error) {
	if !slices.Contains(applicationPapers, id) {
		return nil, ErrNoPaper
	}
	d, err := dataOf(c)
	if err != nil {
		return nil, err
	}
	items, err := s.Items(ctx, c)
	if err != nil {
		return nil, err
	}
	v := s.values(c, &d, c.ID)
	name, phone := contactOf(d.Contact)
	for k, text := range map[string]string{"contact.name": name, "contact.phone": phone, "agent.name": "", "agent.authority": "", "proof.summary": "由认定单位在其系统中核实", "platform.name": "省级信用网站"} {
		v.Fields[k] = text
	}
	for i := range items {
		v.Lists["matters"] = append(v.Lists["matters"], matterRow(&items[i]))
	}
	return s.print(id, v, c.Opened)
}

var phoneIn = regexp.MustCompile(`[0-9][0-9 -]{5,}[0-9]`)

// contactOf takes the phone out of what was filled in as contact.
func contactOf(text string) (name, phone string) {
	if phone = phoneIn.FindString(text); phone == "" {
		return text, "（未留电话）"
	}
	return cmp.Or(strings.Trim(strings.Replace(text, phone, "", 1), " ，,：:电话"), "联系人"), phone
}

// ItemPaper writes one of the papers of an item.
func (s *Service) ItemPaper(ctx context.Context, c *casework.Case, id string) ([]byte, error) {
	x, err := s.item(ctx, *c)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(papersOf(&x), id) {
		return nil, ErrNoPaper
	}
	parent, err := s.c.Cases.Get(ctx, c.Subject, x.Data.Parent)
	if err != nil {
		return nil, err
	}
	d, err := dataOf(&parent)
	if err != nil {
		return nil, err
	}
	v := s.values(&parent, &d, c.ID)
	s.itemValues(&v, &x)
	return s.print(id, v, c.Changed)
}

// values are those of every paper of an application.
func (s *Service) values(c *casework.Case, d *data, number string) form.Values {
	return form.Values{Number: number, Lists: map[string][]map[string]string{}, Fields: map[string]string{
		"subject.name": shownName(c.Subject, d.Name), "subject.code": codeOf(c.Subject), "applied.on": dayOf(c.Opened).Chinese(), "case.number": c.ID,
		"office.name": s.c.Issuer, "query.code": d.Code, "query.address": s.c.Progress + "?code=" + d.Code, "apply.where": "本平台“信用修复”",
	}}
}

// codeOf is the code of an organisation; of a natural person none stands on a paper.
func codeOf(key credit.Key) string {
	if key.Person() {
		return ""
	}
	return key.Code()
}

func (s *Service) itemValues(v *form.Values, x *Item) {
	d := &x.Data
	granted, result, reason, next := "", "不予修复", d.Reason, d.Next
	if x.State == Granted {
		granted, result, reason, next = "1", "准予修复", "已核实："+d.Verified, "无需办理"
	}
	from, days := s.decideFrom(d)
	before := s.c.Calendar.Add(from, days).Date
	for k, text := range map[string]string{"organ.name": d.Authority, "paper.on": dayOf(x.Changed).Chinese(), "accepted.on": d.Accepted.Chinese(),
		"due.on": x.Due.Due.Chinese(), "decision.granted": granted, "extension.reason": d.Extended, "due.before": before.Chinese(),
		"extension.days": strconv.Itoa(s.c.Clocks.Extend.Days)} {
		v.Fields[k] = text
	}
	if d.Extended != "" {
		v.Fields["due.on"] = s.c.Calendar.Add(before, s.c.Clocks.Extend.Days).Date.Chinese()
	}
	row := matterRow(x)
	row["result"], row["reason"], row["next"], row["remedy"], row["gap"] = result, cmp.Or(reason, "见办理记录"), cmp.Or(next, "—"), cmp.Or(next, "在“信用修复”中补正"), d.Gaps
	for _, list := range []string{"matters", "refusals", "gaps"} {
		v.Lists[list] = []map[string]string{row}
	}
}

func matterRow(x *Item) map[string]string {
	d := &x.Data
	return map[string]string{"record": cmp.Or(d.Title, d.Kind.Chinese()), "number": cmp.Or(d.DocNo, "无文书号"), "authority": d.Authority, "decided_on": cmp.Or(d.Decided.Chinese(), "日期不详"),
		"class": cmp.Or(d.Class, "未定"), "corrected": d.Corrected, "corrected_on": d.On.Chinese()}
}

func dayOf(ms int64) credit.Date { return credit.DateOf(time.UnixMilli(ms)) }

func (s *Service) print(id string, v form.Values, at int64) ([]byte, error) {
	if s.c.Forms == nil || s.c.Press == nil {
		return nil, ErrNoPaper
	}
	t, err := s.c.Forms.On(id, dayOf(at))
	if err != nil {
		return nil, err
	}
	file, err := s.c.Press.PDF(t, v, time.UnixMilli(at))
	if err != nil {
		return nil, fmt.Errorf("repair: writing %s: %w", id, err)
	}
	return file, nil
}
