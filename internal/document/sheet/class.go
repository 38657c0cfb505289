package sheet

// class is how a character behaves at the ends of lines.
type class uint8

const (
	ideograph class = iota // breaks on both sides
	letter                 // letters and figures: words stay whole
	space
	opening   // never ends a line
	closing   // never begins a line
	joiner    // never breaks
	connector // — … : pairs stay together
	control   // not printed
)

// classOf sorts characters; the order of tests follows how often they come.
func classOf(r rune) class {
	switch {
	case r >= 0x4E00 && r <= 0x9FFF:
		return ideograph
	case r < 0x80:
		return asciiClass(r)
	case r < 0x2000:
		return latinClass(r)
	}
	switch r {
	case '，', '。', '、', '；', '：', '！', '？', '）', '】', '》', '〉', '」', '』', '〕', '〗', '”', '’', '％', '‰', '℃', '］', '｝', '～', '·', '々', 'ー':
		return closing
	case '（', '【', '《', '〈', '「', '『', '〔', '〖', '“', '‘', '［', '｛', '￥', '№':
		return opening
	case '—', '…', '⸺', '―':
		return connector
	case 0x2060, 0x202F, 0xFEFF:
		return joiner
	case 0x3000, 0x2002, 0x2003:
		return space
	case '–', '‐', '‑':
		return letter
	}
	if r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF || r >= 0x200B && r <= 0x200D {
		return control
	}
	return ideograph
}

func asciiClass(r rune) class {
	switch r {
	case ' ', '\t':
		return space
	case '(', '[', '{':
		return opening
	case ')', ']', '}', ',', '.', ';', ':', '!', '?', '%':
		return closing
	}
	return letter
}

func latinClass(r rune) class {
	switch r {
	case 0xA0:
		return joiner
	case '·', '°':
		return closing
	}
	return letter
}

// halfBlank reports whether half of a full-width mark is blank: its right half when it closes, left when it opens.
func halfBlank(r rune) bool {
	switch r {
	case '，', '。', '、', '；', '：', '）', '】', '》', '〉', '」', '』', '〕', '〗', '（', '【', '《', '〈', '「', '『', '〔', '〖', '“', '”', '‘', '’':
		return true
	}
	return false
}

// unit reports whether a character belongs to the figure before it.
func unit(r rune) bool {
	switch r {
	case '号', '年', '月', '日', '时', '分', '秒', '元', '万', '亿', '条', '项', '页', '件', '份', '个', '款', '章', '次', '类', '户':
		return true
	}
	return false
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// breakLevel is how well a line may end between a and b: 2 well, 1 only inside a token longer than the line, 0 not
// at all unless nothing else is left.
func breakLevel(a, b *cluster) int {
	if b.class == space || b.class == control || a.class == joiner || b.class == joiner {
		return 0
	}
	if a.noBreak && b.noBreak && a.run == b.run {
		return max(0, natural(a, b)-1)
	}
	return natural(a, b)
}

func natural(a, b *cluster) int {
	if a.class == space {
		return 2
	}
	if a.class == opening || b.class == closing || a.class == connector && b.class == connector {
		return 0
	}
	if a.class == letter && b.class == letter {
		return inToken(a)
	}
	if a.class == closing && a.r < 0x80 && b.class == letter {
		return 1
	}
	return ofNumber(a, b)
}

// ofNumber keeps figures with their units and document numbers 〔2025〕12号 whole.
func ofNumber(a, b *cluster) int {
	switch {
	case digit(a.r) && unit(b.r), a.r == '〕' && (digit(b.r) || b.r == '第'), a.r == '第' && digit(b.r):
		return 1
	case a.r == ')' && b.class == letter, a.class == letter && b.r == '(':
		return 1
	}
	return 2
}

// inToken prefers the joints of addresses and codes.
func inToken(a *cluster) int {
	switch a.r {
	case '-', '/', '_', '.', '?', '&', '=', '@', ':':
		return 1
	}
	if a.class != letter {
		return 1
	}
	return 0
}
