package pdf

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"xinban/internal/document/pdf/font"
	"xinban/internal/document/sheet"
)

// Writer writes laid-out papers. It is shared: Write may be called from any number of goroutines.
type Writer struct {
	fonts     *font.Set
	seals     sync.Map // sheet.SealMark → sealForm
	sealCount atomic.Int32
}

// NewWriter makes a writer that embeds from the faces of fonts, which the layout must have been made with.
func NewWriter(fonts *font.Set) *Writer { return &Writer{fonts: fonts} }

// Options is what a file needs besides its pages.
type Options struct {
	Created     time.Time // also the time of signing
	Attachments []Attachment
	Signer      Signer // nil leaves the file unsigned
	Reason      string // why it was signed, such as 出具公共信用报告
}

// Attachment is a file inside the PDF, tied to the document as its source (AFRelationship Source).
type Attachment struct {
	Name string // ASCII file name
	Type string // media type
	Data []byte
}

// Signer makes the CMS signature. seal.Keys is one.
type Signer interface {
	// Name is whom the certificate names.
	Name() string
	// CMSSize is a size in bytes that no signature exceeds.
	CMSSize() int
	// SignCMS signs a SHA-256 digest and returns a DER-encoded detached CMS SignedData.
	SignCMS(digest [32]byte, at time.Time) ([]byte, error)
}

// ErrEmpty is returned for a layout without pages.
var ErrEmpty = errors.New("the paper has no pages")

// Write writes a file. Without a signer, equal inputs give equal bytes; with one, all but the signature is equal.
func (w *Writer) Write(l *sheet.Layout, opt Options) ([]byte, error) {
	if len(l.Pages) == 0 {
		return nil, ErrEmpty
	}
	j := &job{w: w, l: l, opt: opt, b: newBuilder(make([]byte, 0, 192<<10))}
	if err := j.write(); err != nil {
		return nil, fmt.Errorf("write PDF %s: %w", l.Number, err)
	}
	return j.file, nil
}

// job is one file in the making.
type job struct {
	w    *Writer
	l    *sheet.Layout
	opt  Options
	b    *builder
	t    *tree
	file []byte

	catalog, info, pageTree, xmp ref
	resources                    ref
	pages                        []ref
	marks                        [][]int32
	slots                        []*slots
	digest                       [32]byte // of the pages' drawing orders: names the file
	seals                        []placedSeal
	specs                        []ref
	sign                         signing
}

// placedSeal is a seal with its page; the first is the signature's appearance.
type placedSeal struct {
	page int
	item *sheet.Item
	form ref
}

var contentPool = sync.Pool{New: func() any { return new(content) }}

func (j *job) write() error {
	b := j.b
	j.catalog, j.info, j.pageTree, j.xmp, j.resources = b.alloc(), b.alloc(), b.alloc(), b.alloc(), b.alloc()
	j.t = newTree(b, j.l.Nodes)
	for range j.w.fonts.Faces {
		j.slots = append(j.slots, newSlots())
	}
	defer func() {
		for _, s := range j.slots {
			s.release()
		}
	}()
	for range j.l.Pages {
		j.pages = append(j.pages, b.alloc())
	}
	j.collectSeals()
	if err := j.writePages(); err != nil {
		return err
	}
	if err := j.writeResources(); err != nil {
		return err
	}
	j.writeAttachments()
	annot := j.writeSignatureField()
	j.t.write(b, j.marks, annot)
	j.writeCatalog()
	return j.finish()
}

func (j *job) writePages() error {
	c := contentPool.Get().(*content)
	defer func() {
		c.slots, c.nodes, c.marks = nil, nil, nil
		contentPool.Put(c)
	}()
	c.fonts, c.slots, c.nodes = j.w.fonts, j.slots, j.l.Nodes
	hash := sha256.New()
	for i := range j.l.Pages {
		p := &j.l.Pages[i]
		if err := c.page(p); err != nil {
			return err
		}
		for n := range j.seals {
			if s := &j.seals[n]; s.page == i && (n > 0 || j.opt.Signer == nil) {
				c.paintSeal(n, s.item)
			}
		}
		hash.Write(c.out)
		stream := j.b.alloc()
		j.b.stream(stream, "", c.out)
		j.marks = append(j.marks, c.marks)
		j.t.marks(j.pages[i], c.marks)
		j.writePage(i, p, stream)
	}
	for i := range j.slots {
		for _, r := range j.slots[i].runes {
			hash.Write(strconv.AppendInt(nil, int64(r), 36))
		}
	}
	hash.Sum(j.digest[:0])
	return nil
}

func (j *job) writePage(i int, p *sheet.Page, stream ref) {
	d := appendRef([]byte("<</Type/Page/Parent "), j.pageTree)
	d = append(appendNums(append(d, "/MediaBox[0 0 "...), p.Width, p.Height), "]/Resources "...)
	d = append(appendRef(d, j.resources), "/Contents "...)
	d = append(appendRef(d, stream), "/Tabs/S/StructParents "...)
	d = strconv.AppendInt(d, int64(i), 10)
	if j.opt.Signer != nil && i == j.signaturePage() {
		if j.sign.field == 0 {
			j.sign.field = j.b.alloc()
		}
		d = append(appendRef(append(d, "/Annots["...), j.sign.field), ']')
	}
	j.b.put(j.pages[i], append(d, ">>"...))
}

func (j *job) writeResources() error {
	d := []byte("<</Font<<")
	for i, s := range j.slots {
		if len(s.runes) < 2 {
			continue
		}
		r, err := writeFont(j.b, j.w.fonts.Faces[i], s)
		if err != nil {
			return err
		}
		d = append(appendRef(append(d, '/', 'F', byte('0'+i), ' '), r), ' ')
	}
	d = append(d, ">>"...)
	if len(j.seals) > 0 {
		d = append(d, "/XObject<<"...)
		for n := range j.seals {
			s := &j.seals[n]
			s.form = j.b.alloc()
			form := j.w.seal(s.item.Seal, s.item.W)
			j.b.packedStream(s.form, form.dict, form.packed)
			d = appendRef(append(strconv.AppendInt(append(d, "/S"...), int64(n), 10), ' '), s.form)
		}
		d = append(d, ">>"...)
	}
	j.b.put(j.resources, append(d, ">>"...))
	return nil
}

func (j *job) collectSeals() {
	for p := range j.l.Pages {
		for i := range j.l.Pages[p].Items {
			if it := &j.l.Pages[p].Items[i]; it.Kind == sheet.KindSeal {
				j.seals = append(j.seals, placedSeal{page: p, item: it})
			}
		}
	}
}

// paintSeal draws a seal in the page itself: any but the one that the signature shows.
func (c *content) paintSeal(n int, it *sheet.Item) {
	c.open, c.inText = none, false
	c.mark(it.Node)
	c.out = append(appendNums(append(c.out, "q 1 0 0 1 "...), it.X, c.height-it.Y-it.H), "cm /S"...)
	c.out = append(strconv.AppendInt(c.out, int64(n), 10), " Do Q\nEMC\n"...)
	c.open = none
}
