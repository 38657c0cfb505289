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
func (p *Packer) Pack(dst []byte, r *credit.Record, raw *Raw, tags []Tag) ([]byte, int64, error) {
	plain, digest := p.Plain(r, raw, tags)
	dst, err := p.l.codec.pack(dst, plain)
	return dst, digest, err
}

// Seal returns the cell as it may be stored when it holds an identity number.
func (l *Ledger) Seal(cell string) string { return l.keys.SealCell(cell) }
