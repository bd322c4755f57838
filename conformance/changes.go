package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// differences tells, a line each, what two versions of the evidence of a rule do not have in common:
// `rule example N (kind) on RELEASE: - what was seen before`, `+ what is seen now`.
func differences(rule string, before, after []byte) []string {
	old, new := facts(before), facts(after)
	var lines []string
	for _, place := range slices.Sorted(maps.Keys(union(old, new))) {
		if old[place] == nil {
			lines = append(lines, fmt.Sprintf("%s %s: + %d facts, not known before", rule, place, len(new[place])))
			continue
		}
		if new[place] == nil {
			lines = append(lines, fmt.Sprintf("%s %s: - no longer known", rule, place))
			continue
		}
		for _, fact := range old[place].sorted() {
			if !new[place][fact] {
				lines = append(lines, fmt.Sprintf("%s %s: - %s", rule, place, fact))
			}
		}
		for _, fact := range new[place].sorted() {
			if !old[place][fact] {
				lines = append(lines, fmt.Sprintf("%s %s: + %s", rule, place, fact))
			}
		}
	}
	return lines
}

func union(a, b map[string]set) map[string]set {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// facts are the single statements of evidence, by example and release.
func facts(data []byte) map[string]set {
	facts := map[string]set{}
	var evidence struct {
		Examples []struct {
			Kind  string           `json:"kind"`
			Index int              `json:"example"`
			Seen  []map[string]any `json:"observed"`
		} `json:"examples"`
	}
	if json.Unmarshal(data, &evidence) != nil {
		return facts
	}
	for _, example := range evidence.Examples {
		for _, seen := range example.Seen {
			statements := set{}
			for key, value := range seen {
				if key != "releases" {
					state(statements, key, value)
				}
			}
			releases, _ := seen["releases"].([]any)
			for _, release := range releases {
				facts[fmt.Sprintf("example %d (%s) on %v", example.Index, example.Kind, release)] = statements
			}
		}
	}
	return facts
}

func state(statements set, name string, value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			state(statements, name, item)
		}
	case map[string]any:
		for key, item := range value {
			state(statements, strings.Join([]string{name, key}, " "), item)
		}
	default:
		statements.add(fmt.Sprintf("%s: %v", name, value))
	}
}
