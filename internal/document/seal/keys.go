package seal

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// Names of the algorithms in an envelope.
const (
	ES256  = "ES256"
	SM2SM3 = "SM2-SM3"
)

// KeyFile and TrustFile are what LoadOrCreate keeps in its folder: the keys, for the issuer alone, and the roots,
// for whoever verifies.
const (
	KeyFile   = "seal.pem"
	TrustFile = "trust.pem"
)

// ErrKeyFile is returned for a key file that cannot be read as one.
var ErrKeyFile = errors.New("not a complete key file")

// Keys signs for one issuer. It never changes and may be shared by any number of goroutines.
type Keys struct {
	name  string
	ec    *ecdsa.PrivateKey
	sm    *sm2.PrivateKey
	certs certs

	ecKid, smKid string
	certJSON     []byte // the certificates as the envelope lists them
	cms          cmsParts
}

type certs struct{ ecRoot, ecLeaf, smRoot, smLeaf *smx509.Certificate }

// LoadOrCreate reads the keys in dir, or makes them for the organisation at the instant now when there are none.
// Files are readable by their owner alone; two processes that start at once end up with the same keys. It fails when
// the keys there are another organisation's or their certificates are not valid at now.
func LoadOrCreate(dir, organisation string, now time.Time) (*Keys, error) {
	path := filepath.Join(dir, KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if text, err = create(organisation, now); err == nil {
			text, err = keep(dir, path, text)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("keys of the seal in %s: %w", dir, err)
	}
	k, err := parseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("keys of the seal in %s: %w", path, err)
	}
	if k.name != organisation {
		return nil, fmt.Errorf("keys of the seal in %s: they are of %q, not of %q", path, k.name, organisation)
	}
	if now.Before(k.certs.ecLeaf.NotBefore) || now.After(k.certs.ecLeaf.NotAfter) {
		return nil, fmt.Errorf("keys of the seal in %s: the certificate is valid from %s to %s; move the folder away to make new keys", path,
			k.certs.ecLeaf.NotBefore.Format(time.DateOnly), k.certs.ecLeaf.NotAfter.Format(time.DateOnly))
	}
	return k, writeTrust(dir, k.TrustPEM())
}

// keep puts a new key file in place unless another process was faster, and returns what lies there.
func keep(dir, path string, text []byte) ([]byte, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(dir, "seal-*.new") // made with mode 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.Write(text); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

func writeTrust(dir string, text []byte) error {
	path := filepath.Join(dir, TrustFile)
	if have, err := os.ReadFile(path); err == nil && string(have) == string(text) {
		return nil
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("write the roots of the seal: %w", err)
	}
	return nil
}

func parseKeys(text []byte) (*Keys, error) {
	der := map[string][]byte{}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		der[block.Headers["Use"]+" "+block.Type] = block.Bytes
	}
	k := &Keys{}
	for use, at := range map[string]**smx509.Certificate{
		"es256-root": &k.certs.ecRoot, "es256": &k.certs.ecLeaf, "sm2-root": &k.certs.smRoot, "sm2": &k.certs.smLeaf,
	} {
		c, err := smx509.ParseCertificate(der[use+" CERTIFICATE"])
		if err != nil {
			return nil, fmt.Errorf("%w: certificate %s: %v", ErrKeyFile, use, err)
		}
		*at = c
	}
	ec, err := smx509.ParsePKCS8PrivateKey(der["es256 PRIVATE KEY"])
	if err != nil {
		return nil, fmt.Errorf("%w: key es256", ErrKeyFile) // the cause could quote the key
	}
	sm, err := smx509.ParsePKCS8PrivateKey(der["sm2 PRIVATE KEY"])
	if err != nil {
		return nil, fmt.Errorf("%w: key sm2", ErrKeyFile)
	}
	var okEC, okSM bool
	k.ec, okEC = ec.(*ecdsa.PrivateKey)
	k.sm, okSM = sm.(*sm2.PrivateKey)
	if !okEC || !okSM || !k.ec.PublicKey.Equal(k.certs.ecLeaf.PublicKey) || !k.sm.PublicKey.Equal(k.certs.smLeaf.PublicKey) {
		return nil, fmt.Errorf("%w: a key does not belong to its certificate", ErrKeyFile)
	}
	k.prepare()
	return k, nil
}

// prepare works out what every signature repeats.
func (k *Keys) prepare() {
	k.name = issuerName(k.certs.ecLeaf)
	k.ecKid, k.smKid = kid(k.certs.ecLeaf), kid(k.certs.smLeaf)
	k.certJSON = []byte{'['}
	for i, c := range []*smx509.Certificate{k.certs.ecLeaf, k.certs.smLeaf, k.certs.ecRoot, k.certs.smRoot} {
		if i > 0 {
			k.certJSON = append(k.certJSON, ',')
		}
		k.certJSON = append(k.certJSON, '"')
		k.certJSON = append(base64.StdEncoding.AppendEncode(k.certJSON, c.Raw), '"')
	}
	k.certJSON = append(k.certJSON, ']')
	k.cms = newCMSParts(k.certs.ecLeaf, k.certs.ecRoot)
}

// Name is the organisation that signs.
func (k *Keys) Name() string { return k.name }

// TrustPEM is the public roots, to hand to whoever verifies.
func (k *Keys) TrustPEM() []byte {
	var out []byte
	for _, c := range []*smx509.Certificate{k.certs.ecRoot, k.certs.smRoot} {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// Trust trusts this issuer's roots.
func (k *Keys) Trust() *Trust { return newTrust(k.certs.ecRoot, k.certs.smRoot) }

// String keeps keys out of logs.
func (k *Keys) String() string { return "keys of the seal of " + k.name }

// GoString keeps keys out of logs, for %#v.
func (k *Keys) GoString() string { return k.String() }

func kid(c *smx509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func issuerName(c *smx509.Certificate) string {
	if len(c.Subject.Organization) > 0 {
		return c.Subject.Organization[0]
	}
	return c.Subject.CommonName
}
