package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// Rule is what `otel-lint rules --output-format json` says of a rule.
type Rule struct {
	ID       string    `json:"id"`
	Since    string    `json:"since"`
	Until    *string   `json:"until"`
	Editions []string  `json:"editions"`
	Examples []Example `json:"examples"`
}

// Example is a whole configuration in the documentation of a rule.
type Example struct {
	Kind    string  `json:"kind"` // bad, fixed or good
	Format  string  `json:"format"`
	Version *string `json:"version"` // the release it is about, X.Y or X.Y.Z; nil: any
	Edition string  `json:"edition"`
	Text    string  `json:"text"`
	// The finding of the rule in a bad example; nil in any other.
	Finding *Finding `json:"-"`
}

// Finding is what `otel-lint --output-format json` says of an example.
type Finding struct {
	Rule        string `json:"rule"`
	Pointer     string `json:"pointer"` // the JSON pointer of the value
	Consequence struct {
		Kind string `json:"kind"`
	} `json:"consequence"` // what it does to the gateway
}

// isHarmless tells whether what is found has no effect, or works as it is written. To show which, the
// example runs without it as well.
func (e Example) isHarmless() bool {
	if e.Finding == nil {
		return false
	}
	kind := e.Finding.Consequence.Kind
	return kind == "no-effect" || kind == "works"
}

// isConfiguration tells whether the gateway can be started with an example: manifests of Kubernetes
// hold a configuration and are none.
func (e Example) isConfiguration() bool {
	return !strings.HasPrefix(e.Text, "apiVersion:")
}

// findingIn is the finding of the rule in an example, if there is one.
func (r Rule) findingIn(e Example, linter string) *Finding {
	arguments := []string{"--output-format", "json", "--pedantic", "--input-format", e.Format, "--edition", e.Edition}
	if e.Version != nil {
		arguments = append(arguments, "--krakend-version", *e.Version)
	}
	command := exec.Command(linter, append(arguments, "-")...)
	command.Stdin = strings.NewReader(e.Text)
	out, _ := command.Output() // the exit status tells of findings
	var report struct {
		Files []struct{ Findings []Finding }
	}
	if json.Unmarshal(out, &report) != nil {
		return nil
	}
	for _, file := range report.Files {
		for _, finding := range file.Findings {
			if finding.Rule == r.ID {
				return &finding
			}
		}
	}
	return nil
}

// readRules asks otel-lint for the rules: those named, or all.
func readRules(linter string, only []string) ([]Rule, error) {
	command := exec.Command(linter, "rules", "--output-format", "json")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s rules: %w %s", linter, err, stderr.String())
	}
	var rules []Rule
	if err := json.Unmarshal(out, &rules); err != nil {
		return nil, fmt.Errorf("%s rules: %w", linter, err)
	}
	if len(only) > 0 {
		for _, id := range only {
			if !slices.ContainsFunc(rules, func(r Rule) bool { return r.ID == id }) {
				return nil, fmt.Errorf("there is no rule %q", id)
			}
		}
		rules = slices.DeleteFunc(rules, func(r Rule) bool { return !slices.Contains(only, r.ID) })
	}
	for _, rule := range rules {
		for i, example := range rule.Examples {
			if example.Kind == "bad" && example.isConfiguration() {
				rule.Examples[i].Finding = rule.findingIn(example, linter)
			}
		}
	}
	return rules, nil
}

// applies tells whether an example of the rule says something about a Community Edition of this
// release.
func (r Rule) applies(e Example, release string) bool {
	if !e.isConfiguration() || e.Edition != "ce" || !slices.Contains(r.Editions, "ce") {
		return false
	}
	if e.Version != nil {
		named := strings.Split(*e.Version, ".")
		return slices.Equal(named, strings.Split(release, ".")[:len(named)])
	}
	return compareReleases(r.Since, release) <= 0 &&
		(r.Until == nil || compareReleases(release, *r.Until) <= 0)
}

// compareReleases orders releases X.Y.Z by their numbers.
func compareReleases(a, b string) int {
	return slices.Compare(numbers(a), numbers(b))
}

func numbers(release string) []int {
	var n []int
	for part := range strings.SplitSeq(release, ".") {
		i, _ := strconv.Atoi(part)
		n = append(n, i)
	}
	return n
}
