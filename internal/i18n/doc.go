// Package i18n holds the one catalogue of messages (文案目录) in Chinese (zh-CN, first) and English (en).
//
// A message file is YAML with both languages side by side, so that neither can be forgotten:
//
//	report.new.title: {zh-CN: 开具信用报告, en: Issue a credit report}
//	report.rows:      {zh-CN: "共 {0} 行，第 {1} 行有误", en: "{0} rows; row {1} is wrong"}
//
// Arguments are {0}, {1} …, which a translation may use in any order; they are plain text, escaped by
// the template that shows them. A capability embeds its files in a folder messages and hands them over
// in its account.Surface; [Catalogue.Load] merges them and refuses a key that exists.
//
// A problem type has three messages: problem.TYPE.title, .detail and .next (what to do).
package i18n
