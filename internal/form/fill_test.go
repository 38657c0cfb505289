package form

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"xinban/internal/document/pdf"
)

// All gaps are named at once, with the row and the line of the template.
func TestAllGapsAreNamedAtOnce(t *testing.T) {
	v := sample(2)
	delete(v.Fields, "subject.name")
	v.Fields["contact.phone"] = "  "
	delete(v.Lists["matters"][1], "authority")
	_, err := template(t, "apply-creditchina").Sheet(v)
	var gaps *Incomplete
	if !errors.As(err, &gaps) || len(gaps.Gaps) != 3 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"“信用修复申请表”还缺3项", "subject.name（模板第", "contact.phone", "matters[2].authority"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
}

// Each value that stands on a paper is asked for when it is missing, in every template.
func TestEveryValueIsAskedFor(t *testing.T) {
	for _, id := range ids(t) {
		x := template(t, id)
		_, used, err := x.fill(sample(1))
		if err != nil {
			t.Fatal(err)
		}
		for name := range used.Fields {
			v := sample(1)
			delete(v.Fields, name)
			if _, err := x.Sheet(v); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s without %s: %v", id, name, err)
			}
		}
		for list := range used.Lists {
			v := sample(1)
			delete(v.Lists, list)
			if _, err := x.Sheet(v); err == nil || !strings.Contains(err.Error(), list) {
				t.Errorf("%s without %s: %v", id, list, err)
			}
		}
	}
}

// Whether there is an agent must be said: blank is none, never given is a gap.
func TestAnAgentIsNamedOrSaidToBeNone(t *testing.T) {
	x, v := template(t, "apply-creditchina"), sample(1)
	v.Fields["agent.name"] = ""
	if _, used, err := x.fill(v); err != nil || used.Fields["agent.authority"] != "" {
		t.Errorf("without an agent: %v, %v", used.Fields["agent.authority"], err)
	}
	delete(v.Fields, "agent.name")
	if _, err := x.Sheet(v); err == nil || !strings.Contains(err.Error(), "agent.name") {
		t.Errorf("nobody said whether there is an agent: %v", err)
	}
	v.Fields["agent.name"] = "演示代理人"
	delete(v.Fields, "agent.authority")
	if _, err := x.Sheet(v); err == nil || !strings.Contains(err.Error(), "agent.authority") {
		t.Errorf("an agent without authority: %v", err)
	}
}

// What a value says is printed as it is, even when it looks like a placeholder.
func TestAValueIsNeverReadAsAPlaceholder(t *testing.T) {
	x, err := Read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	_, used, err := x.fill(Values{Number: "1", Fields: map[string]string{"subject.name": "{office.name}", "office.name": "{"}})
	if err != nil || used.Fields["subject.name"] != "{office.name}" {
		t.Errorf("%v, %v", used.Fields, err)
	}
}

// The attachment holds what stands on the paper and nothing besides: values serve many papers, a letter to others
// must not carry the applicant's telephone.
func TestTheAttachmentHoldsOnlyWhatIsOnThePaper(t *testing.T) {
	file, err := press(t).PDF(template(t, "letter-third-party"), sample(1), made)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pdf.ExtractAttachment(file, attachmentName)
	if err != nil || !bytes.Contains(data, []byte(`"third.name":"演示企业信息查询有限公司"`)) {
		t.Errorf("%s, %v", data, err)
	}
	for _, other := range []string{"000-00000000", "演示代理人", "payer"} {
		if bytes.Contains(data, []byte(other)) {
			t.Errorf("the attachment holds %s", other)
		}
	}
}

// A letter of commitment and a repair notice name no number of years for false material.
func TestNoYearsAreThreatened(t *testing.T) {
	for _, id := range []string{"commitment", "notice-repair"} {
		body, err := files.ReadFile("templates/" + id + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(body), "blocks:")
		if i := strings.Index(text, "年"); i >= 0 {
			t.Errorf("%s names years: %s", id, text[max(0, i-30):i+3])
		}
	}
}

// The seal never stands alone on a page, however long the paper is.
func TestASealIsNeverAloneOnAPage(t *testing.T) {
	p := press(t)
	for rows := range 30 {
		v := sample(rows)
		file, err := p.PDF(template(t, "notice-accepted"), v, made)
		if err != nil {
			t.Fatal(err)
		}
		text := judge(t, "poppler-utils", "pdftotext", kept(t, "alone.pdf", file), "-")
		pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
		if last := pages[len(pages)-1]; !strings.Contains(last, "请向受理单位反映") || !strings.Contains(last, "查询码") {
			t.Errorf("%d rows: the last page says only %q", rows, last)
		}
	}
}

func TestASealedPaperNeedsTheKey(t *testing.T) {
	p := press(t)
	p.Keys = nil
	if _, err := p.PDF(template(t, "decision"), sample(1), made); err == nil || !strings.Contains(err.Error(), "签章密钥") {
		t.Errorf("%v", err)
	}
	a, err := p.PDF(template(t, "commitment"), sample(3), made)
	b, again := p.PDF(template(t, "commitment"), sample(3), made)
	if err != nil || again != nil || !bytes.Equal(a, b) {
		t.Errorf("an unsealed paper differs from itself: %v, %v", err, again)
	}
}
