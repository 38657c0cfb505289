package read

import (
	"slices"
	"testing"
)

func TestJSONLinesAreRows(t *testing.T) {
	all, faults, _ := rows(t, `{"CF_XDR_MC":"岚港海蓝渔具有限公司","罚款金额（万元）":0.20,"备注":null}
{"CF_XDR_MC":"甲","备注":true}

{"CF_XDR_MC":{"a":1}}
{"CF_XDR_MC":"甲","CF_XDR_MC":"乙"}
{"CF_XDR_MC":"甲"} x
{"CF_XDR_MC":
not json
{"罚款金额（万元）":1e-3,"CF_XDR_MC":"乙"}
`)
	if !slices.Equal(all[0], []string{"CF_XDR_MC", "罚款金额（万元）", "备注"}) {
		t.Fatalf("header %q", all[0])
	}
	if !slices.Equal(all[1], []string{"岚港海蓝渔具有限公司", "0.20", ""}) || !slices.Equal(all[2], []string{"甲", "", "true"}) {
		t.Errorf("rows %q", all[1:3])
	}
	want := []string{"", "", "nested_value", "duplicate_key", "not_an_object", "not_an_object", "not_an_object", ""}
	if !slices.Equal(faults, want) {
		t.Errorf("faults %q", faults)
	}
}

func TestAKeyUnknownToTheHeadOfTheFileIsAFault(t *testing.T) {
	text := ""
	for range headLines {
		text += `{"a":"1","b":"2"}` + "\n"
	}
	_, faults, _ := rows(t, text+`{"a":"1","c":"2"}`)
	if faults[len(faults)-1] != "unknown_key" {
		t.Fatalf("faults %q", faults[len(faults)-1:])
	}
}
