package cli

import (
	"context"
	"fmt"
	"io"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/report"
)

type subjectCmd struct {
	Show subjectShowCmd `cmd:"" help:"Show every matter of a subject with its class, window and state."`
}

type subjectShowCmd struct {
	common
	Key   string      `arg:"" help:"Code, legacy number or exact name."`
	On    credit.Date `help:"Standing on this day; today when absent."`
	Known int64       `help:"Standing as it was known at this place in the subject's sequence."`
}

type matterDoc struct {
	Matter     string      `json:"matter"`
	Kind       string      `json:"kind"`
	DocNo      string      `json:"doc_no"`
	Authority  string      `json:"authority"`
	Domain     string      `json:"domain"`
	DecidedOn  credit.Date `json:"decided_on"`
	Class      string      `json:"class"`
	ApplyFrom  credit.Date `json:"repairable_from"`
	HiddenFrom credit.Date `json:"hidden_from"`
	Repaired   credit.Date `json:"repaired"`
	Removed    credit.Date `json:"removed"`
	Annulled   credit.Date `json:"annulled"`
	Withdrawn  bool        `json:"withdrawn"`
	Disputed   bool        `json:"disputed"`
	Sources    int         `json:"sources"`
}

type subjectDoc struct {
	Subject credit.Key      `json:"subject"`
	Name    string          `json:"name"`
	Names   []string        `json:"former_names"`
	Known   []ledger.KeySeq `json:"known"`
	On      credit.Date     `json:"on"`
	Matters []matterDoc     `json:"matters"`
}

func (c *subjectShowCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	key, err := subjectKey(ctx, a, c.Key)
	if err != nil {
		return err
	}
	on := c.On
	if on == 0 {
		on = credit.DateOf(a.Now())
	}
	var known []ledger.KeySeq
	if c.Known > 0 {
		known = []ledger.KeySeq{{Key: key, Seq: c.Known}}
	}
	st, versions, err := a.Ledger.Standing(ctx, key, on, known)
	if err != nil {
		return err
	}
	book, err := a.Books.Book("")
	if err != nil {
		return err
	}
	doc := subjectDoc{key, st.Name, st.Names, versions, on, []matterDoc{}}
	var lines []string
	domains := book.Domains(on)
	for i := range st.Matters {
		j := report.Assess(book, a.Organs, &st.Matters[i], on)
		doc.Matters = append(doc.Matters, matterDoc{j.ID.String(), j.Kind.String(), j.Record.DocNo, j.Organ, j.Domain, j.Record.Decided,
			j.Class.Class.String(), j.Window.ApplyFrom, j.Window.HiddenFrom, j.Repaired, j.Removed, j.Annulled, j.Withdrawn, j.Disputed, len(j.Assertions)})
		domain := "领域不明"
		if x, ok := domains.Find(j.Domain); ok {
			domain = x.Name
		}
		class := ""
		if j.Class.Class != law.ClassUnknown {
			class = j.Class.Class.Chinese()
		}
		lines = append(lines, columns(j.Record.Decided.String(), j.Kind.Chinese(), j.Record.DocNo, j.Organ, domain, class))
	}
	return p.print(doc, func(w io.Writer) {
		fmt.Fprintf(w, "%s %s，%d项\n", st.Name, key.Code(), len(doc.Matters))
		for _, l := range lines {
			fmt.Fprintln(w, "  "+l)
		}
	})
}
