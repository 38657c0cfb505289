package read

import (
	"fmt"
	"strings"
)

// Fault says what is wrong with a row or with a file, where, and how to mend it. It is an error.
type Fault struct {
	Code   string   // stable identifier in snake_case, a key of the table below
	Line   int      // physical line of a text file, row number of a sheet; 0 for the whole file
	Column int      // 0-based column, -1 when no single cell is at fault
	Args   []string // values of the message, in the order of its placeholders
	Cause  error    // what the operating system or the connection said, if that is behind it
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// faultText holds, for each code, what is wrong and how to mend it, in Chinese and in English.
// %1 and %2 stand for the arguments.
var faultText = map[string][4]string{
	"too_few_columns":     {"本行有%1列，表头有%2列", "补齐缺少的列；单元格内有逗号时用英文双引号括起", "the row has %1 columns, the heading has %2", "add the missing cells; put a cell that holds a comma in double quotes"},
	"too_many_columns":    {"本行有%1列，表头有%2列", "单元格内有逗号或制表符时用英文双引号括起，删除多余的列", "the row has %1 columns, the heading has %2", "put a cell that holds a separator in double quotes, or remove the extra cells"},
	"row_too_long":        {"本行超过%1字节，未读取内容", "检查本行是否缺少换行，拆分后重新报送", "the row is longer than %1 bytes and was skipped", "check for missing line breaks, split the row and send it again"},
	"cell_too_long":       {"单元格超过%1字节", "缩短本单元格的文字，附件另行报送", "the cell is longer than %1 bytes", "shorten the text; send attachments apart"},
	"bad_encoding":        {"文字编码损坏（不是有效的%1）", "从业务系统重新导出本行，保存为UTF-8", "the text is damaged (not valid %1)", "export the row again from the source system as UTF-8"},
	"nul_character":       {"含有空字符（NUL）", "从业务系统重新导出本行，删除不可见字符", "the cell holds a NUL character", "export the row again without invisible characters"},
	"stray_quote":         {"双引号之后有多余的文字", "单元格内的双引号应写成两个双引号", "text follows a closing quote", "write a quote inside a cell as two quotes"},
	"unclosed_quote":      {"双引号没有结束", "补上结束的双引号，或删除多余的双引号", "a quote is never closed", "close the quote or remove it"},
	"not_an_object":       {"本行不是JSON对象：%1", "每行写一个完整的JSON对象", "the line is not a JSON object: %1", "write one whole JSON object a line"},
	"nested_value":        {"字段“%1”的值是对象或数组", "字段的值只能是文字、数字、真假值或null", "the value of field “%1” is nested", "a value must be text, a number, true, false or null"},
	"unknown_key":         {"字段“%1”没有在文件前部出现过", "在第一行写全所有字段，没有内容的写空文字", "field “%1” does not occur at the head of the file", "name every field in the first line, empty where there is nothing"},
	"duplicate_key":       {"字段“%1”在一行内出现两次", "保留正确的一个", "field “%1” occurs twice in the line", "keep the right one"},
	"truncated":           {"文件不完整：第%1行的内容没有结束", "文件可能没有传完，请重新导出、重新上传；已读取的行不受影响", "the file is incomplete: line %1 does not end", "the file was probably cut off: export and send it again; rows already read are kept"},
	"damaged_workbook":    {"工作簿损坏：%1", "用Excel或WPS打开后另存为.xlsx，再重新上传", "the workbook is damaged: %1", "open it in a spreadsheet program, save it as .xlsx and send it again"},
	"zip_bomb":            {"工作簿展开后过大（%1），已拒绝读取", "拆分为多个文件，或改用CSV", "the workbook is too large when inflated (%1) and was refused", "split it into several files, or use CSV"},
	"upload_too_large":    {"上传的工作簿超过%1字节", "拆分为多个文件，或改用CSV", "the workbook is larger than %1 bytes", "split it into several files, or use CSV"},
	"unknown_encoding":    {"无法识别文字编码，既不是UTF-8也不是GB18030", "用Excel或WPS打开，另存为“CSV UTF-8”", "the encoding is neither UTF-8 nor GB18030", "open it in a spreadsheet program and save it as “CSV UTF-8”"},
	"unsupported_format":  {"不支持的文件格式：%1", "另存为.xlsx或“CSV UTF-8”后重新上传", "the format is not supported: %1", "save it as .xlsx or “CSV UTF-8” and send it again"},
	"empty_file":          {"文件没有内容", "确认导出成功；确无数据时请作零报送", "the file is empty", "check the export; if there is nothing to send, send a zero report"},
	"too_many_headings":   {"表头超过%1列", "删除多余的列后重新上传", "the heading has more than %1 columns", "remove the extra columns and send it again"},
	"title_skipped":       {"第一行“%1”是标题，已跳过", "", "the first row, “%1”, is a title and was skipped", ""},
	"other_sheets":        {"只读取工作表“%1”，未读取：%2", "其他工作表请单独报送", "only the sheet “%1” is read, not: %2", "send the other sheets apart"},
	"read_failed":         {"读取中断：%1", "重新上传；已读取的行不受影响", "reading stopped: %1", "send the file again; rows already read are kept"},
	"sheet_without_rows":  {"工作簿的所有工作表都没有内容", "确认导出成功；确无数据时请作零报送", "no sheet of the workbook holds anything", "check the export; if there is nothing to send, send a zero report"},
	"encrypted_or_legacy": {"是加密的工作簿或旧的.xls格式", "去掉密码，另存为.xlsx后重新上传", "the file is an encrypted workbook or the old .xls format", "remove the password, save it as .xlsx and send it again"},
}

// Error is the message in Chinese with the place and the mend.
func (f *Fault) Error() string {
	where := ""
	if f.Line > 0 {
		where = fmt.Sprintf("第%d行：", f.Line)
	}
	if fix := f.Fix(); fix != "" {
		return where + f.Message() + "。" + fix
	}
	return where + f.Message()
}

// Message says in Chinese what is wrong.
func (f *Fault) Message() string { return f.text(0) }

// Fix says in Chinese how to mend it; it may be empty.
func (f *Fault) Fix() string { return f.text(1) }

// English returns what is wrong and how to mend it in English.
func (f *Fault) English() (message, fix string) { return f.text(2), f.text(3) }

func (f *Fault) text(n int) string {
	s := faultText[f.Code][n]
	for i, a := range f.Args {
		s = strings.ReplaceAll(s, fmt.Sprintf("%%%d", i+1), a)
	}
	return s
}

func fault(code string, line int, args ...any) *Fault {
	f := &Fault{Code: code, Line: line, Column: -1}
	for _, a := range args {
		f.Args = append(f.Args, fmt.Sprint(a))
	}
	return f
}
