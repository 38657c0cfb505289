package credit

import "strings"

// ResidentIDType is the code of 居民身份证 in the list of document types (证件类型).
const ResidentIDType = "111"

var documentTypes = map[string]string{
	"居民身份证": "111", "身份证": "111", "公民身份号码": "111", "二代身份证": "111", "中华人民共和国居民身份证": "111",
	"外交护照": "411", "护照": "414", "普通护照": "414", "外国护照": "414",
	"台湾居民来往大陆通行证": "511", "台胞证": "511", "居住证": "154", "其他": "099", "其它": "099",
}

// DocumentType is the code of a type of identity document; a type that is not in the list stays as it is.
func DocumentType(s string) string {
	if code, ok := documentTypes[s]; ok {
		return code
	}
	return s
}

// PersonNumber is the text by which a natural person is known: the resident identity number of 18
// characters, whatever document shows it, else the type of the document and its number, since documents
// of two types may bear one number. kind is as [DocumentType] gives it, empty for a resident identity
// card; number is in normal form.
func PersonNumber(kind, number string) string {
	if kind == "" || kind == ResidentIDType {
		if long, ok := ResidentID18(number); ok {
			return long
		}
		return number
	}
	if CheckResidentID(number).Verdict == Valid {
		return number
	}
	return kind + ":" + number
}

// ParsePersonNumber reads what a person types to name a natural person: a resident identity number of 18
// or 15 characters, or the type of another document and its number (台胞证:01234567). ok is false when
// it is neither.
func ParsePersonNumber(s string) (number string, ok bool) {
	s = NormalText(s)
	kind, number, typed := strings.Cut(strings.Replace(s, "：", ":", 1), ":")
	if kind = strings.TrimSpace(kind); typed {
		number = NormalCode(number)
		return PersonNumber(DocumentType(kind), number), kind != "" && number != ""
	}
	number = PersonNumber(ResidentIDType, NormalCode(s))
	return number, CheckResidentID(number).Verdict == Valid
}
