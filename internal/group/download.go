package group

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// stateNames are the states as the table of results names them.
var stateNames = map[string]string{string(Waiting): "等待出具", string(Issued): "已出具", string(Refused): "未出具", string(Unknown): "未查到",
	string(Outside): "省外主体", string(Failed): "出具失败", string(Cancelled): "已取消"}

// statusNames are the statuses of papers as the table names them.
var statusNames = map[Status]string{Valid: "有效", Changed: "有效，此后有变化", Replaced: "已有新的报告", Withdrawn: "已作废，请勿使用"}

// joined is what there is to say, in one cell.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "；")
}

// Download packs what is issued so far into a zip, in a temporary file that the caller removes: each paper as PDF and
// signed JSON, and a table of results with how each paper stands now. What the caller may no longer read is left out, and the table says why. Every
// paper in it is noted in the access log before the file is returned.
func (s *Service) Download(ctx context.Context, id string) (*os.File, error) {
	v, err := s.View(ctx, id)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "group-*.zip")
	if err != nil {
		return nil, fmt.Errorf("group: making a file for download: %w", err)
	}
	if err = s.pack(ctx, v, f); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

func (s *Service) pack(ctx context.Context, v *View, f *os.File) error {
	z := zip.NewWriter(f)
	rows := [][]string{{"序号", "名单所列", "主体名称", "统一社会信用代码", "结果", "说明", "报告编号", "现状", "报告时段起", "报告时段止", "结论", "文件"}}
	for i := range v.Members {
		row, err := s.add(ctx, z, &v.Members[i])
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	table, err := csvText(rows)
	if err != nil {
		return err
	}
	book, err := workbook(rows)
	if err != nil {
		return fmt.Errorf("group: writing the table of %s: %w", v.ID, err)
	}
	if err = errors.Join(s.put(z, "结果.csv", table), s.put(z, "结果.xlsx", book), z.Close()); err != nil {
		return fmt.Errorf("group: packing %s: %w", v.ID, err)
	}
	return nil
}

// add puts a member's paper into the archive and returns its row of the table.
func (s *Service) add(ctx context.Context, z *zip.Writer, m *MemberView) ([]string, error) {
	said := joined(m.Reason, m.Note)
	row := []string{strconv.Itoa(m.No), m.Given, m.Name, m.Key.Code(), stateNames[string(m.State)], said, m.Number, "", "", "", "", ""}
	if m.State != Issued {
		return row, nil
	}
	me := account.From(ctx)
	if !me.MayActFor(m.Key) {
		if err := s.Mandates.MayRead(ctx, me, m.Number); err != nil {
			why, ok := consent.Why(err)
			if !ok {
				return nil, err
			}
			row[5] = why.Error() + "，报告不再提供"
			return row, nil
		}
	}
	p, err := s.Reports.Paper(ctx, m.Number)
	if err != nil {
		return nil, err
	}
	if err := s.noted(ctx, me, m); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%03d-%s-%s", m.No, fileName(m.Name), m.Number)
	if p.Status == Withdrawn {
		name = "已作废/" + name
	}
	row[5], row[7] = joined(append([]string{said}, p.Why...)...), statusNames[p.Status]
	row[8], row[9], row[10], row[11] = p.From.String(), p.To.String(), p.Conclusion, name+".pdf"
	if err := errors.Join(s.put(z, name+".pdf", p.PDF), s.put(z, name+".json", p.JSON)); err != nil {
		return nil, fmt.Errorf("group: packing %s: %w", m.Number, err)
	}
	return row, nil
}

// put adds a file as it is, since signed papers hardly shrink.
func (s *Service) put(z *zip.Writer, name string, body []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: s.Now().In(credit.Shanghai)})
	if err == nil {
		_, err = w.Write(body)
	}
	return err
}

func (s *Service) noted(ctx context.Context, me account.Principal, m *MemberView) error {
	e := audit.Entry{Subject: m.Key, At: s.Now(), Actor: audit.Actor(me.Actor()), Action: audit.Download, Purpose: "集团报告", Document: m.Number}
	if err := s.DB.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, e) }); err != nil {
		return fmt.Errorf("group: recording an access: %w", err)
	}
	return nil
}

// fileName is a name without what file systems refuse.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
}
