package normal

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xinban/internal/credit"
	"xinban/internal/intake/read"
)

var update = flag.Bool("update", false, "write the expected texts anew")

// TestFilesAsDepartmentsSendThem reads each file of testdata and compares what became of its rows with
// a text that a clerk can read.
func TestFilesAsDepartmentsSendThem(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".csv"), func(t *testing.T) {
			got := told(t, path)
			golden := strings.TrimSuffix(path, ".csv") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

// told is what became of the rows of a file, in words.
func told(t *testing.T, path string) string {
	t.Helper()
	f, err := read.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kind, ok := Guess(f.Header())
	if !ok {
		t.Fatal("the kind cannot be told")
	}
	l, findings, err := Map(f.Header(), kind)
	if err != nil {
		t.Fatal(err)
	}
	l.Today = today
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", kind.Chinese())
	tellFindings(&b, findings)
	var row read.Row
	var out Out
	for err = f.Next(&row); err == nil; err = f.Next(&row) {
		if row.Err != nil {
			t.Fatal(row.Err)
		}
		l.Row(row.Cells, &out)
		verdict := "接收"
		if out.Blocked() {
			verdict = "隔离"
		}
		fmt.Fprintf(&b, "\n第%d行 %s\n", row.Number, verdict)
		tellRecord(&b, &out)
		tellFindings(&b, out.Findings)
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	return b.String()
}

func tellFindings(b *strings.Builder, all []Finding) {
	for _, f := range all {
		mark := "提示"
		if f.Block {
			mark = "错误"
		}
		fmt.Fprintf(b, "  %s %s【%s】%s → %s\n", mark, f.Code, f.Field, f.Message, f.Fix)
	}
}

func tellRecord(b *strings.Builder, out *Out) {
	r := &out.Record
	line := func(name string, value any) {
		if s := fmt.Sprint(value); s != "" {
			fmt.Fprintf(b, "    %s：%s\n", name, s)
		}
	}
	line("名称", r.Name)
	line("类别", r.Class.Chinese())
	line("统一社会信用代码", r.Code)
	line("组织机构代码", r.OrgCode)
	line("工商注册号", r.Registration)
	line("证件", strings.TrimSpace(out.Identity.PersonIDType+" "+credit.MaskID(out.Identity.PersonID)))
	line("文号", strings.TrimSpace(r.DocNo+" "+r.Part))
	line("许可编号", r.LicenceNo)
	line("名单", r.List)
	line("事实", r.Facts)
	line("处罚类别", r.Penalties.Chinese())
	if r.Kind == credit.Penalty {
		line("程序", r.Procedure.Chinese())
	}
	if r.Fine.Known {
		line("罚款（元）", r.Fine.Fen.Yuan())
	}
	line("决定日期", r.Decided)
	until := r.Until.String()
	if r.Forever {
		until = strings.TrimSpace("长期 " + until)
	}
	line("有效期至", until)
	line("公示截止期", r.PublicUntil)
	line("移出日期", r.Removed)
	line("机关", r.Authority)
	if r.Claim != credit.ClaimNormal {
		line("状态代码", int(r.Claim))
	}
	line("备注", r.Remark)
	for _, e := range r.Extra {
		line("其他列 "+e.Heading, e.Text)
	}
	if len(out.SealedColumns) > 0 {
		line("封存的列", out.SealedColumns)
	}
}
