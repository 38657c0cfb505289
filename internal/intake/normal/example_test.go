package normal_test

import (
	"fmt"
	"io"
	"strings"

	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
)

// A file as pasted from a spreadsheet: its kind is guessed, its columns are mapped, its rows judged.
func Example() {
	f, err := read.NewReader(strings.NewReader("主体名称\t代码\t列入原因\t名单类型\t认定部门\t列入日期\n"+
		"岚港海蓝渔具有限公司\t91000000ma0000001r（1/1）\t发生事故\t安全生产严重失信主体名单\t岚港市应急管理局\t2024年1月2日\n"+
		"溯岚旧货商行\t91000000MA0000001R\t发生事故\t安全生产严重失信主体名单\t岚港市应急管理系统\t2022-09-31\n"), "粘贴")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Close()
	kind, _ := normal.Guess(f.Header())
	layout, _, err := normal.Map(f.Header(), kind)
	if err != nil {
		fmt.Println(err)
		return
	}
	layout.Today = 20260518
	var row read.Row
	var out normal.Out
	for err = f.Next(&row); err == nil; err = f.Next(&row) {
		layout.Row(row.Cells, &out)
		fmt.Println(row.Number, kind, out.Record.Name, out.Record.Code, out.Record.Decided, out.Blocked())
		for _, finding := range out.Findings {
			fmt.Println(" ", finding.Code, finding.Message)
		}
	}
	fmt.Println(err == io.EOF)
	// Output:
	// 1 serious_list 岚港海蓝渔具有限公司 91000000MA0000001R 2024-01-02 false
	//   code_cleaned 代码中夹有其他文字，已去除
	// 2 serious_list 溯岚旧货商行 91000000MA0000001R  true
	//   date_impossible “2022-09-31”不是真实存在的日期
	//   authority_is_system “岚港市应急管理系统”是系统或平台的名称，不是机关
	// true
}
