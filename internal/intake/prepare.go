package intake

import (
	"context"
	"errors"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
	"xinban/internal/ledger"
)

// prepared is one row with its verdict so far: on its way into the ledger, or quarantined.
type prepared struct {
	in       ledger.Incoming
	findings []FileFinding
	cells    []string // of a quarantined row, sealed where they hold identity numbers
	weak     bool     // too little to identify the matter for sure
	doubtful bool     // the code fails its check: its name may be another's
	late     [2]bool
	ref      string       // of a mended row: where it stands in quarantine
	numbers  []credit.Key // legacy numbers of a row without a code, by which its subject is found when the rows before it are in
}

func (p *prepared) blocked() bool { return p.cells != nil }

// preparer turns rows into prepared rows; it belongs to one worker.
type preparer struct {
	j      *loading
	pack   *ledger.Packer
	out    normal.Out
	organs map[organQuery]string
	arena  []byte
	seen   map[string]bool         // domains of accepted rows
	late   map[credit.Date][2]bool // by day of decision, of which a file has some thousands at most

	// rows whose subject is still to be looked up, together
	persons       []*prepared
	personNumbers []string
}

func (j *loading) newPreparer() *preparer {
	return &preparer{j: j, pack: j.s.ledger.NewPacker(), organs: map[organQuery]string{}, seen: map[string]bool{}, late: map[credit.Date][2]bool{}}
}

func (j *loading) work(ctx context.Context, chunks <-chan *chunk) error {
	p := j.newPreparer()
	for c := range chunks {
		rows := make([]prepared, len(c.rows))
		for i := range c.rows {
			if err := p.read(ctx, &c.rows[i], &rows[i]); err != nil {
				return err
			}
		}
		if err := p.resolve(ctx); err != nil {
			return err
		}
		c.out <- rows
	}
	p.j.sawDomains(p.seen)
	return nil
}

// row prepares a single row.
func (p *preparer) row(ctx context.Context, row *read.Row, to *prepared) error {
	if err := p.read(ctx, row, to); err != nil {
		return err
	}
	if err := p.resolve(ctx); err != nil || to.numbers == nil {
		return err
	}
	keys, err := p.j.s.ledger.LegacyKeys(ctx, [][]credit.Key{to.numbers})
	if err == nil {
		to.in.Key = keys[0]
	}
	return err
}

// read prepares a row but for the key of a subject that must be looked up: of persons [preparer.resolve] does it, of
// organisations [run.lead].
func (p *preparer) read(ctx context.Context, row *read.Row, to *prepared) error {
	to.in.Row = int64(row.Number)
	if c := p.j.refs; c >= 0 && c < len(row.Cells) {
		to.ref = row.Cells[c]
		var err error
		if row.Cells, err = p.restore(ctx, to.ref, row.Cells); err != nil {
			return err
		}
	}
	if row.Err != nil {
		p.fault(row, to)
		return nil
	}
	p.j.layout.Row(row.Cells, &p.out)
	rec := &p.out.Record
	settle(rec)
	blocked := p.keepFindings(row, to)
	cells := p.seal(row.Cells)
	if blocked {
		to.cells = cells
		return nil
	}
	if err := p.key(rec, to); err != nil {
		return err
	}
	matter, strong := p.matter(rec)
	to.weak = !strong
	to.in.Class, to.in.Name, to.in.Kind = rec.Class, rec.Name, rec.Kind
	if rec.Kind == credit.Registration {
		to.in.Aliases = ledger.Aliases(rec)
	}
	to.in.Matter, to.in.Effective = matter, rec.Decided
	to.late = p.lateness(rec)
	raw := ledger.Raw{Layout: p.j.layoutID, Cells: cells}
	if cap(p.arena)-len(p.arena) < 64<<10 {
		p.arena = make([]byte, 0, 1<<20)
	}
	at := len(p.arena)
	p.arena, to.in.Digest = p.pack.Pack(p.arena, rec, &raw, p.j.tags)
	to.in.Body = p.arena[at:len(p.arena):len(p.arena)]
	return nil
}

// codeCheck is the finding of a code whose check character does not match.
const codeCheck = "code_check"

// volatile headings say when a system exported a row and nothing of the matter.
var volatile = map[string]bool{"时间戳": true, "更新时间": true, "入库时间": true, "导出时间": true}

// settle takes out of the record what changes from one export to the next; the row as received keeps it.
func settle(r *credit.Record) {
	r.Extra = slices.DeleteFunc(r.Extra, func(f credit.Field) bool { return volatile[f.Heading] })
}

// fault quarantines a row that could not be read.
func (p *preparer) fault(row *read.Row, to *prepared) {
	f := FileFinding{Row: int64(row.Number), Code: "unreadable_row", Message: row.Err.Error(), Block: true}
	var fault *read.Fault
	if errors.As(row.Err, &fault) {
		f.Code, f.Message, f.Fix = fault.Code, fault.Message(), fault.Fix()
	}
	to.findings = []FileFinding{f}
	p.out.SealedColumns = p.j.layout.SealedIn(row.Cells)
	to.cells = p.seal(row.Cells)
	if to.cells == nil {
		to.cells = []string{}
	}
}

func (p *preparer) keepFindings(row *read.Row, to *prepared) (blocked bool) {
	for _, f := range p.out.Findings {
		to.findings = append(to.findings, FileFinding{Row: int64(row.Number), Field: f.Field, Code: f.Code,
			Message: f.Message, Fix: f.Fix, Block: f.Block})
		blocked = blocked || f.Block
		to.doubtful = to.doubtful || f.Code == codeCheck
	}
	return blocked
}

// seal encrypts the cells that hold identity numbers.
func (p *preparer) seal(cells []string) []string {
	if len(p.out.SealedColumns) == 0 {
		return cells
	}
	cells = append([]string(nil), cells...)
	for _, i := range p.out.SealedColumns {
		cells[i] = p.j.s.ledger.Seal(cells[i])
	}
	return cells
}

// key sets the subject's key: the code, else the number by which a code is known, else the number
// itself. What must be looked up is left for later, for many rows at once.
func (p *preparer) key(r *credit.Record, to *prepared) error {
	switch {
	case r.Class == credit.NaturalPerson:
		id := &p.out.Identity
		p.persons, p.personNumbers = append(p.persons, to), append(p.personNumbers, credit.PersonNumber(id.PersonIDType, id.PersonID))
	case r.Code != "":
		to.in.Key = credit.OrgKey(r.Code)
	default:
		if to.numbers = ledger.Aliases(r); len(to.numbers) == 0 {
			return ledger.ErrNoCode
		}
	}
	return nil
}

// resolve gives the rows of persons that [preparer.key] put off their keys.
func (p *preparer) resolve(ctx context.Context) error {
	if len(p.persons) == 0 {
		return nil
	}
	keys, err := p.j.s.ledger.PersonKeys(ctx, p.personNumbers)
	if err != nil {
		return err
	}
	for i, to := range p.persons {
		to.in.Key = keys[i]
	}
	p.persons, p.personNumbers = p.persons[:0], p.personNumbers[:0]
	return nil
}

// organQuery is what the register was asked. The day belongs to it: an organ and the one that took its
// name or code after a reform are two.
type organQuery struct {
	name, code string
	on         credit.Date
}

// matter identifies the matter of a record. An organ known by nothing but its code may have sent the same
// under its name, so such a row goes to the duplicate desk too.
func (p *preparer) matter(r *credit.Record) (id credit.MatterID, strong bool) {
	organ := p.organ(r)
	if r.Kind.Listing() {
		named := *r
		named.List = p.list(r)
		r = &named
	}
	id, strong = credit.IdentifyMatter(r, organ)
	return id, strong && organ != r.AuthorityCode
}

// list is the identifier of the list of an entry, else its name.
func (p *preparer) list(r *credit.Record) string {
	if id, ok := p.j.s.organs.List(r.Kind, r.List); ok {
		return id
	}
	return credit.NormalName(r.List)
}

// maxOrgans bounds what a worker remembers of the register to some megabytes.
const maxOrgans = 50_000

// organ resolves the deciding organ, remembering what it asked.
func (p *preparer) organ(r *credit.Record) string {
	q := organQuery{r.Authority, r.AuthorityCode, r.Decided}
	id, ok := p.organs[q]
	if !ok {
		if id, ok = p.j.s.organs.Organ(r.Authority, r.AuthorityCode, r.Decided); !ok {
			id = credit.NormalName(r.Authority)
			if normal.SystemName(r.Authority) { // intake lets it through only beside a good code
				id = r.AuthorityCode
			}
		}
		if len(p.organs) >= maxOrgans {
			clear(p.organs)
		}
		p.organs[q] = id
	}
	if p.j.trial {
		p.seen[p.j.s.organs.Domains(r)[0]] = true
	}
	return id
}

func (p *preparer) lateness(r *credit.Record) [2]bool {
	if r.Decided == 0 || r.Kind != credit.Penalty && r.Kind != credit.Licence || p.j.limits == nil { // a correction is no arrival
		return [2]bool{}
	}
	late, ok := p.late[r.Decided]
	if !ok {
		today := credit.DateOf(p.j.arrived)
		publish, arrive := p.j.limits(r.Decided)
		late = [2]bool{publish != 0 && publish < today, arrive != 0 && arrive < today}
		p.late[r.Decided] = late
	}
	return late
}
