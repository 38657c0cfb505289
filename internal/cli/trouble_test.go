package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// counts is what a load says of its file.
type counts struct {
	Load                                            int64
	Rows, Accepted, Unchanged, Amended, Quarantined int64
	Verdicts, Error                                 string
}

// manyRows writes a department's file of n penalties on n/3 firms, all plainly invented, and returns its path.
func manyRows(t *testing.T, dir, name string, n, from int) string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("行政相对人名称,统一社会信用代码,行政处罚决定书文号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,处罚决定日期,处罚机关\n")
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&b, "岚港第%d渔具有限公司,%s,岚环罚〔2026〕%d号,未按规定排放污染物,该单位第%d次未按规定排放污染物。,《岚海省环境保护条例》第十条,罚款,罚款人民币2000元,0.2,2026-03-05,岚港市生态环境局\n",
			i/3, firm(i/3), i, i*7919%100003)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// firm is the n-th code of a firm in the area 000000, with its check character (GB 32100-2015).
func firm(n int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	code := []byte("91000000MA0000000")
	for i := len(code) - 1; n > 0; i-- {
		code[i] = alphabet[n%31]
		n /= 31
	}
	sum, weight := 0, 1
	for _, c := range code {
		sum += strings.IndexByte(alphabet, c) * weight
		weight = weight * 3 % 31
	}
	return string(code) + string(alphabet[(31-sum%31)%31])
}

func intakeOf(file, data string) *exec.Cmd {
	return exec.Command("xinban", "--json", "intake", file, "--source", "local", "--data", data, "--now", "2026-05-18")
}

// taken runs an intake to its end and returns the counts of its one file.
func taken(t *testing.T, c *exec.Cmd) counts {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	runErr := c.Run()
	var doc struct{ Files []counts }
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil || len(doc.Files) != 1 {
		t.Fatalf("%v: %v\n%s%s", runErr, err, out.String(), errs.String())
	}
	return doc.Files[0]
}

// sound checks every fact of a store and wants so many.
func sound(t *testing.T, data string, facts int64) {
	t.Helper()
	code, doc := command[struct{ Facts int64 }](t, "fsck", "--data", data)
	if code != Done || doc.Facts != facts {
		t.Errorf("fsck: exit %d, %d facts, want %d", code, doc.Facts, facts)
	}
}

// A process that is killed in the middle of a load loses nothing and doubles nothing: the same file, sent again,
// goes on under the same number and gives the verdicts that it would have given.
func TestKilledInMidLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("loads tens of thousands of rows")
	}
	t.Parallel()
	const rows = 30_000
	dir := t.TempDir()
	file, data := manyRows(t, dir, "penalties.csv", rows, 0), filepath.Join(dir, "store")
	for _, part := range []int64{1 << 10, 2 << 20, 5 << 20} { // killed when the store's log has grown so far
		c := intakeOf(file, data)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		grows(t, filepath.Join(data, "xinban.db-wal"), part)
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err == nil {
			t.Fatal("the load ended before it was killed: the file is too small")
		}
	}
	got := taken(t, intakeOf(file, data))
	if got.Load != 1 || got.Rows != rows || got.Accepted != rows {
		t.Errorf("after the kills: %+v, want all %d rows accepted by load 1", got, rows)
	}
	text, err := os.ReadFile(got.Verdicts)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte(",accepted,")); n != rows {
		t.Errorf("%d verdicts of %d rows", n, rows)
	}
	sound(t, data, rows)
	if again := taken(t, intakeOf(file, data)); again.Unchanged != rows {
		t.Errorf("sent once more: %+v, want all unchanged", again)
	}
}

// grows waits until a file has so many bytes.
func grows(t *testing.T, path string, bytes int64) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if info, err := os.Stat(path); err == nil && info.Size() >= bytes {
			return
		}
	}
	t.Fatalf("%s never had %d bytes", path, bytes)
}

// Two processes that load into one store at once both come through, also where they speak of the same firms.
func TestTwoLoadsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("loads tens of thousands of rows")
	}
	t.Parallel()
	const rows = 6_000
	dir := t.TempDir()
	data := filepath.Join(dir, "store")
	taken(t, intakeOf(manyRows(t, dir, "first.csv", 3, 0), data))
	var all sync.WaitGroup
	for i, from := range []int{3, 3 + rows/2} { // half of the rows are in both files
		file := manyRows(t, dir, fmt.Sprintf("part%d.csv", i), rows, from)
		all.Go(func() {
			if got := taken(t, intakeOf(file, data)); got.Rows != rows || got.Accepted+got.Unchanged != rows {
				t.Errorf("%+v, want a verdict for each of %d rows", got, rows)
			}
		})
	}
	all.Wait()
	sound(t, data, 3+rows+rows/2)
}
