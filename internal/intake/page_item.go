package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
)

// itemTypes are the desks, in the order of their tabs.
var itemTypes = []ItemType{Attachment, Duplicate, Reconcile, Removal}

// itemView is a question with the names that people know.
type itemView struct {
	Item
	Name string // of the subject
	When time.Time
}

// Path is the address of the question.
func (i itemView) Path() string {
	return "/questions/" + string(i.Type) + "/" + url.PathEscape(string(i.Subject)) + "/" + i.ID
}

type itemsData struct {
	Type  ItemType
	Types []ItemType
	Items []itemView
	Next  string
}

// itemsPage is how many questions a page lists.
const itemsPage = 30

// mayDecide tells whether the caller answers questions of a type: a clerk only whether entries left its
// own list.
func mayDecide(p account.Principal, t ItemType) bool { return p.Has(account.Centre) || t == Removal }

// listItems lists the open questions of one desk, oldest first.
func (d *desk) listItems(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	data := itemsData{Type: ItemType(r.URL.Query().Get("type"))}
	for _, t := range itemTypes {
		if mayDecide(account.From(ctx), t) {
			data.Types = append(data.Types, t)
		}
	}
	if !slices.Contains(data.Types, data.Type) {
		data.Type = data.Types[0]
	}
	sc, err := d.scope(ctx)
	if err != nil {
		return err
	}
	items, err := d.itemsOf(ctx, sc, data.Type, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if len(items) > itemsPage {
		last := items[itemsPage-1]
		items = items[:itemsPage]
		data.Next = "/questions?type=" + string(data.Type) + "&after=" + url.QueryEscape(fmt.Sprintf("%d.%s", last.Opened, last.Place()))
	}
	for _, it := range items {
		s, _, err := d.ledger.Subject(ctx, it.Subject)
		if err != nil {
			return err
		}
		data.Items = append(data.Items, itemView{it, s.Name, at(it.Opened)})
	}
	return d.pages.Render(w, r, http.StatusOK, "intake_items", data)
}

// itemsOf reads a page of questions and one more.
func (d *desk) itemsOf(ctx context.Context, sc scope, t ItemType, after string) ([]Item, error) {
	opened, place, _ := strings.Cut(after, ".")
	ms, _ := strconv.ParseInt(opened, 10, 64) // anything else starts at the oldest
	if sc.region {
		return d.itemsWithin(ctx, t, ms, place)
	}
	if sc.all {
		return d.OpenItems(ctx, t, ms, place, itemsPage+1)
	}
	var all []Item
	for _, src := range sc.sources {
		some, err := d.OpenItemsOf(ctx, t, src.ID, ms, place, itemsPage+1)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.Place(), b.Place())) })
	return all[:min(len(all), itemsPage+1)], nil
}

// itemsWithin reads a page of the questions on subjects in the caller's region and one more, whoever raised them.
func (d *desk) itemsWithin(ctx context.Context, t ItemType, opened int64, place string) (all []Item, err error) {
	known := map[credit.Key]bool{}
	for {
		items, err := d.OpenItems(ctx, t, opened, place, itemsBatch)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			ok, asked := known[it.Subject]
			if !asked {
				if ok, err = d.reaches(ctx, it.Subject); err != nil {
					return nil, err
				}
				known[it.Subject] = ok
			}
			if ok {
				all = append(all, it)
			}
			if len(all) > itemsPage {
				return all, nil
			}
		}
		if len(items) < itemsBatch {
			return all, nil
		}
		opened, place = items[itemsBatch-1].Opened, items[itemsBatch-1].Place()
	}
}

// itemsBatch is how many questions are read at once to find those of a region.
const itemsBatch = 200

// party is one of the two subjects of a question.
type party struct {
	Key     credit.Key
	Name    string
	Names   []string
	Class   credit.SubjectClass
	Known   bool
	Check   string // what the check of its code says
	Matters int
	Place   string // 住所 of its registration
	Legal   string // 法定代表人
}

// said is the row that raised a question, side by side with what is on record.
type said struct {
	From   string
	Fields []saidField
}

type saidField struct{ Label, Value string }

type itemData struct {
	itemView
	From     string // of the source
	Subject  party
	Other    *party
	Row      []said
	Events   []ledger.Fact
	Similar  []saidField // number and day of other matters of the kind
	Outcomes []page.Option
	Form     page.Form
	Answer   *answer
	AnswerAt time.Time
}

// item finds the question of an address among those that the caller may see.
func (d *desk) item(r *http.Request) (Item, Source, error) {
	ctx := r.Context()
	it, err := d.Item(ctx, credit.Key(r.PathValue("subject")), r.PathValue("id"))
	if errors.Is(err, ErrItemUnknown) || err == nil && (string(it.Type) != r.PathValue("type") || !mayDecide(account.From(ctx), it.Type)) {
		return it, Source{}, outside()
	}
	if err != nil {
		return it, Source{}, err
	}
	sc, err := d.scope(ctx)
	if err != nil {
		return it, Source{}, err
	}
	if sc.region { // whoever raised it
		if err := d.reached(ctx, it.Subject); err != nil {
			return it, Source{}, err
		}
		src, err := d.SourceByID(ctx, it.Source)
		return it, src, err
	}
	src, ok := sc.source(it.Source)
	if !ok {
		return it, Source{}, outside()
	}
	return it, src, nil
}

// showItem shows a question: both subjects side by side, and what was said.
func (d *desk) showItem(w http.ResponseWriter, r *http.Request) error {
	it, src, err := d.item(r)
	if err != nil {
		return err
	}
	if err := d.looked(r.Context(), it.Subject, audit.View); err != nil {
		return err
	}
	return d.itemPage(w, r, http.StatusOK, it, src, page.Form{})
}

func (d *desk) itemPage(w http.ResponseWriter, r *http.Request, status int, it Item, src Source, f page.Form) (err error) {
	ctx := r.Context()
	data := itemData{itemView: itemView{Item: it, When: at(it.Opened)}, From: src.Name, Form: f}
	sc, err := d.scope(ctx)
	if err != nil {
		return err
	}
	facts := map[credit.Key][]ledger.Fact{}
	if data.Subject, facts[it.Subject], err = d.party(ctx, sc, it.Subject); err != nil {
		return err
	}
	data.Name = data.Subject.Name
	under := it.Subject
	if it.Other != "" {
		var other party
		if other, facts[it.Other], err = d.party(ctx, sc, it.Other); err != nil {
			return err
		}
		data.Other, under = &other, it.Other
	}
	if data.Row, err = d.words(ctx, facts[under], it.Matter); err != nil {
		return err
	}
	data.Events, data.Similar = around(facts[under], it)
	for _, o := range Outcomes(it.Type) {
		data.Outcomes = append(data.Outcomes, page.Option{Value: o, Label: "items." + string(it.Type) + "." + o})
	}
	if it.Closed != 0 {
		if data.Answer, err = readAnswer(it.Outcome); err != nil {
			return err
		}
		data.AnswerAt = at(it.Closed)
	}
	return d.pages.Render(w, r, status, "intake_item", data)
}

// maxSimilar is how many matters of the same kind a question shows.
const maxSimilar = 10

// around is what happened to the matter of a question and, where it may be a repetition, what else of
// its kind the subject has.
func around(facts []ledger.Fact, it Item) (events []ledger.Fact, similar []saidField) {
	var kind credit.Kind
	for i := range facts {
		switch f := &facts[i]; {
		case f.Matter != it.Matter:
		case f.Op == ledger.OpEvent:
			events = append(events, *f)
		default:
			kind = f.Kind
		}
	}
	seen := map[credit.MatterID]bool{it.Matter: true}
	for i := range facts {
		f := &facts[i]
		if it.Type != Duplicate || f.Op != ledger.OpAssertion || f.Kind != kind || seen[f.Matter] || len(similar) == maxSimilar {
			continue
		}
		seen[f.Matter] = true
		similar = append(similar, saidField{cmp.Or(f.Record.DocNo, f.Record.Title, kind.Chinese()), strings.Trim(dateText(f.Record.Decided)+" "+f.Record.Authority, " ")})
	}
	return events, similar
}

// own keeps of a subject's facts what its caller may see: what its own sources said, and what happened to
// those matters but for what others took back or corrected of their words.
func (sc scope) own(facts []ledger.Fact) []ledger.Fact {
	if sc.centre {
		return facts
	}
	mine := map[credit.MatterID]bool{}
	return slices.DeleteFunc(facts, func(f ledger.Fact) bool {
		source := f.Source
		if f.Op == ledger.OpEvent {
			if source = f.Event.Source; source == 0 {
				return !mine[f.Matter]
			}
		}
		_, ok := sc.source(source)
		mine[f.Matter] = mine[f.Matter] || ok && f.Op == ledger.OpAssertion
		return !ok
	})
}

// party reads what the caller may know of a subject, and the facts it may see.
func (d *desk) party(ctx context.Context, sc scope, key credit.Key) (party, []ledger.Fact, error) {
	p := party{Key: key}
	s, known, err := d.ledger.Subject(ctx, key)
	if err != nil {
		return p, nil, err
	}
	facts, err := d.ledger.Read(ctx, key)
	if err != nil {
		return p, nil, err
	}
	facts = sc.own(facts)
	st := ledger.Fold(key, facts, 0, d.today())
	p.Name, p.Class, p.Known, p.Names, p.Matters = s.Name, s.Class, known, st.Names, len(st.Matters)
	if key.Scheme() == "" {
		p.Check = credit.CheckUSCC(string(key)).Reason
	}
	for _, m := range st.Matters {
		if m.Record.LegalRep != "" {
			p.Legal = m.Record.LegalRep
		}
		for _, x := range m.Record.Extra {
			if x.Heading == "住所" {
				p.Place = x.Text
			}
		}
	}
	return p, facts, nil
}

// words is what each source said last of a matter.
func (d *desk) words(ctx context.Context, facts []ledger.Fact, matter credit.MatterID) ([]said, error) {
	var all []said
	for i := range facts {
		f := &facts[i]
		if f.Matter != matter || f.Op != ledger.OpAssertion {
			continue
		}
		src, err := d.SourceByID(ctx, f.Source)
		if err != nil {
			return nil, err
		}
		r := &f.Record
		w := said{From: src.Name}
		for _, x := range []saidField{{"名称", r.Name}, {"统一社会信用代码", r.Code}, {"法定代表人", r.LegalRep}, {"文号", r.DocNo}, {"名单", r.List},
			{"决定日期", dateText(r.Decided)}, {"机关", r.Authority}, {"类别", r.Penalties.Chinese()}, {"事由", r.Facts}, {"内容", r.Content}} {
			if x.Value != "" {
				w.Fields = append(w.Fields, x)
			}
		}
		all = append(all, w)
	}
	return all, nil
}

func dateText(d credit.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// decide answers a question.
func (d *desk) decide(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	it, src, err := d.item(r)
	if err != nil {
		return err
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	p := account.From(ctx)
	err = d.Decide(ctx, Decision{Subject: it.Subject, ID: it.ID, Outcome: f.Get("outcome"), Reason: f.Get("reason"), By: p.Login, Actor: audit.Actor(p.Actor())})
	if err == nil {
		return see(w, r, itemView{Item: it}.Path())
	}
	form := page.Form{Values: f}
	if !take(&form, language(r), err) {
		return err
	}
	status := http.StatusUnprocessableEntity
	if errors.Is(err, ErrItemClosed) {
		status = http.StatusConflict
	}
	return d.itemPage(w, r, status, it, src, form)
}
