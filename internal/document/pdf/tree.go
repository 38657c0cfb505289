package pdf

import (
	"strconv"

	"xinban/internal/document/sheet"
)

// tree writes the structure tree: what each marked piece of a page is.
type tree struct {
	nodes []sheet.Node
	refs  []ref
	kids  [][]kid // of each node: marked pieces, in order
	root  ref
}

// kid is a marked sequence on a page, or the annotation that shows a figure.
type kid struct {
	page  ref
	mcid  int
	annot ref
}

func newTree(b *builder, nodes []sheet.Node) *tree {
	t := &tree{nodes: nodes, refs: make([]ref, len(nodes)), kids: make([][]kid, len(nodes)), root: b.alloc()}
	for i := range nodes {
		t.refs[i] = b.alloc()
	}
	return t
}

// marks takes over the marked sequences of a page.
func (t *tree) marks(page ref, marks []int32) {
	for mcid, node := range marks {
		t.kids[node] = append(t.kids[node], kid{page: page, mcid: mcid})
	}
}

// write puts all elements and the parent tree; pages has each page's marks, annot the node of the annotation with the
// key after the pages', if any.
func (t *tree) write(b *builder, marks [][]int32, annot int32) {
	children := t.children()
	var d []byte
	for i := range t.nodes {
		d = t.element(d[:0], i, children[i])
		b.put(t.refs[i], d)
	}
	d = append(d[:0], "<</Type/StructTreeRoot/K "...)
	d = append(appendRef(d, t.refs[0]), "/ParentTreeNextKey "...)
	d = strconv.AppendInt(d, int64(len(marks)+1), 10)
	d = append(d, "/ParentTree<</Nums["...)
	for p, list := range marks {
		d = append(strconv.AppendInt(d, int64(p), 10), '[')
		for _, node := range list {
			d = append(appendRef(d, t.refs[node]), ' ')
		}
		d = append(d, ']')
	}
	if annot >= 0 {
		d = append(strconv.AppendInt(d, int64(len(marks)), 10), ' ')
		d = appendRef(d, t.refs[annot])
	}
	b.put(t.root, append(d, "]>>>>"...))
}

func (t *tree) children() [][]int32 {
	out := make([][]int32, len(t.nodes))
	for i := 1; i < len(t.nodes); i++ {
		out[t.nodes[i].Parent] = append(out[t.nodes[i].Parent], int32(i))
	}
	return out
}

func (t *tree) element(d []byte, i int, children []int32) []byte {
	n, typ := &t.nodes[i], t.nodes[i].Type
	if k := t.kids[i]; len(k) > 0 && k[0].annot != 0 {
		typ = "Form" // the seal that is the signature's field
	}
	d = append(append(d, "<</Type/StructElem/S/"...), typ...)
	d = append(d, "/P "...)
	if i == 0 {
		d = appendRef(d, t.root)
	} else {
		d = appendRef(d, t.refs[n.Parent])
	}
	if n.Alt != "" {
		d = appendUTF16(append(d, "/Alt"...), n.Alt)
	}
	switch {
	case n.Type == "TH" && n.Row:
		d = append(d, "/A<</O/Table/Scope/Row>>"...)
	case n.Type == "TH":
		d = append(d, "/A<</O/Table/Scope/Column>>"...)
	}
	d = append(d, "/K["...)
	for _, c := range children {
		d = append(appendRef(d, t.refs[c]), ' ')
	}
	for _, k := range t.kids[i] {
		d = k.append(d)
	}
	return append(d, "]>>"...)
}

func (k kid) append(d []byte) []byte {
	if k.annot != 0 {
		d = appendRef(append(d, "<</Type/OBJR/Obj "...), k.annot)
		return append(appendRef(append(d, "/Pg "...), k.page), ">>"...)
	}
	d = appendRef(append(d, "<</Type/MCR/Pg "...), k.page)
	return append(strconv.AppendInt(append(d, "/MCID "...), int64(k.mcid), 10), ">>"...)
}
