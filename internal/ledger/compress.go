package ledger

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/dict"
	"github.com/klauspost/compress/zstd"
)

// Forms of a stored body, its first byte.
const (
	formPlain = 0 // as it is
	formZstd  = 1 // a zstd frame that names its dictionary
)

// dictionarySize is the most bytes of a dictionary; larger ones gained little when measured.
const dictionarySize = 256 << 10

// maxBody is the most bytes a body may unfold to.
const maxBody = 16 << 20

// compressor packs and unpacks bodies. It is safe for concurrent use.
type compressor struct {
	mu   sync.RWMutex
	dec  *zstd.Decoder
	dict map[uint32][]byte
	cur  uint32 // dictionary for new bodies, 0 for none
	encs sync.Pool
}

func newCompressor() (*compressor, error) {
	c := &compressor{dict: map[uint32][]byte{}}
	return c, c.rebuild()
}

// add makes a dictionary known; the newest packs new bodies.
func (c *compressor) add(id uint32, bytes []byte) error {
	c.mu.Lock()
	c.dict[id] = bytes
	c.cur = max(c.cur, id)
	c.encs = sync.Pool{}
	c.mu.Unlock()
	return c.rebuild()
}

func (c *compressor) rebuild() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	opts := []zstd.DOption{zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBody), zstd.WithDecoderLowmem(true)}
	for _, b := range c.dict {
		opts = append(opts, zstd.WithDecoderDicts(b))
	}
	dec, err := zstd.NewReader(nil, opts...)
	if err != nil {
		return fmt.Errorf("ledger: reading the dictionaries: %w", err)
	}
	c.dec = dec
	return nil
}

func (c *compressor) encoder() (*zstd.Encoder, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if e, ok := c.encs.Get().(*zstd.Encoder); ok {
		return e, nil
	}
	opts := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true), zstd.WithWindowSize(512 << 10)}
	if c.cur != 0 {
		opts = append(opts, zstd.WithEncoderDict(c.dict[c.cur]))
	}
	e, err := zstd.NewWriter(nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("ledger: making a compressor: %w", err)
	}
	return e, nil
}

// pack appends the stored form of plain to dst.
func (c *compressor) pack(dst, plain []byte) ([]byte, error) {
	e, err := c.encoder()
	if err != nil {
		return nil, err
	}
	dst = e.EncodeAll(plain, append(dst, formZstd))
	c.mu.RLock()
	c.encs.Put(e)
	c.mu.RUnlock()
	return dst, nil
}

// unpack appends what stored holds to dst.
func (c *compressor) unpack(dst, stored []byte) ([]byte, error) {
	if len(stored) == 0 {
		return nil, errBody
	}
	if stored[0] == formPlain {
		return append(dst, stored[1:]...), nil
	}
	c.mu.RLock()
	dec := c.dec
	c.mu.RUnlock()
	out, err := dec.DecodeAll(stored[1:], dst)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBody, err)
	}
	return out, nil
}

// train makes a dictionary from sample bodies.
func train(id uint32, samples [][]byte) ([]byte, error) {
	b, err := dict.BuildZstdDict(samples, dict.Options{MaxDictSize: dictionarySize, HashBytes: 6,
		ZstdDictID: id, ZstdDictCompat: false, ZstdLevel: zstd.SpeedFastest})
	if err != nil {
		return nil, fmt.Errorf("ledger: training a dictionary from %d bodies: %w", len(samples), err)
	}
	return b, nil
}
