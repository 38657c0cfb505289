package pdf

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrNoAttachment is returned when a PDF has no attachment of the name asked for.
var ErrNoAttachment = errors.New("the PDF has no such attachment")

// ExtractAttachment returns the data of an attachment that Write put into a PDF. It reads the signed revision even
// when something was appended to the file; whether that is as issued is for VerifySignature.
func ExtractAttachment(file []byte, fileName string) ([]byte, error) {
	if s, err := byteRange(file); err == nil {
		file = file[:s.end]
	}
	data, err := extract(file, fileName)
	if err != nil {
		return nil, fmt.Errorf("attachment %s: %w", fileName, err)
	}
	return data, nil
}

func extract(file []byte, fileName string) ([]byte, error) {
	r, err := open(file)
	if err != nil {
		return nil, err
	}
	catalog, err := r.dict(r.root)
	if err != nil {
		return nil, err
	}
	names, _ := catalog["Names"].(dict)
	files, _ := names["EmbeddedFiles"].(dict)
	list, _ := files["Names"].(array)
	for i := 0; i+1 < len(list); i += 2 {
		key, ok := list[i].(text)
		if !ok || !bytes.Equal(key, []byte(fileName)) {
			continue
		}
		spec, err := r.dict(list[i+1])
		if err != nil {
			return nil, err
		}
		ef, _ := spec["EF"].(dict)
		n, ok := ef["F"].(ref)
		if !ok {
			return nil, fmt.Errorf("%w: its stream is missing", ErrSyntax)
		}
		at, err := r.offset(n)
		if err != nil {
			return nil, err
		}
		_, data, err := r.stream(at, MaxAttachment)
		return data, err
	}
	return nil, ErrNoAttachment
}
