package demo

import (
	"fmt"
	"strconv"
	"strings"
)

// A template is a sentence of the text library, compiled into pieces that append bytes. It may hold
//
//	{name} {trade} {scene} {good} {gear} {post}   words of the subject and its trade
//	{person} {plate} {batch} {time} {year}         plainly fictional people, plates, batch numbers, hours; the year of the inspection
//	{inspected} {date} {later}                     the day of the inspection, one before it, one between it and the decision
//	{3~40} {0.5~86.0}                              a number of the range
//	[甲|乙|丙]                                      any one of them; the alternatives may hold the above
type template struct{ pieces []piece }

type piece struct {
	kind    byte
	literal []byte
	lo, hi  int
	choices []template
}

const (
	pieceLiteral = iota
	pieceName
	pieceTrade
	pieceScene
	pieceGood
	pieceGear
	piecePost
	piecePerson
	piecePlate
	pieceBatch
	pieceDate
	pieceTime
	pieceInspected
	pieceLater
	pieceYear
	pieceNumber
	pieceDecimal
	pieceChoice
)

var pieceNames = map[string]byte{
	"name": pieceName, "trade": pieceTrade, "scene": pieceScene, "good": pieceGood, "gear": pieceGear, "post": piecePost,
	"person": piecePerson, "plate": piecePlate, "batch": pieceBatch, "date": pieceDate, "time": pieceTime,
	"inspected": pieceInspected, "later": pieceLater, "year": pieceYear,
}

// scene is what a template speaks of: the subject, its trade and the days of the case.
type scene struct {
	lib   *library
	name  []byte
	trade *trade
	// decided and inspected are days as places in the calendar, so that "some days before" is a subtraction.
	decided, inspected int
}

// setDay sets the day of the decision; the inspection was three weeks to three months before.
func (s *scene) setDay(decided, salt int) {
	s.decided = decided
	s.inspected = max(0, decided-20-(salt*13+decided*7)%70)
}

func compile(text string) (template, error) {
	var t template
	for text != "" {
		i := strings.IndexAny(text, "{[")
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			t.pieces = append(t.pieces, piece{literal: []byte(text[:i])})
			text = text[i:]
			continue
		}
		closing := byte('}')
		if text[0] == '[' {
			closing = ']'
		}
		end := strings.IndexByte(text, closing)
		if end < 0 {
			return t, fmt.Errorf("demo: %q has an open bracket", text)
		}
		p, err := compileSlot(text[0], text[1:end])
		if err != nil {
			return t, err
		}
		t.pieces = append(t.pieces, p)
		text = text[end+1:]
	}
	return t, nil
}

func compileSlot(open byte, inner string) (piece, error) {
	if open == '[' {
		p := piece{kind: pieceChoice}
		for _, alternative := range strings.Split(inner, "|") {
			t, err := compile(alternative)
			if err != nil {
				return p, err
			}
			p.choices = append(p.choices, t)
		}
		return p, nil
	}
	if kind, ok := pieceNames[inner]; ok {
		return piece{kind: kind}, nil
	}
	lo, hi, ok := strings.Cut(inner, "~")
	p := piece{kind: pieceNumber}
	if strings.Contains(inner, ".") {
		p.kind = pieceDecimal
		lo, hi = strings.Replace(lo, ".", "", 1), strings.Replace(hi, ".", "", 1)
	}
	var err1, err2 error
	p.lo, err1 = strconv.Atoi(lo)
	p.hi, err2 = strconv.Atoi(hi)
	if !ok || err1 != nil || err2 != nil || p.hi < p.lo {
		return p, fmt.Errorf("demo: {%s} is neither a word nor a range", inner)
	}
	return p, nil
}

// appendTo writes the sentence.
func (t *template) appendTo(dst []byte, r *random, s *scene) []byte {
	for i := range t.pieces {
		p := &t.pieces[i]
		switch p.kind {
		case pieceLiteral:
			dst = append(dst, p.literal...)
		case pieceName:
			dst = append(dst, s.name...)
		case pieceTrade:
			dst = append(dst, s.trade.Name...)
		case pieceScene:
			dst = s.trade.sceneTexts[r.below(len(s.trade.sceneTexts))].appendTo(dst, r, s)
		case pieceGood:
			dst = append(dst, pick(r, s.trade.goods)...)
		case pieceGear:
			dst = append(dst, pick(r, s.trade.gear)...)
		case piecePost:
			dst = append(dst, pick(r, s.trade.posts)...)
		case piecePerson:
			dst = append(dst, s.lib.people[r.below(persons)]...)
		case piecePlate:
			dst = appendPlate(dst, r.next())
		case pieceBatch:
			dst = appendBatch(dst, r.next())
		case pieceDate:
			dst = append(dst, s.lib.days[max(0, s.inspected-3-r.below(150))]...)
		case pieceInspected:
			dst = append(dst, s.lib.days[s.inspected]...)
		case pieceLater:
			dst = append(dst, s.lib.days[s.inspected+1+r.below(max(1, s.decided-s.inspected-1))]...)
		case pieceYear:
			dst = append(dst, s.lib.days[s.inspected][:4]...)
		case pieceTime:
			dst = strconv.AppendInt(dst, int64(7+r.below(13)), 10)
			dst = append(dst, "时"...)
			dst = strconv.AppendInt(dst, int64(1+r.below(59)), 10)
			dst = append(dst, "分"...)
		case pieceNumber:
			dst = strconv.AppendInt(dst, int64(r.between(p.lo, p.hi)), 10)
		case pieceDecimal:
			n := r.between(p.lo, p.hi)
			dst = strconv.AppendInt(dst, int64(n/10), 10)
			dst = append(dst, '.', byte('0'+n%10))
		case pieceChoice:
			dst = p.choices[r.below(len(p.choices))].appendTo(dst, r, s)
		}
	}
	return dst
}

func appendPlate(dst []byte, bits uint64) []byte {
	const set = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	dst = append(dst, "演A"...)
	for range 5 {
		dst = append(dst, set[bits%34])
		bits /= 34
	}
	return dst
}

func appendBatch(dst []byte, bits uint64) []byte {
	const set = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	dst = append(dst, 'Y', 'S', set[bits%24], set[bits/24%24], '-')
	bits /= 576
	for range 8 {
		dst = append(dst, byte('0'+bits%10))
		bits /= 10
	}
	return dst
}
