package ledger

import "xinban/internal/credit"

// Packer makes the bodies of a load. It is used by one goroutine; several may pack at once.
type Packer struct {
	l     *Ledger
	plain []byte
}

// NewPacker returns a packer of the ledger.
func (l *Ledger) NewPacker() *Packer { return &Packer{l: l} }

// Plain is the body before compression of a row: what [Ledger.Train] learns from. tags[i] names the
// record's field that cell i became, 0 for none. The result is valid until the next call.
func (p *Packer) Plain(r *credit.Record, raw *Raw, tags []Tag) (plain []byte, digest int64) {
	p.plain = AppendRecord(append(p.plain[:0], codecVersion), r)
	digest = RecordDigest(p.plain)
	p.plain = appendRaw(p.plain, raw, r, tags)
	return p.plain, digest
}

// Pack returns the stored form of a row, appended to dst, and its digest.
func (p *Packer) Pack(dst []byte, r *credit.Record, raw *Raw, tags []Tag) ([]byte, int64) {
	plain, digest := p.Plain(r, raw, tags)
	return p.l.codec.pack(r.Kind, dst, plain), digest
}

// Seal returns the cell as it may be stored when it holds an identity number.
func (l *Ledger) Seal(cell string) string { return l.keys.SealCell(cell) }

// PackCells packs a row that did not become a record, cells already sealed.
func (l *Ledger) PackCells(kind credit.Kind, cells []string) []byte {
	plain := appendRaw([]byte{codecVersion, byte(tagEnd)}, &Raw{Cells: cells}, &credit.Record{}, nil)
	return l.codec.pack(kind, nil, plain)
}

// UnpackCells returns the cells of a packed row, still sealed where they hold identity numbers.
func (l *Ledger) UnpackCells(kind credit.Kind, body []byte) ([]string, error) {
	plain, err := l.unpack(body, &room{})
	if err != nil {
		return nil, err
	}
	var r credit.Record
	var raw Raw
	if err := decodeRecord(plain, kind, &r, &raw); err != nil {
		return nil, err
	}
	return raw.Cells, nil
}

// Unseal opens the sealed cells of a row, for a person who may see them.
func (l *Ledger) Unseal(cells []string) ([]string, error) {
	open := make([]string, len(cells))
	for i, c := range cells {
		var err error
		if open[i], err = l.keys.unsealCell(c); err != nil {
			return nil, err
		}
	}
	return open, nil
}

// TagOf returns the text field of r that is exactly cell, 0 for none.
func TagOf(r *credit.Record, cell string) Tag {
	if len(cell) < 4 {
		return tagEnd
	}
	for t := TagClass; t < TagExtra; t++ {
		if s := text(r, t); s != nil && *s == cell {
			return t
		}
	}
	return tagEnd
}

// PackPlain packs a body that [Packer.Plain] gave.
func (l *Ledger) PackPlain(kind credit.Kind, dst, plain []byte) []byte {
	return l.codec.pack(kind, dst, plain)
}
