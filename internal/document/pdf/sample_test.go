package pdf_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
)

const (
	issuer  = "岚海省公共信用中心"
	number  = "LH2026051800000127A9F3"
	checkAt = "https://credit.example.test/v/LH2026051800000127A9F3?c=7KQ2MZ"
)

var issued = time.Date(2026, 5, 18, 2, 30, 0, 0, time.UTC)

// sample is a report as the house issues it: cover, conclusion, 52 domains, ten penalties, explanation, seal.
func sample(name string) *sheet.Sheet {
	penalties := penalties()
	return &sheet.Sheet{
		Title: "公共信用报告（无违法违规记录证明·普通版）", Number: number, Mark: "演示数据", Issuer: issuer,
		Blocks: []sheet.Block{
			sheet.Cover{Kicker: issuer, Title: "公共信用报告", Edition: "无违法违规记录证明 · 普通版"},
			sheet.KeyValues{Items: []sheet.KeyValue{
				{Key: "主体名称", Value: sheet.Bold(name)},
				{Key: "统一社会信用代码", Value: sheet.Plain("91000000MA0DEMO01X")},
				{Key: "报告编号", Value: sheet.Plain(number)},
				{Key: "查询时段", Value: sheet.Plain("2023年5月18日至2026年5月18日")},
				{Key: "查询领域", Value: sheet.Plain("52个领域中的52个")},
				{Key: "出具时间", Value: sheet.Plain("2026年5月18日 10:30:00")},
				{Key: "规则版本", Value: sheet.Plain("SD-2023（普通版）")},
				{Key: "数据截至", Value: sheet.Plain("2026年5月17日")},
				{Key: "SHA-256", Value: sheet.Text{{Text: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Size: 8.5}}},
				{Key: "SM3", Value: sheet.Text{{Text: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf4f7a2297da02b8f4ba8e0", Size: 8.5}}},
			}, Columns: 1, KeyWidth: 104},
			sheet.Notice{Tone: sheet.Alert, Title: "查询结论：查见10条记录", Text: sheet.Plain("在上述时段内，经查岚海省公共信用信息平台，49个领域未查见违法违规记录，2个领域查见10条记录（罚款合计1,286,000.00元），1个领域数据未更新，不作结论。")},
			sheet.SignOff{
				QR: &sheet.QR{Content: checkAt, Caption: []sheet.Text{
					sheet.Bold("扫码核验"), sheet.Plain("或在“报告核验”页面输入编号与核验码"), {{Text: "核验码："}, {Text: "7KQ2MZ", Bold: true}},
				}},
				Issuer: issuer, Date: "2026年5月18日",
				Seal: &sheet.SealMark{Ring: issuer, Center: "演示专用", Bottom: "电子签章"},
			},
			sheet.PageBreak{},
			sheet.Heading{Level: 1, Text: "一、各领域查询结果"},
			sheet.Table{
				Columns: []sheet.Column{{Title: "序号", Width: 7, Align: sheet.Center}, {Title: "领域", Width: 25}, {Title: "数据提供部门", Width: 34}, {Title: "数据截至", Width: 16, Align: sheet.Center}, {Title: "查询结果", Width: 18, Align: sheet.Center}},
				Rows:    domains(),
			},
			sheet.Heading{Level: 1, Text: "二、查见记录明细"},
			sheet.Table{
				Columns: []sheet.Column{{Title: "决定书文号、机关与日期", Width: 32}, {Title: "违法事实与处罚内容", Width: 54}, {Title: "罚款（元）", Width: 14, Align: sheet.Right}},
				Rows:    penalties,
			},
			sheet.Heading{Level: 1, Text: "三、严重失信主体名单"},
			sheet.Table{Columns: []sheet.Column{{Title: "名单名称", Width: 3}, {Title: "列入机关", Width: 3}, {Title: "列入日期", Width: 2}}, Empty: "查询期内无相关信息"},
			sheet.Heading{Level: 1, Text: "四、报告说明"},
			sheet.List{Items: []sheet.Text{
				sheet.Plain("本报告依据岚海省公共信用信息平台归集的信息自动生成，平台对信息不作修改，不进行评分评级。“未查见”指在所列数据截止日前，平台未归集到该领域的违法违规记录。"),
				sheet.Plain("普通版不列示：仅受警告、通报批评的行政处罚；已完成信用修复的行政处罚；公示期届满的行政处罚；已移出严重失信主体名单的信息；按简易程序作出的行政处罚。"),
				sheet.Plain("对报告内容有异议的，可向信息提供部门或者信用中心提出异议申诉；符合条件的行政处罚信息，可依照《失信行为纠正后的信用信息修复管理办法》申请修复。"),
				sheet.Plain("本报告的规范化JSON随文件附上，其摘要印于首页，可离线校验。"),
			}},
			sheet.Paragraph{Text: sheet.Plain("本报告经电子签章后与纸质证明具有同等效力，接收单位可通过扫描二维码、访问核验页面或者离线校验签名的方式核对报告真伪；任何改动都会使签章失效。"), Indent: 2},
		},
	}
}

func domains() [][]sheet.Text {
	names := []string{"发展改革", "教育", "科技", "工业和信息化", "民族宗教", "公安", "民政", "司法行政", "财政", "人力资源和社会保障", "自然资源", "生态环境", "住房和城乡建设", "交通运输", "水利", "农业农村", "海洋渔业", "商务", "文化和旅游", "卫生健康", "退役军人事务", "应急管理", "审计", "外事", "国有资产监管", "市场监督管理", "广播电视", "体育", "统计", "医疗保障", "人民防空", "地方金融", "信访", "粮食和物资储备", "能源", "国防科技工业", "大数据管理", "林业", "中医药", "药品监督管理", "文物", "知识产权", "税务", "海关", "海事", "气象", "通信管理", "邮政管理", "烟草专卖", "消防救援", "住房公积金", "安全生产"}
	var rows [][]sheet.Text
	for i, n := range names {
		result := sheet.Plain("未查见")
		asOf := "2026-05-17"
		switch n {
		case "市场监督管理":
			result = sheet.Tinted("查见7条", sheet.Red)
		case "生态环境":
			result = sheet.Tinted("查见3条", sheet.Red)
		case "烟草专卖":
			result, asOf = sheet.Tinted("数据未更新，不作结论", sheet.Amber), "2026-04-02"
		}
		rows = append(rows, []sheet.Text{sheet.Plain(fmt.Sprint(i + 1)), sheet.Plain(n), sheet.Plain("岚海省" + n + "主管部门"), sheet.Plain(asOf), result})
	}
	return rows
}

func penalties() [][]sheet.Text {
	var rows [][]sheet.Text
	for i := range 10 {
		rows = append(rows, []sheet.Text{
			{{Text: fmt.Sprintf("岚港市监处罚〔2025〕%d号\n", 112+i*37), Bold: true}, {Text: fmt.Sprintf("岚港市市场监督管理局\n2025-%02d-%02d", 1+i, 5+2*i)}},
			sheet.Plain("当事人在其经营场所销售未标明生产日期的预包装食品，货值金额3,260.50元；责令改正，没收违法所得，并处罚款（已缴纳）。" + strings.Repeat("另查明，当事人未按规定建立进货查验记录制度。", i%3)),
			sheet.Plain(fmt.Sprintf("%d,000.00", 12+i*25)),
		})
	}
	return rows
}

// bench of one test: fonts, writer, keys.
type house struct {
	fonts  *font.Set
	writer *pdf.Writer
	keys   *seal.Keys
}

func setup(t testing.TB) house {
	t.Helper()
	fonts, err := font.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.LoadOrCreate(t.TempDir(), issuer, issued)
	if err != nil {
		t.Fatal(err)
	}
	return house{fonts, pdf.NewWriter(fonts), keys}
}

func (h house) options(t testing.TB) pdf.Options {
	t.Helper()
	envelope, err := h.keys.Seal([]byte(`{"number":"` + number + `","records":[` + strings.Repeat(`{"fact":"未按规定建立进货查验记录制度"},`, 60) + `0]}`))
	if err != nil {
		t.Fatal(err)
	}
	return pdf.Options{Created: issued, Signer: h.keys, Reason: "出具公共信用报告", Attachments: []pdf.Attachment{{Name: "report.json", Type: "application/json", Data: envelope}}}
}
