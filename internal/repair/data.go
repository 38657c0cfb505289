package repair

import (
	"encoding/json"

	"xinban/internal/casework"
	"xinban/internal/credit"
)

// Application is what the subject fills in: four fields, the matters among them.
type Application struct {
	Matters   []string    // ticked
	Corrected string      // what was put right
	On        credit.Date // when
	Contact   string      // who is asked when something is unclear, an authorised agent named as such
	Committed bool        // the commitment: materials are true, a breach has consequences
}

// data is what an application keeps besides its state.
type data struct {
	Name      string      `json:"name"` // of the subject when it asked
	Code      string      `json:"code"` // by which progress is asked for without an account
	Asker     string      `json:"asker"`
	AskerName string      `json:"asker_name"`
	Corrected string      `json:"corrected"`
	On        credit.Date `json:"on"`
	Contact   string      `json:"contact"`
	Signed    int64       `json:"signed"` // UTC ms of the commitment
}

// itemData is what an item keeps.
type itemData struct {
	Parent     string      `json:"parent"`
	Asker      string      `json:"asker"` // account that asked, told of what comes of it
	Matter     string      `json:"matter"`
	Lies       credit.Key  `json:"lies"`
	Name       string      `json:"name"`
	Kind       credit.Kind `json:"kind"`
	DocNo      string      `json:"doc_no"`
	Title      string      `json:"title"`
	Authority  string      `json:"authority"`
	Organ      string      `json:"organ"`
	Domain     string      `json:"domain"`
	DomainName string      `json:"domain_name"`
	Decided    credit.Date `json:"decided"`
	Content    string      `json:"content"`
	Class      string      `json:"class"`
	Route      string      `json:"route"` // entrance, in words
	Corrected  string      `json:"corrected"`
	On         credit.Date `json:"on"`
	Contact    string      `json:"contact"`
	Running    credit.Date `json:"running"`            // from which the case runs, moved on by pauses
	Accepted   credit.Date `json:"accepted,omitempty"` // 0: not yet
	Slow       bool        `json:"slow,omitempty"`     // consultation or visit was needed
	Extended   string      `json:"extended,omitempty"` // why its day was put off
	Gaps       string      `json:"gaps,omitempty"`     // what is to be supplied
	Supplied   string      `json:"supplied,omitempty"` // what the subject said to it
	Verified   string      `json:"verified,omitempty"` // how performance was verified
	Code       string      `json:"code,omitempty"`     // reason code of an end without repair
	Reason     string      `json:"reason,omitempty"`
	Next       string      `json:"next,omitempty"` // what to do
}

func dataOf(c *casework.Case) (d data, err error) { return d, json.Unmarshal(c.Data, &d) }

func itemOf(c *casework.Case) (d itemData, err error) { return d, json.Unmarshal(c.Data, &d) }

func put(c *casework.Case, v any) (err error) {
	c.Data, err = json.Marshal(v)
	return err
}
