package pdf_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"xinban/internal/document/canon"
	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
)

// A paper from facts to a signed file, and back.
func Example() {
	dir, err := os.MkdirTemp("", "seal")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	at := time.Date(2026, 5, 18, 2, 30, 0, 0, time.UTC)
	fonts, err := font.Load()
	if err != nil {
		log.Fatal(err)
	}
	keys, err := seal.LoadOrCreate(dir, "岚海省公共信用中心", at)
	if err != nil {
		log.Fatal(err)
	}

	payload, err := canon.Marshal(map[string]any{"number": "LH1", "conclusion": "none"})
	if err != nil {
		log.Fatal(err)
	}
	envelope, err := keys.Seal(payload)
	if err != nil {
		log.Fatal(err)
	}
	doc := &sheet.Sheet{Title: "公共信用报告", Number: "LH1", Mark: "演示数据", Issuer: keys.Name(), Blocks: []sheet.Block{
		sheet.Cover{Title: "公共信用报告", Edition: "普通版"},
		sheet.Notice{Tone: sheet.Good, Title: "查询结论：未查见", Text: sheet.Plain("在上述时段内，所列领域未查见违法违规记录。")},
		sheet.SignOff{Issuer: keys.Name(), Date: "2026年5月18日", Seal: &sheet.SealMark{Ring: keys.Name(), Center: "演示专用"}},
	}}
	file, err := pdf.NewWriter(fonts).Write(doc.Layout(fonts), pdf.Options{
		Created: at, Signer: keys, Reason: "出具公共信用报告",
		Attachments: []pdf.Attachment{{Name: "report.json", Type: "application/json", Data: envelope}},
	})
	if err != nil {
		log.Fatal(err)
	}

	info, err := pdf.VerifySignature(file)
	fmt.Println(info.Unaltered, info.Name, info.Check(keys.Trust()) == "", err)
	attached, err := pdf.ExtractAttachment(file, "report.json")
	if err != nil {
		log.Fatal(err)
	}
	said, signatures, err := seal.Open(attached)
	fmt.Println(string(said), seal.Verify(said, signatures, keys.Trust(), at).Trusted, err)
	// Output:
	// true 岚海省公共信用中心 true <nil>
	// {"conclusion":"none","number":"LH1"} true <nil>
}
