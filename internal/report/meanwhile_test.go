package report_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"xinban/internal/report"
)

// A fact that comes while a document is made is in it, or came after it was kept: at the moment of its
// keeping no document rests on facts already superseded.
func TestADocumentRestsOnTheFactsOfItsMoment(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕0号", nil))
		const changes = 3
		came := 0
		o.onBook = func() { // the paper is made between the reading and the keeping
			if o.asked > came && came < changes {
				came++
				o.says(firm, penalised(fmt.Sprintf("岚环罚〔2026〕%d号", came), nil))
			}
		}
		doc := o.issue(report.Request{Paper: true})
		_, versions, err := o.ledger.Standing(t.Context(), firm, today, nil)
		must(t, err)
		if len(doc.Content.Records) != changes+1 || doc.Content.Basis.Facts[0].Seq != versions[0].Seq {
			t.Errorf("%d records on fact %d of %d", len(doc.Content.Records), doc.Content.Basis.Facts[0].Seq, versions[0].Seq)
		}
		if n := o.count("document"); n != 1 {
			t.Errorf("%d documents were kept", n)
		}
	})
}

// Two who ask for the first paper of a document at once get one paper, and it is the one kept.
func TestTwoFirstPapersAreOne(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		number := o.issue(report.Request{}).Content.Number
		const n = 4
		papers := make([][]byte, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				doc, err := o.ask(report.Request{Paper: true})
				if err != nil {
					t.Error(err)
					return
				}
				papers[i] = doc.Paper
			})
		}
		all.Wait()
		kept, err := o.Document(t.Context(), number)
		must(t, err)
		for i, p := range papers {
			if len(p) == 0 || !bytes.Equal(p, kept.Paper) {
				t.Errorf("paper %d of %d bytes is not the one kept, of %d", i, len(p), len(kept.Paper))
			}
		}
	})
}
