package web

import (
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"
)

// validationRule recognises one English message of the API library and names ours.
type validationRule struct {
	find *regexp.Regexp
	key  string
}

// validationRules are made from the library's own texts, so an upgrade that changes one is noticed by
// the test that counts what falls through.
var validationRules = func() []validationRule {
	var rules []validationRule
	add := func(key string, texts ...string) {
		for _, text := range texts {
			pattern := regexp.QuoteMeta(text)
			for _, verb := range []string{"%v", "%s", "%d"} {
				pattern = strings.ReplaceAll(pattern, verb, "(.*)")
			}
			rules = append(rules, validationRule{regexp.MustCompile("^" + pattern + "$"), key})
		}
	}
	add("validation.unknown", validation.MsgUnexpectedProperty, "unknown query parameter")
	add("validation.date-time", validation.MsgExpectedRFC3339DateTime, validation.MsgExpectedRFC1123DateTime)
	add("validation.date", validation.MsgExpectedRFC3339Date)
	add("validation.time", validation.MsgExpectedRFC3339Time)
	add("validation.boolean", validation.MsgExpectedBoolean, "invalid boolean")
	add("validation.number", validation.MsgExpectedNumber, "invalid float", "invalid floating value")
	add("validation.integer", validation.MsgExpectedInteger, "invalid integer")
	add("validation.string", validation.MsgExpectedString)
	add("validation.base64", validation.MsgExpectedBase64String)
	add("validation.array", validation.MsgExpectedArray)
	add("validation.object", validation.MsgExpectedObject)
	add("validation.unique", validation.MsgExpectedArrayItemsUnique)
	add("validation.one-of", validation.MsgExpectedOneOf)
	add("validation.minimum", validation.MsgExpectedMinimumNumber)
	add("validation.above", validation.MsgExpectedExclusiveMinimumNumber)
	add("validation.maximum", validation.MsgExpectedMaximumNumber)
	add("validation.below", validation.MsgExpectedExclusiveMaximumNumber)
	add("validation.multiple", validation.MsgExpectedNumberBeMultipleOf)
	add("validation.min-length", validation.MsgExpectedMinLength)
	add("validation.max-length", validation.MsgExpectedMaxLength)
	add("validation.pattern", validation.MsgExpectedMatchPattern, validation.MsgExpectedBePattern)
	add("validation.min-items", validation.MsgExpectedMinItems)
	add("validation.max-items", validation.MsgExpectedMaxItems)
	add("validation.required", validation.MsgExpectedRequiredProperty)
	add("validation.parameter", "required %s parameter is missing")
	return rules
}()

// validationMessage returns the key and arguments of the message that says the same as the library's.
func validationMessage(text string) (key string, args []any) {
	for _, rule := range validationRules {
		if m := rule.find.FindStringSubmatch(text); m != nil {
			for _, a := range m[1:] {
				args = append(args, a)
			}
			return rule.key, args
		}
	}
	return "validation.other", []any{text}
}
