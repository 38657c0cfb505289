package credit

// Amount is money that may be absent: a source that gives no amount has not said zero.
type Amount struct {
	Fen   Fen
	Known bool
}

// Standing of a matter as a source itself states it (当前状态). These are claims of that source;
// what counts is folded from the assertions and events of the ledger.
type ClaimedState uint8

// The claimed states, numbered as the exchange code list 0-3.
const (
	ClaimNormal   ClaimedState = 0 // 正常
	ClaimAnnulled ClaimedState = 1 // 撤销
	ClaimDisputed ClaimedState = 2 // 异议
	ClaimOther    ClaimedState = 3 // 其他
)

// Field is one column of a row that the vocabulary does not know, under its heading as received.
type Field struct {
	Heading string
	Text    string
}

// Record is what one source said about one matter in one row, in normal form: trimmed, half-width,
// codes upper case, dates and money parsed. A zero field means that the source did not say. Identity
// numbers of persons are never in a Record; the ledger keeps them sealed.
type Record struct {
	Kind  Kind
	Class SubjectClass // 行政相对人类别

	Name         string // 行政相对人名称
	Code         string // 统一社会信用代码
	OrgCode      string // 组织机构代码
	Registration string // 工商注册号
	TaxNo        string // 税务登记号
	Institution  string // 事业单位证书号
	Society      string // 社会组织登记证号
	LegalRep     string // 法定代表人

	DocNo     string // 决定书文号, 案号, 证书编号: the number by which people cite the matter
	Part      string // part of a decision that has several, such as “1/2”
	Title     string // 决定文书名称, 处罚名称, 荣誉名称
	LicenceNo string // 许可编号
	Licence   string // 许可证书名称
	Category  string // 许可类别, 承诺类型, 目录信息类别

	Behaviour string // 违法行为类型
	Facts     string // 违法事实, 列入原因, 承诺事由
	Basis     string // 依据
	Content   string // 处罚内容, 许可内容
	Seized    string // 暂扣或吊销证照名称及编号

	Penalties   PenaltyKinds // 处罚类别
	Procedure   Procedure    // 案件程序类别
	Fine        Amount       // 罚款金额
	Confiscated Amount       // 没收违法所得、没收非法财物的金额

	Decided     Date // 决定日期, 列入日期, 立案日期, 作出日期
	From        Date // 有效期自
	Until       Date // 有效期至, 处罚有效期
	Forever     bool // 有效期“长期”, written 长期 or as a year from 2099
	PublicUntil Date // 公示截止期: a claim of the source, never the window itself
	Removed     Date // 移出日期
	Repaired    Date // 修复日期
	Annulled    Date // 撤销日期

	Authority     string // 处罚机关, 许可机关, 认定部门
	AuthorityCode string // its 统一社会信用代码
	Provider      string // 数据来源单位
	ProviderCode  string // its 统一社会信用代码

	List   string       // 名单类型
	Claim  ClaimedState // 当前状态
	Domain string       // 领域 as labelled by the source: a claim
	Region string       // 地方编码
	Remark string       // 备注

	Extra []Field // columns that the vocabulary does not know
}
