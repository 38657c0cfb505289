package pdf_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
)

func (h house) issue(t testing.TB, name string) []byte {
	t.Helper()
	file, err := h.writer.Write(sample(name).Layout(h.fonts), h.options(t))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAnIssuedPaperVerifies(t *testing.T) {
	h := setup(t)
	info, err := pdf.VerifySignature(h.issue(t, "岚港市演示有限公司"))
	if err != nil || !info.Unaltered || info.Name != issuer || !info.At.Equal(issued) {
		t.Errorf("%+v, %v", info, err)
	}
	if r := info.Check(h.keys.Trust()); r != "" {
		t.Errorf("own roots: %s", r)
	}
	if r := info.Check(setup(t).keys.Trust()); r != seal.ReasonUntrusted {
		t.Errorf("another house's roots: %q", r)
	}
}

func TestTheAttachmentComesBackAndIsTheSignedPayload(t *testing.T) {
	h := setup(t)
	opt := h.options(t)
	file, err := h.writer.Write(sample("岚港市演示有限公司").Layout(h.fonts), opt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pdf.ExtractAttachment(file, "report.json")
	if err != nil || !bytes.Equal(got, opt.Attachments[0].Data) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	payload, sigs, err := seal.Open(got)
	if err != nil {
		t.Fatal(err)
	}
	if v := seal.Verify(payload, sigs, h.keys.Trust(), issued); !v.Trusted {
		t.Errorf("verdict %+v", v)
	}
	if _, err := pdf.ExtractAttachment(file, "other.json"); !errors.Is(err, pdf.ErrNoAttachment) {
		t.Errorf("an attachment that is not there: %v", err)
	}
}

func TestSeveralAttachments(t *testing.T) {
	h := setup(t)
	opt := pdf.Options{Created: issued, Attachments: []pdf.Attachment{{Name: "z.json", Type: "application/json", Data: []byte("1")}, {Name: "a.txt", Type: "text/plain", Data: nil}}}
	file, err := h.writer.Write(sample("甲").Layout(h.fonts), opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range opt.Attachments {
		if got, err := pdf.ExtractAttachment(file, a.Name); err != nil || !bytes.Equal(got, a.Data) {
			t.Errorf("%s: %q, %v", a.Name, got, err)
		}
	}
}

// Every byte counts: those of the byte range by the digest, the signature's own by the CMS and its form.
func TestAnyChangedByteIsSeen(t *testing.T) {
	h := setup(t)
	file := h.issue(t, "岚港市演示有限公司")
	rapid.Check(t, func(t *rapid.T) {
		bad := bytes.Clone(file)
		at := rapid.IntRange(0, len(bad)-1).Draw(t, "byte")
		bad[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		info, err := pdf.VerifySignature(bad)
		if bytes.Equal(signedPart(bad), signedPart(file)) {
			return // in the room of the signature: zeros after it, case of a digit, the root it carries
		}
		if err == nil || info.Unaltered {
			t.Fatalf("byte %d changed and the paper passes: %+v", at, info)
		}
	})
}

var contents = regexp.MustCompile(`/Contents<[0-9A-Fa-f]*>`)

func signedPart(file []byte) []byte { return contents.ReplaceAll(file, []byte("/Contents<>")) }

func TestWhatIsAppendedCutOrPlantedIsAltered(t *testing.T) {
	h := setup(t)
	file := h.issue(t, "岚港市演示有限公司")
	planted := bytes.Replace(file, []byte("%PDF-1.7\n"), []byte("%PDF-1.7\n%/ByteRange[0 10 20 30]\n"), 1)
	for name, bad := range map[string][]byte{
		"a blank appended":       append(bytes.Clone(file), '\n'),
		"an update appended":     append(bytes.Clone(file), "1 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer<</Prev 9>>\nstartxref\n1\n%%EOF\n"...),
		"the end cut off":        file[:len(file)-1],
		"half cut off":           file[:len(file)/2],
		"a byte range planted":   planted,
		"a signed paper wrapped": append(bytes.Clone(file), file...),
	} {
		info, err := pdf.VerifySignature(bad)
		if info.Unaltered || !errors.Is(err, pdf.ErrAltered) || info.Reason == "" {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
	info, _ := pdf.VerifySignature(append(bytes.Clone(file), "\n%more"...))
	if info.Name != issuer || info.Appended != 6 {
		t.Errorf("a sound paper with something appended: %+v", info)
	}
}

func TestUnsignedAndForeignFilesAreNamedAsSuch(t *testing.T) {
	h := setup(t)
	unsigned, err := h.writer.Write(sample("甲").Layout(h.fonts), pdf.Options{Created: issued})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"unsigned":        {unsigned, pdf.ErrUnsigned},
		"empty":           {nil, pdf.ErrSyntax},
		"a picture":       {[]byte("\x89PNG\r\n"), pdf.ErrSyntax},
		"another program": {[]byte("%PDF-1.4\n1 0 obj <</ByteRange [0 1 2 3]>>"), pdf.ErrSyntax},
	} {
		if info, err := pdf.VerifySignature(c.file); !errors.Is(err, c.want) || info.Unaltered {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTheSameInputsGiveTheSameBytesFromManyGoroutines(t *testing.T) {
	h := setup(t)
	opt := h.options(t)
	write := func(signer pdf.Signer) []byte {
		o := opt
		o.Signer = signer
		file, err := h.writer.Write(sample("岚港市演示有限公司").Layout(h.fonts), o)
		if err != nil {
			t.Error(err)
		}
		return file
	}
	unsigned, signed := write(nil), write(h.keys)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			h.writer.Write(sample("别的名称𬭎").Layout(h.fonts), opt) // something else in between
			if !bytes.Equal(write(nil), unsigned) {
				t.Error("an unsigned paper differs")
			}
			if !bytes.Equal(signedPart(write(h.keys)), signedPart(signed)) {
				t.Error("a signed paper differs outside its signature")
			}
		})
	}
	wg.Wait()
}

func TestALayoutWithoutPagesIsRefused(t *testing.T) {
	if _, err := setup(t).writer.Write(&sheet.Layout{}, pdf.Options{}); !errors.Is(err, pdf.ErrEmpty) {
		t.Errorf("got %v", err)
	}
}

func TestATooLongCodeIsAnErrorNotABlank(t *testing.T) {
	h := setup(t)
	doc := &sheet.Sheet{Blocks: []sheet.Block{sheet.QR{Content: strings.Repeat("x", 5000)}}}
	if _, err := h.writer.Write(doc.Layout(h.fonts), pdf.Options{}); err == nil {
		t.Error("a code that cannot be drawn passes")
	}
}

type greedy struct{ *seal.Keys }

func (greedy) CMSSize() int { return 10 }

func TestASignerThatExceedsItsRoomIsRefused(t *testing.T) {
	h := setup(t)
	if _, err := h.writer.Write(sample("甲").Layout(h.fonts), pdf.Options{Created: issued, Signer: greedy{h.keys}}); !errors.Is(err, pdf.ErrSignatureSize) {
		t.Errorf("got %v", err)
	}
}

func FuzzVerifySignature(f *testing.F) {
	h := setup(f)
	small := (&sheet.Sheet{Title: "试", Number: "1", Blocks: []sheet.Block{sheet.Paragraph{Text: sheet.Plain("一")}}}).Layout(h.fonts)
	file, err := h.writer.Write(small, pdf.Options{Created: issued, Signer: h.keys, Attachments: []pdf.Attachment{{Name: "report.json", Type: "application/json", Data: []byte("{}")}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<</Type/XRef>>\n/ByteRange[0 1 2 3]<00>startxref\n9\n%%EOF"))
	part := signedPart(file)
	f.Fuzz(func(t *testing.T, in []byte) {
		info, err := pdf.VerifySignature(in)
		if err == nil && info.Check(h.keys.Trust()) == "" && !bytes.Equal(signedPart(in), part) {
			t.Fatal("an altered paper passes")
		}
		if data, err := pdf.ExtractAttachment(in, "report.json"); err == nil && len(data) > pdf.MaxAttachment {
			t.Fatal("an attachment larger than allowed")
		}
	})
}
