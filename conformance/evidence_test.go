package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
)

func ruleOf(text string) Rule {
	return Rule{ID: "a-rule", Since: "2.6.0", Editions: []string{"ce"}, Examples: []Example{{Kind: "bad", Format: "json", Edition: "ce", Text: text}}}
}

func TestReleasesThatDoTheSameStandTogether(t *testing.T) {
	folder, rule := t.TempDir(), ruleOf("{}")
	seen := func(release string, ports ...string) *job {
		return &job{rule: rule, release: release, seen: &Observation{Started: true, Ports: ports}}
	}
	write := func(jobs ...*job) []string {
		evidence, err := readEvidence(folder, rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, job := range jobs {
			evidence.record(job)
		}
		differences, err := evidence.write(folder)
		if err != nil {
			t.Fatal(err)
		}
		return differences
	}
	write(seen("2.9.4", "*:8080"), seen("2.12.1", "*:8080"), seen("2.13.8", "*:9090"))
	evidence, _ := readEvidence(folder, rule)
	groups := evidence.Examples[0].Seen
	if len(groups) != 2 || !slices.Equal(groups[1].Releases, []string{"2.12.1", "2.9.4"}) {
		t.Errorf("%s", encode(evidence))
	}
	if again := write(seen("2.12.1", "*:8080")); again != nil {
		t.Errorf("a second run changed: %q", again)
	}
	want := []string{"a-rule example 0 (bad) on 2.13.8: - ports: *:9090", "a-rule example 0 (bad) on 2.13.8: + ports: *:8080"}
	if got := write(seen("2.13.8", "*:8080")); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestEvidenceOfAnotherTextIsForgotten(t *testing.T) {
	folder, rule := t.TempDir(), ruleOf("{}")
	evidence, _ := readEvidence(folder, rule)
	evidence.record(&job{rule: rule, release: "2.12.1", seen: &Observation{}})
	if _, err := evidence.write(folder); err != nil {
		t.Fatal(err)
	}
	evidence, err := readEvidence(folder, ruleOf(`{"version": 3}`))
	if err != nil || len(evidence.Examples) != 0 {
		t.Errorf("%v %s", err, encode(evidence))
	}
}

func TestTheLayoutIsJSON(t *testing.T) {
	long := []string{"a", `]["`, "b [", ""}
	for range 40 {
		long = append(long, "an item of a list")
	}
	value := map[string]any{"short": []string{"a"}, "long": long, "nested": [][]string{{"x"}, {}}, "none": []string{}}
	plain, _ := json.Marshal(value)
	var compact bytes.Buffer
	if err := json.Compact(&compact, encode(value)); err != nil || compact.String() != string(plain) {
		t.Errorf("%v\n%s", err, encode(value))
	}
	for line := range bytes.Lines(encode(value)) {
		if len(line) > lineLength+1 {
			t.Errorf("a long line: %s", line)
		}
	}
}

func TestApplies(t *testing.T) {
	until := "2.12.1"
	rule := Rule{Since: "2.9.0", Until: &until, Editions: []string{"ce"}}
	minor, patch := "2.9", "2.9.0"
	for _, c := range []struct {
		example Example
		release string
		want    bool
	}{
		{Example{Edition: "ce"}, "2.12.1", true},
		{Example{Edition: "ce"}, "2.13.8", false},
		{Example{Edition: "ce"}, "2.8.0", false},
		{Example{Edition: "ee"}, "2.12.1", false},
		{Example{Edition: "ce", Text: "apiVersion: v1\n"}, "2.12.1", false},
		{Example{Edition: "ce", Version: &minor}, "2.9.4", true},
		{Example{Edition: "ce", Version: &minor}, "2.12.1", false},
		{Example{Edition: "ce", Version: &patch}, "2.9.4", false},
		{Example{Edition: "ce", Version: &patch}, "2.9.0", true},
	} {
		if got := rule.applies(c.example, c.release); got != c.want {
			t.Errorf("%+v on %s: %v", c.example, c.release, got)
		}
	}
}

// Whether an example runs once more without what is found depends on what that finding does, not on the
// rule: most findings of a rule may be worse than one of them.
func TestRunsWithoutWhatIsFound(t *testing.T) {
	example := func(kind string) Example {
		finding := &Finding{Pointer: "/name"}
		finding.Consequence.Kind = kind
		return Example{Kind: "bad", Format: "json", Edition: "ce", Text: `{"version": 3, "name": "x"}`, Finding: finding}
	}
	rule := Rule{Since: "2.0.0", Editions: []string{"ce"}}
	rule.Examples = []Example{example("no-effect"), example("works"), example("wrong-data"), {Kind: "good", Format: "json", Edition: "ce", Text: "{}"}}
	var got []string
	for _, job := range jobsFor([]Rule{rule}, "krakend", "2.12.1") {
		got = append(got, job.String())
	}
	want := []string{
		" 0 on 2.12.1", " 0 without what is found on 2.12.1",
		" 1 on 2.12.1", " 1 without what is found on 2.12.1",
		" 2 on 2.12.1", " 3 on 2.12.1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
