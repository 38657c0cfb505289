package seal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xinban/internal/document/canon"
	"xinban/internal/document/seal"
)

const issuer = "岚海省公共信用中心"

var (
	now     = time.Date(2026, 5, 18, 2, 30, 0, 0, time.UTC)
	payload = []byte(`{"conclusion":"none","name":"岚港市䶮升海运装备制造有限公司","number":"LH1"}`)
)

func keys(t testing.TB) *seal.Keys {
	t.Helper()
	k, err := seal.LoadOrCreate(t.TempDir(), issuer, now)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealedPayloadIsUnalteredAndTrusted(t *testing.T) {
	k := keys(t)
	file, err := k.Seal(payload)
	if err != nil {
		t.Fatal(err)
	}
	if !canon.IsCanonical(file) {
		t.Errorf("the envelope is not canonical: %s", file)
	}
	got, sigs, err := seal.Open(file)
	if err != nil || !bytes.Equal(got, payload) {
		t.Fatalf("opened %s, %v", got, err)
	}
	v := seal.Verify(got, sigs, k.Trust(), now)
	if !v.Unaltered || !v.Trusted || v.Issuer != issuer || len(v.Reasons) != 0 {
		t.Errorf("verdict %+v", v)
	}
}

func TestAPrettyPrintedEnvelopeStillVerifies(t *testing.T) {
	k := keys(t)
	file, _ := k.Seal(payload)
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, file, "", "  "); err != nil {
		t.Fatal(err)
	}
	got, sigs, err := seal.Open(pretty.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if v := seal.Verify(got, sigs, k.Trust(), now); !v.Trusted {
		t.Errorf("verdict %+v", v)
	}
}

func TestWhatVerificationRefuses(t *testing.T) {
	k, other := keys(t), keys(t)
	good, err := k.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	foreign, _ := other.Sign(payload)
	for name, c := range map[string]struct {
		payload   []byte
		change    func(*seal.Signatures)
		trust     *seal.Trust
		at        time.Time
		unaltered bool
		reason    seal.Reason
	}{
		"another payload":        {payload: []byte(`{}`), reason: seal.ReasonDigest},
		"digest made to fit":     {payload: []byte(`{}`), change: func(s *seal.Signatures) { s.Digest = seal.DigestOf([]byte(`{}`)) }, reason: seal.ReasonSignature},
		"SM3 alone differs":      {change: func(s *seal.Signatures) { s.Digest.SM3[0] ^= 1 }, reason: seal.ReasonDigest},
		"a bit of ES256":         {change: func(s *seal.Signatures) { s.Signatures[0].Sig = flip(s.Signatures[0].Sig) }, reason: seal.ReasonSignature},
		"a bit of SM2":           {change: func(s *seal.Signatures) { s.Signatures[1].Sig = flip(s.Signatures[1].Sig) }, reason: seal.ReasonSignature},
		"SM2 taken away":         {change: func(s *seal.Signatures) { s.Signatures = s.Signatures[:1] }, unaltered: true, reason: seal.ReasonMissing},
		"no signature":           {change: func(s *seal.Signatures) { s.Signatures = nil }, reason: seal.ReasonMissing},
		"algorithm renamed":      {change: func(s *seal.Signatures) { s.Signatures[0].Alg = "none" }, reason: seal.ReasonSignature},
		"algorithms exchanged":   {change: func(s *seal.Signatures) { s.Signatures[0].Alg = seal.SM2SM3 }, reason: seal.ReasonSignature},
		"certificates away":      {change: func(s *seal.Signatures) { s.Certificates = nil }, reason: seal.ReasonCertificate},
		"roots of another house": {trust: other.Trust(), unaltered: true, reason: seal.ReasonUntrusted},
		"signed by another":      {change: func(s *seal.Signatures) { *s = foreign }, unaltered: true, reason: seal.ReasonUntrusted},
		"half by another": {change: func(s *seal.Signatures) {
			s.Signatures[1] = foreign.Signatures[1]
			s.Certificates = append(s.Certificates, foreign.Certificates...)
		}, unaltered: true, reason: seal.ReasonUntrusted},
		"before the certificate": {at: now.AddDate(-1, 0, 0), unaltered: true, reason: seal.ReasonExpired},
		"after the certificate":  {at: now.AddDate(11, 0, 0), unaltered: true, reason: seal.ReasonExpired},
	} {
		s := seal.Signatures{Digest: good.Digest, Signatures: slices.Clone(good.Signatures), Certificates: slices.Clone(good.Certificates)}
		if c.change != nil {
			c.change(&s)
		}
		p, trust, at := payload, k.Trust(), now
		if c.payload != nil {
			p = c.payload
		}
		if c.trust != nil {
			trust = c.trust
		}
		if !c.at.IsZero() {
			at = c.at
		}
		v := seal.Verify(p, s, trust, at)
		if v.Trusted || v.Unaltered != c.unaltered || !slices.Contains(v.Reasons, c.reason) {
			t.Errorf("%s: %+v, want the reason %s", name, v, c.reason)
		}
	}
	if v := seal.Verify(payload, good, nil, now); v.Trusted || !v.Unaltered {
		t.Errorf("no trust at all: %+v", v)
	}
}

func flip(b []byte) []byte {
	b = slices.Clone(b)
	b[len(b)-1] ^= 1
	return b
}

func TestOnlyCanonicalPayloadsAreSealed(t *testing.T) {
	k := keys(t)
	for _, p := range []string{`{"b":1,"a":2}`, `{ }`, `x`, ``} {
		if _, err := k.Seal([]byte(p)); !errors.Is(err, seal.ErrNotCanonical) {
			t.Errorf("%q: %v", p, err)
		}
	}
}

func TestKeysAreKeptAndForTheOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	var wg sync.WaitGroup
	kids := make([]string, 8)
	for i := range kids {
		wg.Go(func() {
			k, err := seal.LoadOrCreate(dir, issuer, now)
			if err != nil {
				t.Error(err)
				return
			}
			s, _ := k.Sign(payload)
			kids[i] = s.Signatures[0].Kid
		})
	}
	wg.Wait()
	if slices.Sort(kids); kids[0] != kids[7] || kids[0] == "" {
		t.Errorf("callers that started together have different keys: %v", kids)
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, _ := e.Info(); info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
	if len(entries) != 2 {
		t.Errorf("%d files in the folder, want %s and %s", len(entries), seal.KeyFile, seal.TrustFile)
	}
	if _, err := seal.LoadOrCreate(dir, "另一机关", now); err == nil {
		t.Error("another organisation gets the keys")
	}
	if _, err := seal.LoadOrCreate(dir, issuer, now.AddDate(30, 0, 0)); err == nil {
		t.Error("keys sign after their certificate ended")
	}
	text, _ := os.ReadFile(filepath.Join(dir, seal.TrustFile))
	if _, err := seal.ParseTrust(text); err != nil || bytes.Contains(text, []byte("PRIVATE")) {
		t.Errorf("the trust file: %v", err)
	}
}

func TestDamagedKeyFilesAreNamedAndNotReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, seal.KeyFile)
	for _, text := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nUse: es256\n\nAAAA\n-----END PRIVATE KEY-----\n"} {
		os.WriteFile(path, []byte(text), 0o600)
		if _, err := seal.LoadOrCreate(dir, issuer, now); !errors.Is(err, seal.ErrKeyFile) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
		if have, _ := os.ReadFile(path); string(have) != text {
			t.Errorf("the key file was overwritten")
		}
	}
}

func TestPrintingKeysShowsNoSecret(t *testing.T) {
	dir := t.TempDir()
	k, err := seal.LoadOrCreate(dir, issuer, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(f, k); strings.TrimPrefix(got, "&") != "keys of the seal of "+issuer {
			t.Errorf("%s prints %s", f, got)
		}
	}
}

func TestCMSHoldsOnlyForItsDigest(t *testing.T) {
	k := keys(t)
	digest := sha256.Sum256(payload)
	der, err := k.SignCMS(digest, now)
	if err != nil || len(der) > k.CMSSize() {
		t.Fatalf("%d bytes of at most %d, %v", len(der), k.CMSSize(), err)
	}
	info, err := seal.VerifyCMS(append(der, 0, 0, 0), digest)
	if err != nil || info.Name != issuer || !info.At.Equal(now) || info.Check(k.Trust()) != "" {
		t.Fatalf("%+v, %v", info, err)
	}
	if r := info.Check(keys(t).Trust()); r != seal.ReasonUntrusted {
		t.Errorf("another house's roots: %q", r)
	}
	if _, err := seal.VerifyCMS(der, sha256.Sum256([]byte("x"))); !errors.Is(err, seal.ErrCMSDigest) {
		t.Errorf("another digest: %v", err)
	}
	if _, err := k.SignCMS(digest, time.Time{}); !errors.Is(err, seal.ErrSigningTime) {
		t.Errorf("the zero time: %v", err)
	}
	if _, err := seal.VerifyCMS(append(der, 1), digest); !errors.Is(err, seal.ErrCMS) {
		t.Errorf("bytes behind: %v", err)
	}
}

// Any changed bit either breaks the signature or lies in what it does not cover: the root that is carried along.
func TestAnyFlippedBitOfTheSignerBreaksCMS(t *testing.T) {
	k := keys(t)
	digest := sha256.Sum256(payload)
	der, _ := k.SignCMS(digest, now)
	rapid.Check(t, func(t *rapid.T) {
		bad := slices.Clone(der)
		at := rapid.IntRange(0, len(bad)-1).Draw(t, "byte")
		bad[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		info, err := seal.VerifyCMS(bad, digest)
		if err == nil && (info.Name != issuer || !info.At.Equal(now) || info.Check(k.Trust()) != "") {
			t.Fatalf("byte %d changed and the signature says %+v", at, info)
		}
	})
}

// openssl is an independent judge of the CMS and of the ES256 signature.
func TestOpensslAgrees(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	k, dir := keys(t), t.TempDir()
	der, _ := k.SignCMS(sha256.Sum256(payload), now)
	s, _ := k.Sign(payload)
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	content, cms, roots := write("payload", payload), write("cms", der), write("roots", k.TrustPEM())
	leaf := write("leaf", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificates[0]}))
	at := fmt.Sprint(now.Unix())
	if out, err := exec.Command("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", cms, "-content", content, "-CAfile", roots,
		"-attime", at, "-cades", "-out", os.DevNull).CombinedOutput(); err != nil {
		t.Errorf("openssl cms: %v: %s", err, out)
	}
	pub, err := exec.Command("openssl", "x509", "-in", leaf, "-pubkey", "-noout").Output()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("openssl", "dgst", "-sha256", "-verify", write("pub", pub), "-signature", write("sig", s.Signatures[0].Sig), content).CombinedOutput()
	if err != nil {
		t.Errorf("openssl dgst: %v: %s", err, out)
	}
	smLeaf := write("sm-leaf", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificates[1]}))
	if pub, err = exec.Command("openssl", "x509", "-in", smLeaf, "-pubkey", "-noout").Output(); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-pubin",
		"-inkey", write("sm-pub", pub), "-sigfile", write("sm-sig", s.Signatures[1].Sig), "-in", content).CombinedOutput(); err != nil {
		t.Errorf("openssl pkeyutl, SM2: %v: %s", err, out)
	}
}

func FuzzOpen(f *testing.F) {
	k := keys(f)
	file, _ := k.Seal(payload)
	f.Add(file)
	f.Add([]byte(`{"version":1,"payload":0,"signatures":[{"alg":"ES256"}]}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, s, err := seal.Open(in)
		if err != nil {
			return
		}
		if v := seal.Verify(p, s, k.Trust(), now); v.Trusted && !bytes.Equal(p, payload) {
			t.Fatalf("%s passes as signed", p)
		}
	})
}

func FuzzVerifyCMS(f *testing.F) {
	k := keys(f)
	digest := sha256.Sum256(payload)
	der, _ := k.SignCMS(digest, now)
	f.Add(der)
	f.Fuzz(func(t *testing.T, in []byte) {
		if info, err := seal.VerifyCMS(in, sha256.Sum256([]byte("another"))); err == nil && info.Check(k.Trust()) == "" {
			t.Fatal("a signature over other content passes")
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k := keys(b)
	for b.Loop() {
		if _, err := k.Seal(payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSignCMS(b *testing.B) {
	k := keys(b)
	for b.Loop() {
		if _, err := k.SignCMS(sha256.Sum256(payload), now); err != nil {
			b.Fatal(err)
		}
	}
}
