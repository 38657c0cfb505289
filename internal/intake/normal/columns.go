package normal

import "xinban/internal/credit"

// layouts holds the columns of every kind, in the order of the template. Requirements are the
// proposal of the domain notes (6.1, 6.2), not text of a standard. Columns of the old layout alone
// are marked and do not appear in templates.
var layouts = [...][]column{
	credit.Licence: join(
		counterparty("XK", "行政相对人名称", "XK_FRDB", "XK_FDDB", "XK_FR"),
		[]column{
			{to: toTitle, heading: "行政许可决定文书名称", names: []string{"许可决定文书名称", "项目名称", "许可名称"}, codes: []string{"XK_XKWS", "XK_XMMC"}},
			{to: toDocNo, heading: "行政许可决定文书号", need: must, names: []string{"许可决定文书号", "行政许可决定书文号", "许可决定书文号", "决定文书号", "文书号", "行政许可文书号"}, codes: []string{"XK_WSH"}},
			{to: toCategory, heading: "许可类别", need: wanted, names: []string{"行政许可类别", "审批类别", "许可类型", "行政许可类型"}, codes: []string{"XK_XKLB", "XK_SPLB"}},
			{to: toLicence, heading: "许可证书名称", names: []string{"行政许可证书名称", "证书名称", "许可证名称"}, codes: []string{"XK_XKZS"}},
			{to: toLicenceNo, heading: "许可编号", names: []string{"行政许可编号", "许可证编号", "证书编号", "许可证号"}, codes: []string{"XK_XKBH"}},
			{to: toContent, heading: "许可内容", need: must, names: []string{"行政许可内容", "许可事项"}, codes: []string{"XK_NR"}},
			{to: toDecided, heading: "许可决定日期", need: must, names: []string{"行政许可决定日期", "决定日期", "许可日期", "行政许可日期"}, codes: []string{"XK_JDRQ"}},
			{to: toFrom, heading: "有效期自", need: wanted, names: []string{"许可有效期自", "有效期起", "有效期起始日期", "有效期开始日期", "行政许可有效期自"}, codes: []string{"XK_YXQZ"}},
			{to: toUntil, heading: "有效期至", need: wanted, names: []string{"许可有效期至", "有效期止", "有效期截止日期", "许可截止期", "行政许可有效期至", "有效期"}, codes: []string{"XK_YXQZI", "XK_JZQ"}},
			{to: toAuthority, heading: "许可机关", need: must, names: []string{"行政许可机关", "许可机关名称", "行政许可机关名称", "发证机关", "审批机关"}, codes: []string{"XK_XKJG", "XK_XZJG"}},
			{to: toAuthorityCode, heading: "许可机关统一社会信用代码", need: wanted, names: []string{"许可机关代码", "行政许可机关统一社会信用代码", "行政许可机关代码"}, codes: []string{"XK_XKJGDM"}},
		}, closing("XK")),
	credit.Penalty: join(
		counterparty("CF", "行政相对人名称", "CF_FRDB", "CF_FDDB", "CF_FR"),
		[]column{
			{to: toDocNo, heading: "行政处罚决定书文号", need: must, names: []string{"处罚决定书文号", "决定书文号", "处罚文书号", "处罚决定文书号", "行政处罚决定文书号", "行政处罚文书号", "文书号", "行政处罚决定书编号"}, codes: []string{"CF_WSH"}},
			{to: toTitle, heading: "处罚名称", gen: oldLayout, names: []string{"行政处罚名称", "案件名称"}, codes: []string{"CF_CFMC"}},
			{to: toBehaviour, heading: "违法行为类型", need: wanted, gen: newLayout, names: []string{"主要违法行为类型", "违法类型"}, codes: []string{"CF_WFXW"}},
			{to: toFacts, heading: "违法事实", need: must, names: []string{"主要违法事实", "处罚事由", "事由", "案由"}, codes: []string{"CF_SY"}},
			{to: toBasis, heading: "处罚依据", need: must, names: []string{"行政处罚依据", "依据", "法律依据"}, codes: []string{"CF_YJ"}},
			{to: toPenalties, heading: "处罚类别", need: must, names: []string{"行政处罚类别", "处罚种类", "行政处罚种类", "处罚类别1", "处罚类别一", "处罚决定种类"}, codes: []string{"CF_CFLB", "CF_CFLB1"}},
			{to: toPenalties2, heading: "处罚类别2", gen: oldLayout, names: []string{"处罚类别二"}, codes: []string{"CF_CFLB2"}},
			{to: toProcedure, heading: "案件程序类别", need: wanted, gen: newLayout, names: []string{"处罚程序", "程序类别", "行政处罚程序", "案件程序", "处罚程序类别"}, codes: []string{"CF_CXLB", "CF_AJCXLB"}},
			{to: toContent, heading: "处罚内容", need: must, names: []string{"处罚结果", "行政处罚内容", "行政处罚结果", "处罚决定内容"}, codes: []string{"CF_NR", "CF_JG"}},
			{to: toFine, heading: "罚款金额（万元）", need: useful, names: []string{"罚款金额", "处罚金额"}, codes: []string{"CF_NR_FK"}},
			{to: toConfiscated, heading: "没收违法所得、没收非法财物的金额（万元）", names: []string{"没收违法所得、没收非法财物的金额", "没收违法所得没收非法财物的金额", "没收金额", "没收违法所得金额", "没收违法所得或非法财物的金额"}, codes: []string{"CF_NR_WFFF"}},
			{to: toSeized, heading: "暂扣或吊销证照名称及编号", names: []string{"暂扣或吊销证照名称和编号"}, codes: []string{"CF_NR_ZKDX"}},
			{to: toDecided, heading: "处罚决定日期", need: must, names: []string{"行政处罚决定日期", "决定日期", "处罚日期", "行政处罚日期"}, codes: []string{"CF_JDRQ"}},
			{to: toUntil, heading: "处罚有效期", names: []string{"行政处罚有效期", "处罚有效期至", "有效期至"}, codes: []string{"CF_YXQ"}},
			{to: toPublicUntil, heading: "公示截止期", names: []string{"公示截止日期", "公示截至期", "公示期至"}, codes: []string{"CF_GSJZQ"}},
			{to: toAuthority, heading: "处罚机关", need: must, names: []string{"行政处罚机关", "处罚机关名称", "行政处罚机关名称", "处罚单位", "作出处罚机关", "行政机关"}, codes: []string{"CF_CFJG", "CF_XZJG"}},
			{to: toAuthorityCode, heading: "处罚机关统一社会信用代码", need: wanted, gen: newLayout, names: []string{"处罚机关代码", "行政处罚机关统一社会信用代码", "行政处罚机关代码"}, codes: []string{"CF_CFJGDM"}},
		}, closing("CF")),
	credit.Coercion: join(
		counterparty("QZ", "行政相对人名称"),
		[]column{
			{to: toDocNo, heading: "行政强制决定书文号", need: must, names: []string{"强制决定书文号", "决定书文号", "文书号", "行政强制文书号"}},
			{to: toTitle, heading: "行政强制名称", names: []string{"强制名称", "案件名称"}},
			{to: toCategory, heading: "行政强制种类", need: must, names: []string{"强制措施种类", "强制种类", "行政强制类别", "强制类别", "强制措施类型"}},
			{to: toFacts, heading: "行政强制事由", need: must, names: []string{"强制事由", "事由", "违法事实"}},
			{to: toBasis, heading: "行政强制依据", need: wanted, names: []string{"强制依据", "依据", "法律依据"}},
			{to: toContent, heading: "行政强制内容", need: wanted, names: []string{"强制内容", "强制措施内容", "内容"}},
			{to: toDecided, heading: "行政强制决定日期", need: must, names: []string{"强制决定日期", "决定日期", "强制日期"}},
			{to: toUntil, heading: "强制期限至", names: []string{"强制截止日期", "期限至"}},
			{to: toPublicUntil, heading: "公示截止期", names: []string{"公示截止日期"}},
			{to: toAuthority, heading: "强制机关", need: must, names: []string{"行政强制机关", "行政强制机关名称", "作出强制机关"}},
			{to: toAuthorityCode, heading: "强制机关统一社会信用代码", need: wanted, names: []string{"强制机关代码", "行政强制机关统一社会信用代码"}},
		}, closing("QZ")),
	credit.CriminalJudgment: join(
		counterparty("", "单位名称", "被告单位"),
		[]column{
			{to: toDocNo, heading: "案号", need: must, names: []string{"判决书案号", "判决书文号", "刑事判决书文号"}},
			{to: toBehaviour, heading: "罪名", need: must, names: []string{"判决罪名"}},
			{to: toFacts, heading: "犯罪事实", names: []string{"主要犯罪事实", "案由"}},
			{to: toBasis, heading: "判决依据", names: []string{"法律依据"}},
			{to: toContent, heading: "判决结果", need: must, names: []string{"判决内容", "判处刑罚"}},
			{to: toFine, heading: "罚金金额（万元）", names: []string{"罚金金额", "罚金"}},
			{to: toDecided, heading: "判决日期", need: must, names: []string{"判决作出日期", "生效日期", "判决生效日期"}},
			{to: toAuthority, heading: "审理法院", need: must, names: []string{"判决法院", "作出判决法院", "法院名称"}},
			{to: toAuthorityCode, heading: "审理法院统一社会信用代码", names: []string{"法院代码", "审理法院代码"}},
		}, closing("")),
	credit.SeriousList: join(
		counterparty("", "主体名称"),
		[]column{
			{to: toList, heading: "名单类型", need: must, names: []string{"名单名称", "严重失信主体名单类型", "失信名单类型", "数据类别"}},
			{to: toDocNo, heading: "列入决定文号", names: []string{"决定文号", "认定文号", "列入决定书文号", "认定文书号"}},
			{to: toFacts, heading: "列入原因", need: must, names: []string{"列入事由", "列入理由", "失信行为简况", "不良行为", "纳入理由", "认定依据（列入原因）", "认定原因"}},
			{to: toBasis, heading: "认定依据", names: []string{"列入依据", "法律依据"}},
			{to: toDecided, heading: "列入日期", need: must, names: []string{"认定日期", "列入时间", "认定时间"}},
			{to: toUntil, heading: "有效期至", names: []string{"有效期限", "有效期"}},
			{to: toPublicUntil, heading: "公示截止期", names: []string{"公示期", "公示截止日期"}},
			{to: toAuthority, heading: "认定部门", need: must, names: []string{"列入机关", "认定单位", "列入决定机关", "认定机关", "信息报送机关", "列入部门"}},
			{to: toAuthorityCode, heading: "认定部门统一社会信用代码", need: wanted, names: []string{"认定部门代码", "列入机关代码", "认定单位代码", "列入机关统一社会信用代码"}},
			{to: toRemoved, heading: "移出日期", names: []string{"移出时间"}},
			{to: toExtra, heading: "移出原因", names: []string{"移出事由"}},
			{to: toExtra, heading: "移出决定文号"},
			{to: toExtra, heading: "移出机关"},
		}, closing("")),
	credit.JudgmentDefaulter: join(
		counterparty("", "被执行人名称", "被执行人姓名/名称", "姓名/名称", "被执行人姓名或名称", "失信被执行人名称"),
		[]column{
			{to: toDocNo, heading: "案号", need: must, names: []string{"执行案号"}},
			{to: toBasis, heading: "执行依据文号", names: []string{"执行依据", "生效法律文书文号"}},
			{to: toExtra, heading: "做出执行依据单位", names: []string{"作出执行依据单位", "执行依据制作单位"}},
			{to: toContent, heading: "生效法律文书确定的义务", need: wanted, names: []string{"法律文书确定的义务"}},
			{to: toCategory, heading: "履行情况", names: []string{"被执行人的履行情况"}},
			{to: toBehaviour, heading: "失信行为具体情形", need: wanted, names: []string{"具体情形", "失信被执行人行为具体情形"}},
			{to: toExtra, heading: "已履行部分", names: []string{"已履行"}},
			{to: toExtra, heading: "未履行部分", names: []string{"未履行"}},
			{to: toDecided, heading: "立案时间", need: must, names: []string{"立案日期"}},
			{to: toFrom, heading: "发布时间", names: []string{"发布日期"}},
			{to: toUntil, heading: "有效期至", names: []string{"有效期限"}},
			{to: toAuthority, heading: "执行法院", need: must, names: []string{"执行法院名称", "执行单位"}},
			{to: toAuthorityCode, heading: "执行法院统一社会信用代码", names: []string{"执行法院代码"}},
			{to: toExtra, heading: "省份", names: []string{"地域"}},
			{to: toRemoved, heading: "移出日期", names: []string{"屏蔽日期", "删除日期"}},
		}, closing("")),
	credit.AbnormalList: join(
		counterparty("", "主体名称"),
		[]column{
			{to: toList, heading: "名录类型", names: []string{"名录名称"}},
			{to: toDocNo, heading: "列入决定书文号", names: []string{"列入决定文号", "决定文号"}},
			{to: toFacts, heading: "列入经营异常名录原因", need: must, names: []string{"列入异常名录原因", "列入原因类型名称", "列入原因", "列入经营异常名录原因类型名称"}},
			{to: toDecided, heading: "列入日期", need: must, names: []string{"列入时间"}},
			{to: toAuthority, heading: "列入决定机关", need: must, names: []string{"作出决定机关", "列入机关", "作出列入决定机关"}},
			{to: toAuthorityCode, heading: "列入决定机关统一社会信用代码", names: []string{"列入决定机关代码", "作出决定机关代码"}},
			{to: toRemoved, heading: "移出日期", names: []string{"移出时间"}},
			{to: toExtra, heading: "移出原因", names: []string{"移出经营异常名录原因"}},
			{to: toExtra, heading: "移出机关", names: []string{"移出决定机关", "作出移出决定机关"}},
		}, closing("")),
	credit.RedList: join(
		counterparty("", "主体名称", "纳税人名称"),
		[]column{
			{to: toList, heading: "荣誉类型", names: []string{"名单类型", "名单名称", "红名单类型", "数据类别"}},
			{to: toTitle, heading: "荣誉名称", need: must, names: []string{"荣誉内容", "文件名", "文件名称", "信用等级"}},
			{to: toDocNo, heading: "认定文号", names: []string{"文号", "证书编号", "荣誉证书编号"}},
			{to: toFacts, heading: "认定事由", names: []string{"认定依据", "授予事由"}},
			{to: toExtra, heading: "评价年度", names: []string{"年度"}},
			{to: toDecided, heading: "认定日期", need: must, names: []string{"认定时间", "授予日期", "等级认定时间"}},
			{to: toUntil, heading: "有效期至", names: []string{"有效期限", "有效期"}},
			{to: toAuthority, heading: "认定单位", need: must, names: []string{"认定部门", "授予单位", "认定机关"}},
			{to: toAuthorityCode, heading: "认定单位统一社会信用代码", names: []string{"认定单位代码", "认定部门代码"}},
			{to: toRemoved, heading: "移出日期", names: []string{"撤出日期"}},
		}, closing("")),
	credit.Registration: join(
		counterparty("", "主体名称", "市场主体名称"),
		[]column{
			{to: toCategory, heading: "主体类型", names: []string{"企业类型", "市场主体类型", "机构类型"}},
			{to: toContent, heading: "经营范围", names: []string{"业务范围"}},
			{to: toDecided, heading: "成立日期", need: must, names: []string{"设立日期", "注册日期"}},
			{to: toFrom, heading: "经营期限自", names: []string{"营业期限自"}},
			{to: toUntil, heading: "经营期限至", names: []string{"营业期限至"}},
			{to: toAuthority, heading: "登记机关", need: must, names: []string{"登记管理机关"}},
			{to: toAuthorityCode, heading: "登记机关统一社会信用代码", names: []string{"登记机关代码"}},
			{to: toExtra, heading: "住所", names: []string{"地址", "注册地址", "经营场所"}},
			{to: toExtra, heading: "注册资本"},
			{to: toExtra, heading: "登记状态", names: []string{"经营状态"}},
		}, closing("")),
	credit.Commitment: join(
		counterparty("", "承诺主体名称", "承诺人名称"),
		[]column{
			{to: toDocNo, heading: "承诺编号", names: []string{"承诺书编号"}},
			{to: toCategory, heading: "承诺类型", need: must, names: []string{"承诺类别"}},
			{to: toFacts, heading: "承诺事由", need: must, names: []string{"承诺事项"}},
			{to: toContent, heading: "承诺内容"},
			{to: toDecided, heading: "承诺作出日期", need: must, names: []string{"作出日期", "承诺日期"}},
			{to: toUntil, heading: "承诺有效期至", names: []string{"有效期至", "履约期限"}},
			{to: toAuthority, heading: "受理单位", need: must, names: []string{"承诺受理单位"}},
			{to: toAuthorityCode, heading: "受理单位统一社会信用代码", names: []string{"受理单位代码", "承诺受理单位统一社会信用代码"}},
			{to: toBehaviour, heading: "履约状态", names: []string{"履约践诺情况", "履行状态"}},
			{to: toBasis, heading: "违诺认定依据"},
		}, closing("")),
	credit.Catalogue: join(
		counterparty("", "主体名称"),
		[]column{
			{to: toCategory, heading: "目录信息类别", need: must, names: []string{"信息类别", "目录类别"}},
			{to: toTitle, heading: "信息名称", names: []string{"信息标题"}},
			{to: toDocNo, heading: "信息编号", names: []string{"文号", "编号"}},
			{to: toContent, heading: "信息内容", need: must, names: []string{"内容"}},
			{to: toBasis, heading: "归集依据"},
			{to: toDecided, heading: "认定日期", need: must, names: []string{"产生日期", "信息产生日期"}},
			{to: toUntil, heading: "有效期至", names: []string{"有效期限"}},
			{to: toAuthority, heading: "认定单位", need: must, names: []string{"信息产生单位", "认定部门"}},
			{to: toAuthorityCode, heading: "认定单位统一社会信用代码", names: []string{"信息产生单位统一社会信用代码", "认定单位代码"}},
		}, closing("")),
}

func join(parts ...[]column) (all []column) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// counterparty is the columns about the subject. The first extra names that begin with the prefix are
// codes of 法定代表人; the others are further headings of the name.
func counterparty(prefix, name string, more ...string) []column {
	names := []string{"行政相对人名称", "相对人名称", "行政相对人", "企业名称", "主体名称", "单位名称", "机构名称", "当事人名称", "当事人", "法人名称", "信用主体名称", "被处罚人", "被处罚单位", "姓名", "名称"}
	var legal []string
	for _, m := range more {
		if prefix != "" && len(m) > 2 && m[:2] == prefix {
			legal = append(legal, m)
		} else {
			names = append(names, m)
		}
	}
	code := func(suffixes ...string) (all []string) {
		if prefix == "" {
			return nil
		}
		for _, s := range suffixes {
			all = append(all, prefix+"_"+s)
		}
		return all
	}
	return []column{
		{to: toName, heading: name, need: must, names: names, codes: code("XDR_MC", "XDR")},
		{to: toClass, heading: "行政相对人类别", need: wanted, gen: newLayout, names: []string{"相对人类别", "主体类别", "行政相对人类型", "主体类型标识"}, codes: code("XDR_LB")},
		{to: toCode, heading: "统一社会信用代码", names: []string{"行政相对人代码_1", "行政相对人代码1", "代码_1", "代码1", "行政相对人统一社会信用代码", "社会信用代码", "信用代码", "主体代码", "纳税人识别号", "代码", "证号"}, codes: code("XDR_SHXYM")},
		{to: toRegistration, heading: "工商注册号", names: []string{"工商登记码", "工商登记号", "营业执照注册号", "注册号", "工商注册码"}, codes: code("XDR_GSZC", "XDR_GSDJ")},
		{to: toOrgCode, heading: "组织机构代码", names: []string{"机构代码"}, codes: code("XDR_ZZJG", "XDR_ZDM")},
		{to: toTaxNo, heading: "税务登记号", names: []string{"税务登记证号", "税号"}, codes: code("XDR_SWDJ")},
		{to: toInstitution, heading: "事业单位证书号", names: []string{"事业单位法人证书号"}, codes: code("XDR_SYDW")},
		{to: toSociety, heading: "社会组织登记证号", names: []string{"社会组织登记号", "社会组织证书号"}, codes: code("XDR_SHZZ")},
		{to: toLegalRep, heading: "法定代表人", need: wanted, names: []string{"法定代表人姓名", "法人代表", "法定代表人或负责人", "法定代表人（负责人）", "负责人", "主要负责人", "法定代表人/负责人", "法人"}, codes: legal},
		{to: toLegalRepIDType, heading: "法定代表人证件类型", names: []string{"法人证件类型"}, codes: code("FR_ZJLX")},
		{to: toLegalRepID, heading: "法定代表人证件号码", names: []string{"法人证件号码", "法定代表人身份证号", "法定代表人身份证号码", "法定代表人证件号", "法定代表人居民身份证号"}, codes: code("FR_ZJHM", "FR_SFZH")},
		{to: toPersonIDType, heading: "证件类型", names: []string{"自然人证件类型", "行政相对人证件类型"}, codes: code("XDR_ZJLX")},
		{to: toPersonID, heading: "证件号码", names: []string{"自然人证件号码", "居民身份证号", "身份证号", "身份证号码", "公民身份号码", "行政相对人证件号码", "居民身份证号码", "自然人身份证号", "证件号"}, codes: code("XDR_ZJHM", "XDR_SFZ")},
	}
}

// closing is the columns at the end of every layout.
func closing(prefix string) []column {
	code := func(suffixes ...string) (all []string) {
		if prefix == "" {
			return nil
		}
		for _, s := range suffixes {
			all = append(all, prefix+"_"+s)
		}
		return all
	}
	return []column{
		{to: toClaim, heading: "当前状态", names: []string{"状态"}, codes: code("ZT")},
		{to: toPublicState, heading: "公示状态"},
		{to: toRepaired, heading: "修复日期", names: []string{"信用修复日期", "修复时间"}},
		{to: toAnnulled, heading: "撤销日期", names: []string{"撤销时间"}},
		{to: toProvider, heading: "数据来源单位", need: wanted, gen: newLayout, names: []string{"数据来源", "来源单位"}, codes: code("SJLY", "LYDW")},
		{to: toProviderCode, heading: "数据来源单位统一社会信用代码", need: wanted, gen: newLayout, names: []string{"数据来源单位代码", "来源单位代码"}, codes: code("SJLYDM", "LYDWDM")},
		{to: toDomain, heading: "所属领域", names: []string{"领域", "行业领域"}},
		{to: toRegion, heading: "地方编码", names: []string{"行政区划代码", "区划代码", "机关所属地区"}, codes: []string{"DFBM"}},
		{to: toRemark, heading: "备注", codes: []string{"BZ"}},
		{to: toExtra, heading: "信息使用范围", names: []string{"使用范围"}, codes: code("SYFW")},
		{to: toExtra, heading: "时间戳", names: []string{"数据更新时间戳"}, codes: []string{"SJC"}},
	}
}
