package demo

import "xinban/internal/credit"

// A column of a layout has a Chinese name and, where the exchange standard gives one, a code.
type column struct {
	role role
	name string
	code string
}

// A layout is the columns of a file in their order, headed by name or by code.
type layout struct {
	columns []column
	codes   bool
	at      [roles]int8 // place of a role plus one; 0 where the layout has none
}

func newLayout(columns []column, codes bool) *layout {
	l := &layout{columns: columns, codes: codes}
	for i, c := range columns {
		l.at[c.role] = int8(i + 1)
	}
	return l
}

// reordered is the layout with its columns in another order, as another department sends it.
func (l *layout) reordered(seed uint64, stream string, codes bool) *layout {
	s := newShuffle(seed, stream, len(l.columns))
	columns := make([]column, len(l.columns))
	for i := range columns {
		columns[i] = l.columns[s.of(i)]
	}
	return newLayout(columns, codes)
}

// without is the layout minus some columns, as a department sends it that does not keep them.
func (l *layout) without(roles ...role) *layout {
	var columns []column
next:
	for _, c := range l.columns {
		for _, r := range roles {
			if c.role == r {
				continue next
			}
		}
		columns = append(columns, c)
	}
	return newLayout(columns, l.codes)
}

func (l *layout) header() []string {
	names := make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i] = c.name
		if l.codes && c.code != "" {
			names[i] = c.code
		}
	}
	return names
}

// cells writes a row in the layout.
func (l *layout) cells(r *Row) []string {
	all := make([]string, len(l.columns))
	for i, c := range l.columns {
		all[i] = r.cell(c.role)
	}
	return all
}

// penaltyNew is the layout of 2018 and later, with the two columns that a platform adds: 案件程序类别
// and what happened to the decision afterwards.
var penaltyNew = newLayout([]column{
	{rName, "行政相对人名称", "CF_XDR_MC"}, {rClass, "行政相对人类别", "CF_XDR_LB"}, {rCode, "行政相对人代码_1（统一社会信用代码）", "CF_XDR_SHXYM"},
	{rRegNo, "行政相对人代码_2（工商注册号）", "CF_XDR_GSZC"}, {rOrgCode, "行政相对人代码_3（组织机构代码）", "CF_XDR_ZZJG"},
	{rTaxNo, "行政相对人代码_4（税务登记号）", "CF_XDR_SWDJ"}, {rInstitution, "行政相对人代码_5（事业单位证书号）", "CF_XDR_SYDW"},
	{rSociety, "行政相对人代码_6（社会组织登记证号）", "CF_XDR_SHZZ"}, {rLegalRep, "法定代表人", "CF_FRDB"},
	{rLegalIDType, "法定代表人证件类型", "CF_FR_ZJLX"}, {rLegalID, "法定代表人证件号码", "CF_FR_ZJHM"},
	{rIDType, "证件类型", "CF_XDR_ZJLX"}, {rID, "证件号码", "CF_XDR_ZJHM"}, {rDocNo, "行政处罚决定书文号", "CF_WSH"},
	{rBehaviour, "违法行为类型", "CF_WFXW"}, {rFacts, "违法事实", "CF_SY"}, {rBasis, "处罚依据", "CF_YJ"}, {rKinds, "处罚类别", "CF_CFLB"},
	{rContent, "处罚内容", "CF_NR"}, {rFine, "罚款金额（万元）", "CF_NR_FK"}, {rConfiscated, "没收违法所得、没收非法财物的金额（万元）", "CF_NR_WFFF"},
	{rSeized, "暂扣或吊销证照名称及编号", "CF_NR_ZKDX"}, {rDecided, "处罚决定日期", "CF_JDRQ"}, {rUntil, "处罚有效期", "CF_YXQ"},
	{rPublicUntil, "公示截止期", "CF_GSJZQ"}, {rAuthority, "处罚机关", "CF_CFJG"}, {rAuthorityCode, "处罚机关统一社会信用代码", "CF_CFJGDM"},
	{rProvider, "数据来源单位", "CF_SJLY"}, {rProviderCode, "数据来源单位统一社会信用代码", "CF_SJLYDM"},
	{rProcedure, "案件程序类别", ""}, {rRepaired, "修复日期", ""}, {rAnnulled, "撤销日期", ""}, {rRemark, "备注", "BZ"},
}, false)

// penaltyOld is the layout of 2014-16: fewer cells, its codes in another order, the fine in the text.
var penaltyOld = newLayout([]column{
	{rDocNo, "行政处罚决定书文号", "CF_WSH"}, {rTitle, "处罚名称", "CF_CFMC"}, {rKind1, "处罚类别1", "CF_CFLB1"}, {rKind2, "处罚类别2", "CF_CFLB2"},
	{rFacts, "处罚事由", "CF_SY"}, {rBasis, "处罚依据", "CF_YJ"}, {rName, "行政相对人名称", "CF_XDR_MC"},
	{rCode, "行政相对人代码_1（统一社会信用代码）", "CF_XDR_SHXYM"}, {rOrgCode, "行政相对人代码_2（组织机构代码）", "CF_XDR_ZDM"},
	{rRegNo, "行政相对人代码_3（工商登记码）", "CF_XDR_GSDJ"}, {rTaxNo, "行政相对人代码_4（税务登记号）", "CF_XDR_SWDJ"},
	{rID, "行政相对人代码_5（居民身份证号）", "CF_XDR_SFZ"}, {rLegalRep, "法定代表人姓名", "CF_FR"}, {rContent, "处罚结果", "CF_JG"},
	{rDecided, "处罚决定日期", "CF_JDRQ"}, {rAuthority, "处罚机关", "CF_XZJG"}, {rClaim, "当前状态", "CF_ZT"}, {rPublicUntil, "公示截止期", "CF_GSJZQ"},
	{rRegion, "地方编码", "DFBM"}, {rTimestamp, "数据更新时间戳", "SJC"}, {rRemark, "备注", "BZ"},
}, true)

var licenceNew = newLayout([]column{
	{rName, "行政相对人名称", "XK_XDR_MC"}, {rClass, "行政相对人类别", "XK_XDR_LB"}, {rCode, "行政相对人代码_1（统一社会信用代码）", "XK_XDR_SHXYM"},
	{rRegNo, "行政相对人代码_2（工商注册号）", "XK_XDR_GSZC"}, {rOrgCode, "行政相对人代码_3（组织机构代码）", "XK_XDR_ZZJG"},
	{rLegalRep, "法定代表人", "XK_FRDB"}, {rIDType, "证件类型", "XK_XDR_ZJLX"}, {rID, "证件号码", "XK_XDR_ZJHM"},
	{rTitle, "行政许可决定文书名称", "XK_XKWS"}, {rDocNo, "行政许可决定文书号", "XK_WSH"}, {rCategory, "许可类别", "XK_XKLB"},
	{rLicence, "许可证书名称", "XK_XKZS"}, {rLicenceNo, "许可编号", "XK_XKBH"}, {rContent, "许可内容", "XK_NR"}, {rDecided, "许可决定日期", "XK_JDRQ"},
	{rFrom, "有效期自", "XK_YXQZ"}, {rUntil, "有效期至", "XK_YXQZI"}, {rAuthority, "许可机关", "XK_XKJG"}, {rAuthorityCode, "许可机关统一社会信用代码", "XK_XKJGDM"},
	{rClaim, "当前状态", "XK_ZT"}, {rProvider, "数据来源单位", "XK_LYDW"}, {rProviderCode, "数据来源单位统一社会信用代码", "XK_LYDWDM"}, {rRemark, "备注", "BZ"},
}, false)

var (
	whoColumns  = []column{{rName, "主体名称", ""}, {rClass, "行政相对人类别", ""}, {rCode, "统一社会信用代码", ""}, {rLegalRep, "法定代表人", ""}}
	fromColumns = []column{{rProvider, "数据来源单位", ""}, {rProviderCode, "数据来源单位统一社会信用代码", ""}, {rRemark, "备注", ""}}
)

func listed(columns ...column) *layout {
	all := append([]column{}, whoColumns...)
	return newLayout(append(append(all, columns...), fromColumns...), false)
}

// otherLayouts are the layouts of the kinds for which no exchange standard is at hand; their headings
// are those of the platforms' own tables.
var otherLayouts = map[credit.Kind]*layout{
	credit.Coercion: listed(column{rDocNo, "行政强制决定书文号", ""}, column{rTitle, "行政强制种类", ""}, column{rFacts, "强制事由", ""},
		column{rBasis, "强制依据", ""}, column{rContent, "强制内容", ""}, column{rDecided, "决定日期", ""}, column{rUntil, "强制期限至", ""},
		column{rAuthority, "强制机关", ""}, column{rAuthorityCode, "强制机关统一社会信用代码", ""}),
	credit.CriminalJudgment: listed(column{rDocNo, "案号", ""}, column{rTitle, "罪名", ""}, column{rFacts, "犯罪事实", ""}, column{rContent, "判决结果", ""},
		column{rDecided, "判决日期", ""}, column{rAuthority, "审理法院", ""}, column{rAuthorityCode, "审理法院统一社会信用代码", ""}),
	credit.SeriousList: listed(column{rList, "名单类型", ""}, column{rDocNo, "决定文号", ""}, column{rFacts, "列入原因", ""}, column{rBasis, "认定依据", ""},
		column{rAuthority, "认定部门", ""}, column{rAuthorityCode, "认定部门统一社会信用代码", ""}, column{rDecided, "列入日期", ""},
		column{rRemoved, "移出日期", ""}, column{rWhy, "移出原因", ""}),
	credit.JudgmentDefaulter: listed(column{rDocNo, "案号", ""}, column{rBasis, "执行依据文号", ""}, column{rAuthority, "执行法院", ""},
		column{rAuthorityCode, "执行法院统一社会信用代码", ""}, column{rDecided, "立案日期", ""}, column{rFacts, "生效法律文书确定的义务", ""},
		column{rContent, "履行情况", ""}, column{rBehaviour, "具体情形", ""}, column{rFrom, "发布日期", ""}, column{rRemoved, "移出日期", ""}),
	credit.AbnormalList: listed(column{rRegNo, "注册号", ""}, column{rList, "名录类型", ""}, column{rFacts, "列入原因", ""}, column{rDecided, "列入日期", ""},
		column{rAuthority, "作出决定机关", ""}, column{rAuthorityCode, "列入决定机关统一社会信用代码", ""}, column{rWhy, "移出原因", ""}, column{rRemoved, "移出日期", ""}),
	credit.RedList: listed(column{rList, "名单类型", ""}, column{rTitle, "荣誉名称", ""}, column{rDocNo, "认定文号", ""}, column{rDecided, "认定日期", ""},
		column{rUntil, "有效期至", ""}, column{rAuthority, "认定单位", ""}, column{rAuthorityCode, "认定单位统一社会信用代码", ""}),
	credit.Registration: newLayout([]column{{rName, "主体名称", ""}, {rOldName, "曾用名", ""}, {rCode, "统一社会信用代码", ""}, {rRegNo, "工商注册号", ""},
		{rClass, "主体类别", ""}, {rLegalRep, "法定代表人", ""}, {rDecided, "成立日期", ""}, {rUntil, "经营期限至", ""}, {rAddress, "住所", ""},
		{rScope, "经营范围", ""}, {rTrade, "行业", ""}, {rCapital, "注册资本（万元）", ""}, {rStatus, "登记状态", ""}, {rParent, "隶属企业统一社会信用代码", ""},
		{rAuthority, "登记机关", ""}, {rAuthorityCode, "登记机关统一社会信用代码", ""}, {rRegion, "地方编码", ""}}, false),
	credit.Commitment: listed(column{rDocNo, "承诺编号", ""}, column{rCategory, "承诺类型", ""}, column{rFacts, "承诺事由", ""}, column{rDecided, "作出日期", ""},
		column{rUntil, "有效期至", ""}, column{rAuthority, "受理单位", ""}, column{rAuthorityCode, "受理单位统一社会信用代码", ""}, column{rContent, "履约状态", ""}),
	credit.Catalogue: listed(column{rCategory, "目录信息类别", ""}, column{rDocNo, "信息编号", ""}, column{rContent, "信息内容", ""}, column{rDecided, "产生日期", ""},
		column{rAuthority, "认定单位", ""}, column{rAuthorityCode, "认定单位统一社会信用代码", ""}),
}
