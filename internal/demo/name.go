package demo

import "slices"

// The characters of trade names (字号): words of water, ships and trees, so that the names sound of
// the place and of no firm that exists.
var (
	nameFirst  = []rune("汀澜岫樾砚霁漪筠栖沅泓湄渡浦屿礁岬汐帆桅锚缆棹泊榕槐枫荻苇蓼")
	nameSecond = []rune("舷舻橹篷埠汊湾滩洲渚泽涧溪瀑霖霭岚岑峦岱岩磐砾砺珩璞珈琅琮瑾屿桁")
	nameThird  = []rune("一元三合四方同和丰裕兴顺安宁远通达明")
	rareFirst  = []rune("䶮㛃𬭎")
)

const (
	pairs   = 30 * 32
	triples = 30 * 32 * 18
	words   = pairs + triples
)

var (
	nameForms  = []string{"有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "实业有限公司"}
	nameStyles = 6
)

// appendName writes the name of the i-th firm. Trade name, style of the place and legal form
// together are a one-to-one image of i, so that no two firms share a name.
func appendName(dst []byte, i int, p *Place, t *trade) []byte {
	word, round := i%words, i/words
	variant := (round + word*7) % (len(nameForms) * nameStyles)
	form, style := nameForms[variant%len(nameForms)], variant/len(nameForms)
	switch style {
	case 0, 3:
		dst = append(dst, p.Name...)
	case 1, 4:
		dst = append(dst, p.Short...)
	case 5:
		dst = append(dst, LanhaiProvince.Name...)
	}
	dst = appendWord(dst, word, i%211 == 97)
	if style == 2 || style >= 3 {
		dst = append(dst, styleMarks[style]...)
	}
	dst = append(dst, t.words[i%len(t.words)]...)
	if i%257 == 131 {
		dst = append(dst, "仓储装卸与多式联运一体化综合服务及供应链管理（集团）"...)
	}
	return append(dst, form...)
}

// styleMarks stand behind the trade name, in full-width brackets as on licences.
var styleMarks = []string{2: "（岚海）", 3: "（临港）", 4: "（南区）", 5: "（省直）"}

func appendWord(dst []byte, word int, rare bool) []byte {
	if rare {
		dst = append(dst, string(rareFirst[word%3])...)
	}
	first, rest := word%30, word/30
	if word >= pairs {
		first, rest = (word-pairs)%30, (word-pairs)/30
	}
	dst = append(dst, string(nameFirst[first])...)
	dst = append(dst, string(nameSecond[rest%32])...)
	if word >= pairs {
		dst = append(dst, string(nameThird[rest/32])...)
	}
	return dst
}

// otherNames are the ends of the names of those who are no firms, by the first two characters of
// their codes.
var otherNames = map[string][]string{
	"12": {"检验检测中心", "公益服务中心"},
	"51": {"商会", "行业协会"},
	"52": {"职业培训学校", "养老服务中心"},
	"53": {"公益基金会"},
}

// tradersEnds are what an individual trader's (个体工商户) name ends with, by trade.
func traderEnd(t *trade) string {
	i := slices.Index([]string{"catering", "retail", "road", "food", "clinic", "aqua", "agri"}, t.ID)
	if i < 0 {
		return t.words[0] + "经营部"
	}
	return []string{"小吃店", "便利店", "货运部", "食品店", "药店", "水产摊", "农资店"}[i]
}
