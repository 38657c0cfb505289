// Package sheet lays out official papers (文书版式): a Sheet of blocks and a set of fonts give positioned pages.
//
// Layout is pure: the same sheet and fonts give the same Layout, and nothing here knows PDF, so another format
// (OFD 版式文件) can be written from the same pages. Lengths are points (1/72 inch) from the top left corner; text is
// placed by its baseline.
//
//	s := &sheet.Sheet{Title: "公共信用报告", Number: number, Blocks: []sheet.Block{
//		sheet.Cover{Title: "公共信用报告", Edition: "无违法违规记录证明 · 普通版"},
//		sheet.KeyValues{Items: []sheet.KeyValue{{Key: "主体名称", Value: sheet.Bold(name)}}},
//		sheet.Heading{Level: 1, Text: "一、查询结论"},
//		sheet.Table{Columns: columns, Rows: rows, Empty: "查询期内无相关信息"},
//		sheet.SignOff{Issuer: issuer, Date: "2026年5月18日", Seal: &sheet.SealMark{Ring: issuer, Center: "演示专用"}},
//	}}
//	layout := s.Layout(fonts)
//
// Lines break by the Chinese rules (避头尾): no closing mark begins a line, no opening mark ends one, words, figures
// with their units and document numbers such as 〔2025〕12号 stay whole where a line can hold them, and a token longer
// than a line is broken rather than cut off. Neighbouring full-width marks share their blank halves (标点挤压).
// A character that no face has becomes a Missing item, a box that shows its code point.
//
// Every item belongs to a node of the structure tree (标签) or is an artifact, as accessible PDF wants it.
package sheet
