package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// job is one example on one gateway.
type job struct {
	rule    Rule
	index   int // of the example in the documentation of the rule
	removed bool
	release string
	plan    Plan
	seen    *Observation
	err     error
}

func (j *job) String() string {
	name := fmt.Sprintf("%s %d", j.rule.ID, j.index)
	if j.removed {
		name += " without what is found"
	}
	return name + " on " + j.release
}

// jobsFor lists what runs on one gateway. A bad example whose finding is harmless runs a second time
// without the value that the finding points at.
func jobsFor(rules []Rule, gateway, release string) []*job {
	var jobs []*job
	for _, rule := range rules {
		for index, example := range rule.Examples {
			if !rule.applies(example, release) {
				continue
			}
			plan := planFor(gateway, example.Format, example.Text)
			jobs = append(jobs, &job{rule: rule, index: index, release: release, plan: plan})
			if !example.isHarmless() {
				continue
			}
			if text, ok := without(example, example.Finding.Pointer); ok {
				plan := planFor(gateway, example.Format, text)
				jobs = append(jobs, &job{rule: rule, index: index, removed: true, release: release, plan: plan})
			}
		}
	}
	return jobs
}

// without is the example without the value at a pointer; if the finding is that an item of a list lacks
// something, without the item. Only JSON is changed this way.
func without(e Example, pointer string) (string, bool) {
	if e.Format != "json" || pointer == "" {
		return "", false
	}
	var root any
	if json.Unmarshal([]byte(e.Text), &root) != nil {
		return "", false
	}
	parts := strings.Split(pointer, "/")[1:]
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for i := range parts {
		parts[i] = unescape.Replace(parts[i])
	}
	root, ok := remove(root, parts)
	if !ok {
		return "", false
	}
	text, err := json.MarshalIndent(root, "", "  ")
	return string(text), err == nil
}

func remove(value any, path []string) (any, bool) {
	last := len(path) == 1
	switch value := value.(type) {
	case map[string]any:
		child, ok := value[path[0]]
		if ok && last {
			delete(value, path[0])
		} else if ok {
			value[path[0]], ok = remove(child, path[1:])
		}
		return value, ok
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i >= len(value) {
			return value, false
		}
		object, _ := value[i].(map[string]any)
		_, has := object[path[min(1, len(path)-1)]]
		if last || len(path) == 2 && object != nil && !has {
			return slices.Delete(value, i, i+1), true
		}
		var ok bool
		value[i], ok = remove(value[i], path[1:])
		return value, ok
	}
	return value, false
}
