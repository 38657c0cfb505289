package normal

import (
	"fmt"
	"strings"

	"xinban/internal/credit"
)

// Finding says what is wrong with one cell or row, or with a file, and how to mend it. No finding
// shows an identity number.
type Finding struct {
	Field   string   // the heading in Chinese; empty for the whole row or file
	Column  int      // 0-based column of the file; -1 when no single column is meant
	Code    string   // stable identifier, a key of the message table
	Message string   // what is wrong, in Chinese
	Fix     string   // how to mend it, in Chinese
	Block   bool     // the row goes to quarantine
	Args    []string // values of the message, for other languages
}

// English returns what is wrong and how to mend it in English.
func (f Finding) English() (message, fix string) {
	m := messages[f.Code]
	return fill(m.en, f.Args), fill(m.fixEn, f.Args)
}

// Known tells whether the message table has the code.
func Known(code string) bool { _, ok := messages[code]; return ok }

// finding makes a finding of the table.
func finding(code, field string, column int, args ...any) Finding {
	m := messages[code]
	f := Finding{Field: field, Column: column, Code: code, Block: m.block}
	for _, a := range args {
		f.Args = append(f.Args, shorten(discreet(fmt.Sprint(a))))
	}
	f.Message, f.Fix = fill(m.zh, f.Args), fill(m.fix, f.Args)
	return f
}

func fill(template string, args []string) string {
	for i, a := range args {
		template = strings.ReplaceAll(template, fmt.Sprintf("%%%d", i+1), a)
	}
	return template
}

// shorten keeps a quoted value to a length that a person reads; a list of columns fits.
func shorten(s string) string {
	n := 0
	for i := range s {
		if n++; n > 400 {
			return s[:i] + "…"
		}
	}
	return s
}

// discreet hides most of every run of digits as long as an identity number, right or wrong.
func discreet(s string) string {
	for i := 0; i < len(s); i++ {
		end := i
		for end < len(s) && digit(s[end]) {
			end++
		}
		if end-i >= 15 && (i == 0 || s[i-1] != '.') {
			s = s[:i] + credit.MaskID(s[i:end]) + s[end:]
		}
		i = max(i, end-1)
	}
	return s
}

type message struct {
	block bool
	zh    string
	fix   string
	en    string
	fixEn string
}

// messages holds every finding: whether it blocks, what is wrong, how to mend it. %1 to %3 are values.
var messages = map[string]message{
	// the file
	"column_ambiguous": {false, "列“%1”在新旧两版数据标准中含义不同，未采用", "把表头改为“工商注册号”或“组织机构代码”", "column “%1” means different things in the two layouts and was not used", "name the column 工商注册号 or 组织机构代码"},
	"column_sealed":    {false, "列“%1”含证件号码，只封存，不进入记录", "如为行政相对人的证件号码，请把表头改为“证件号码”", "column “%1” holds identity numbers and is sealed", "name it 证件号码 if the numbers are the subject's"},
	"columns_unknown":  {false, "未识别的列，原样保留：%1", "如属于数据标准，请改用标准列名", "unknown columns, kept as received: %1", "use the standard headings where there are any"},
	"columns_wanted":   {false, "缺少数据标准要求的列：%1", "下次报送时补充这些列", "the layout also asks for the columns: %1", "add these columns next time"},

	// any cell
	"field_missing":     {true, "“%1”没有填写", "补填后重新报送", "“%1” is empty", "fill it in and send the row again"},
	"field_empty":       {false, "“%1”没有填写", "请补充", "“%1” is empty", "fill it in"},
	"control_character": {true, "含有不可见的控制字符", "删除不可见字符后重新报送", "the cell holds control characters", "remove the invisible characters"},
	"damaged_text":      {true, "文字已损坏（出现“�”或无效编码）", "从业务系统重新导出本行", "the text is damaged", "export the row again from the source system"},
	"text_too_long":     {false, "文字超过%1字，请确认没有串列", "核对内容", "the text is longer than %1 characters", "check that no columns are mixed up"},
	"cell_formula":      {true, "单元格含公式：%1", "在表格中复制该列，选择性粘贴为“数值”后重新报送", "the cell holds a formula: %1", "paste the column as values and send it again"},
	"cell_error":        {true, "单元格是错误值：%1", "改正出错的公式或数据后重新报送", "the cell holds an error value: %1", "mend the formula or the data"},
	"cell_digits_lost":  {true, "长数字按数值保存，末几位已丢失", "把该列设为“文本”格式，重新填写完整号码", "a long number was kept as a number and lost its last digits", "format the column as text and type the whole number"},
	"identity_in_text":  {false, "文字中含有公民身份号码，已遮盖，原文封存", "请在来源系统中删除文字中的身份号码", "the text holds an identity number; it was masked and the original sealed", "remove identity numbers from texts at the source"},

	// who
	"name_masked":         {true, "名称经过遮盖，无法认定主体", "填写完整的名称", "the name is masked", "give the full name"},
	"code_invalid":        {true, "统一社会信用代码有误：%1", "按营业执照或登记证书核对后改正", "the code is malformed: %1", "check it against the business licence"},
	"code_placeholder":    {true, "统一社会信用代码是占位数字", "填写真实代码；没有代码时留空并填写工商注册号", "the code is a placeholder", "give the real code, or leave it empty and give the registration number"},
	"code_check":          {false, "统一社会信用代码的%1", "核对登记证书；代码属实则不必改动", "the code's check character does not match: %1", "check it"},
	"code_cleaned":        {false, "代码中夹有其他文字，已去除", "代码单元格只填代码", "text inside the code was removed", "put nothing but the code in the cell"},
	"code_missing":        {true, "没有统一社会信用代码，也没有可用的其他登记号码", "填写统一社会信用代码；确无代码时填写工商注册号、组织机构代码等", "there is neither a unified social credit code nor another usable number", "give the code, or a legacy number"},
	"code_legacy_only":    {false, "没有统一社会信用代码，暂按%1认定主体", "请补充统一社会信用代码", "no unified social credit code; the subject is known by its %1", "add the code"},
	"org_code_invalid":    {false, "组织机构代码有误：%1", "请核对；新旧两版数据标准中代码_2、代码_3的含义不同", "the organisation code is malformed: %1", "check it; the numbered code columns differ between the layouts"},
	"org_code_differs":    {false, "组织机构代码与统一社会信用代码第9至17位不一致", "请核对两个代码是否属于同一主体", "the organisation code differs from the one inside the unified code", "check that both belong to one subject"},
	"class_unknown":       {false, "行政相对人类别“%1”不在代码表中，按%2处理", "填写：法人及非法人组织、自然人、个体工商户", "the class of counterparty “%1” is unknown and taken as %2", "use 法人及非法人组织, 自然人 or 个体工商户"},
	"class_contradicts":   {false, "行政相对人类别为自然人，却填有统一社会信用代码；代码可用时按代码认定主体", "核对类别；个体工商户应填“个体工商户”", "the class is natural person, yet there is a unified code; a usable code decides the subject", "check the class"},
	"class_or_code":       {true, "行政相对人类别为自然人，却填有单位的统一社会信用代码，无法认定主体", "主体是自然人的，清空代码；主体是单位的，填写单位名称并改正类别", "the class is natural person, yet there is an organisation's code: the subject is unclear", "empty the code, or give the organisation's name and class"},
	"person_id_missing":   {true, "自然人没有证件号码", "填写证件类型和证件号码", "a natural person without identity number", "give type and number of the document"},
	"person_id_invalid":   {true, "证件号码有误：%1", "按证件核对后改正", "the identity number is wrong: %1", "check it against the document"},
	"legal_id_invalid":    {false, "法定代表人证件号码有误：%1", "请核对", "the legal representative's identity number is wrong: %1", "check it"},
	"identity_in_code":    {false, "统一社会信用代码列填的是公民身份号码，已移入证件号码并封存", "自然人的证件号码填入“证件号码”列", "an identity number stood in the code column; it was moved and sealed", "put it in the identity number column"},
	"identity_in_number":  {false, "登记号码列填的是公民身份号码，已封存，不作为登记号码", "身份号码填入证件号码列", "an identity number stands in a column of registration numbers; it was sealed and not used", "put it in the identity number column"},
	"identity_not_a_code": {true, "统一社会信用代码列填的是公民身份号码，已封存", "填写该单位的统一社会信用代码，身份号码填入证件号码列", "an identity number stands where the organisation's code should be; it was sealed", "give the organisation's code"},

	// the decision
	"date_impossible":      {true, "“%1”不是真实存在的日期", "按文书改正日期", "“%1” is not a day that exists", "give the date of the document"},
	"date_unreadable":      {true, "无法识别日期“%1”", "按2026-05-18的形式填写", "“%1” cannot be read as a date", "write it like 2026-05-18"},
	"date_future":          {true, "日期%1晚于今天%2", "核对日期", "the date %1 is after today, %2", "check the date"},
	"date_future_note":     {false, "日期%1晚于今天%2", "核对日期", "the date %1 is after today, %2", "check the date"},
	"date_old":             {true, "日期%1早于1949-10-01，年份有误", "按文书改正年份", "the date %1 is before 1949-10-01: the year is wrong", "give the year of the document"},
	"date_old_note":        {false, "日期%1早于1949-10-01", "核对日期", "the date %1 is before 1949-10-01", "check the date"},
	"date_order":           {false, "日期%1早于决定日期%2", "核对两个日期", "the date %1 is before the decision, %2", "check both dates"},
	"forever_not_allowed":  {false, "“%1”不能填“长期”，已按未填写处理", "填写具体日期或留空", "“%1” cannot be without end; taken as empty", "give a date or leave it empty"},
	"doc_no_cleaned":       {false, "文号中夹有分项标记“%1”，已去除", "文号单元格只填文号", "the mark “%1” was taken out of the document number", "put nothing but the number in the cell"},
	"authority_is_system":  {true, "“%1”是系统或平台的名称，不是机关", "填写作出决定的机关全称及其统一社会信用代码", "“%1” is the name of a system, not of an organ", "give the full name and code of the deciding organ"},
	"authority_system":     {false, "“%1”是系统或平台的名称，暂按机关代码认定机关", "填写作出决定的机关全称", "“%1” is the name of a system; the organ is known by its code", "give the organ's full name"},
	"authority_code":       {false, "机关代码有误：%1", "请核对", "the organ's code is wrong: %1", "check it"},
	"penalty_unknown":      {false, "处罚类别“%1”不在代码表中，按“其他”处理", "使用代码表01至14的名称", "the kind of penalty “%1” is unknown and taken as other", "use the names of the code list 01-14"},
	"penalty_guessed":      {false, "处罚类别“%1”不是标准写法，按“%2”处理", "使用代码表01至14的名称，多个类别用顿号分开", "the kind of penalty “%1” is not standard and taken as %2", "use the names of the code list, set apart by 、"},
	"penalty_code_differs": {false, "处罚类别“%1”的代码与名称不一致，按名称处理", "核对代码和名称", "code and name of the penalty “%1” differ; the name was used", "check both"},
	"procedure_unknown":    {false, "案件程序类别没有注明或不在代码表中：“%1”", "填写：简易程序、普通程序", "the procedure is unknown: “%1”", "use 简易程序 or 普通程序"},
	"amount_unreadable":    {true, "“%1”不是金额", "只填数字，单位见表头", "“%1” is not an amount", "give a plain number in the unit of the heading"},
	"amount_negative":      {true, "金额为负数“%1”", "改为正数；退还款项在备注中说明", "the amount “%1” is negative", "give a positive amount"},
	"amount_precision":     {true, "金额“%1”小数超过%2位", "精确到分", "the amount “%1” has more than %2 decimals", "give it to the fen"},
	"amount_unit":          {false, "金额单元格写有单位“%1”，已按该单位换算", "只填数字，单位见表头", "the amount carries the unit “%1” and was converted by it", "give a plain number"},
	"amount_yuan":          {false, "金额疑似按元填写：本列折合%1元，处罚内容写明%2元", "本列单位是万元，核对后改正", "the amount seems to be in yuan: the column says %1 yuan, the text %2 yuan", "the column is in 万元: check it"},
	"amount_differs":       {false, "罚款金额折合%1元，与处罚内容中的%2元不一致", "按决定书核对", "the fine is %1 yuan, the text says %2 yuan", "check it against the decision"},
	"fine_without_amount":  {false, "处罚类别含罚款，没有罚款金额", "填写罚款金额（万元）", "a fine without its amount", "give the amount in 万元"},
	"amount_without_fine":  {false, "填有罚款金额，处罚类别不含罚款", "在处罚类别中补充罚款", "an amount of fine without the kind of penalty", "add 罚款 to the kinds"},
	"claim_unknown":        {false, "状态“%1”不在代码表中，按“其他”处理", "填写：0正常、1撤销、2异议、3其他", "the state “%1” is unknown and taken as other", "use 0, 1, 2 or 3"},
}
