// Command font makes the embedded faces of internal/document/pdf/font out of Noto Sans SC.
//
//	npm install --prefix /tmp/npm @expo-google-fonts/noto-sans-sc@0.4.3
//	go run ./scripts/font /tmp/npm/node_modules/@expo-google-fonts/noto-sans-sc internal/document/pdf/font
//
// It needs to be run only when the faces change; the result is committed.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"

	"xinban/internal/document/pdf/font"
)

const copyright = "Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'. " +
	"Xinban Sans SC is a subset of Noto Sans SC without hints and layout tables."

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run ./scripts/font NOTO_SANS_SC_PACKAGE OUT_DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "font:", err)
		os.Exit(2)
	}
}

func run(from, to string) error {
	inGBK := gbk()
	faces := []struct {
		source, style, name string
		keep                func(rune) bool
	}{
		{"400Regular/NotoSansSC_400Regular.ttf", "Regular", "xinban-sans-sc-regular.ttf.zst", func(rune) bool { return true }},
		{"700Bold/NotoSansSC_700Bold.ttf", "Bold", "xinban-sans-sc-bold.ttf.zst", func(r rune) bool { return r < 0x2E80 || r > 0xFFFF || extensionA(r) || inGBK[r] }},
	}
	for _, f := range faces {
		if err := build(filepath.Join(from, f.source), filepath.Join(to, f.name), f.style, f.keep); err != nil {
			return fmt.Errorf("build %s from %s: %w", f.name, f.source, err)
		}
	}
	licence, err := os.ReadFile(filepath.Join(from, "LICENSE_FONT"))
	if err != nil {
		return fmt.Errorf("read the licence: %w", err)
	}
	return os.WriteFile(filepath.Join(to, "OFL.txt"), licence, 0o644)
}

func build(from, to, style string, keep func(rune) bool) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := font.Parse(b)
	if err != nil {
		return err
	}
	ttf := f.Rebuild("Xinban Sans SC", style, copyright, keep)
	made, err := font.Parse(ttf)
	if err != nil {
		return err
	}
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(zstd.MaxWindowSize>>5))
	if err != nil {
		return err
	}
	packed := enc.EncodeAll(ttf, nil)
	fmt.Printf("%s: %d glyphs, %d bytes, %d packed\n", made.Name, made.Glyphs(), len(ttf), len(packed))
	return os.WriteFile(to, packed, 0o644)
}

// extensionA holds rare characters of names, such as 㛃 and 㙓.
func extensionA(r rune) bool { return r >= 0x3400 && r <= 0x4DBF }

// gbk is the set of characters of GBK, the two-byte part of GB 18030.
func gbk() map[rune]bool {
	set := map[rune]bool{}
	dec := simplifiedchinese.GBK.NewDecoder()
	for lead := 0x81; lead <= 0xFE; lead++ {
		for trail := 0x40; trail <= 0xFE; trail++ {
			if s, err := dec.Bytes([]byte{byte(lead), byte(trail)}); err == nil {
				for _, r := range string(s) {
					set[r] = true
				}
			}
		}
	}
	return set
}
