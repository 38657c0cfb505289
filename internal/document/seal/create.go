package seal

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// How long the certificates of a new seal are valid.
const (
	rootYears = 20
	leafYears = 10
)

// documentSigning is the extended key usage of RFC 9336.
var documentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}

// create makes two keys and their certificates and returns them as PEM. The root keys sign one leaf each and are
// then forgotten: nobody can make a second certificate under them.
func create(organisation string, now time.Time) ([]byte, error) {
	ecRoot, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	smRoot, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make an SM2 key: %w", err)
	}
	sm, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make an SM2 key: %w", err)
	}
	first, err := issue("es256", organisation, now, ecRoot, &ecRoot.PublicKey, ec, &ec.PublicKey)
	if err != nil {
		return nil, err
	}
	second, err := issue("sm2", organisation, now, smRoot, &smRoot.PublicKey, sm, &sm.PublicKey)
	return append(first, second...), err
}

// issue signs a root and a leaf and writes them with the leaf's key.
func issue(use, organisation string, now time.Time, rootKey, rootPub, key, pub any) ([]byte, error) {
	root := template(organisation, organisation+" 签章根证书", now, rootYears)
	root.IsCA, root.BasicConstraintsValid, root.MaxPathLenZero = true, true, true
	root.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	rootDER, err := smx509.CreateCertificate(rand.Reader, root, root, rootPub, rootKey)
	if err != nil {
		return nil, fmt.Errorf("make the root certificate %s: %w", use, err)
	}
	parent, err := smx509.ParseCertificate(rootDER)
	if err != nil {
		return nil, fmt.Errorf("make the root certificate %s: %w", use, err)
	}
	leaf := template(organisation, organisation, now, leafYears)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	leaf.ExtKeyUsage, leaf.UnknownExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, []asn1.ObjectIdentifier{documentSigning}
	leafDER, err := smx509.CreateCertificate(rand.Reader, leaf, parent.ToX509(), pub, rootKey)
	if err != nil {
		return nil, fmt.Errorf("make the certificate %s: %w", use, err)
	}
	keyDER, err := smx509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write the key %s: %w", use, err)
	}
	var out []byte
	for _, b := range []struct {
		use, typ string
		der      []byte
	}{{use, "PRIVATE KEY", keyDER}, {use, "CERTIFICATE", leafDER}, {use + "-root", "CERTIFICATE", rootDER}} {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: b.typ, Headers: map[string]string{"Use": b.use}, Bytes: b.der})...)
	}
	return out, nil
}

func template(organisation, commonName string, now time.Time, years int) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)),
		Subject:      pkix.Name{Country: []string{"CN"}, Organization: []string{organisation}, CommonName: commonName},
		NotBefore:    now.UTC().Add(-24 * time.Hour).Truncate(time.Second),
		NotAfter:     now.UTC().AddDate(years, 0, 0).Truncate(time.Second),
	}
}
