package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Evidence is a file: what the examples of one rule did.
type Evidence struct {
	Rule     string         `json:"rule"`
	Examples []*exampleSeen `json:"examples"`
	before   []byte
}

// exampleSeen is one example, or a bad example without what is found in it.
type exampleSeen struct {
	Kind   string `json:"kind"` // bad, fixed, good, or removed
	Format string `json:"format"`
	// Digest is FNV-1a, 128 bits, of the example's text: with another text the evidence is stale.
	Digest string         `json:"digest"`
	Index  int            `json:"example"`
	Seen   []*releaseSeen `json:"observed"`
}

// releaseSeen is what releases did alike.
type releaseSeen struct {
	Releases []string `json:"releases"`
	Observation
}

func digest(text string) string {
	hash := fnv.New128a()
	_, _ = hash.Write([]byte(text))
	return hex.EncodeToString(hash.Sum(nil))
}

// readEvidence reads the evidence of a rule, without what is known of texts that its documentation no
// longer has.
func readEvidence(folder string, rule Rule) (*Evidence, error) {
	evidence := &Evidence{Rule: rule.ID}
	data, err := os.ReadFile(filepath.Join(folder, rule.ID+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return evidence, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, evidence); err != nil {
		return nil, fmt.Errorf("the evidence of %s: %w", rule.ID, err)
	}
	evidence.before = data
	evidence.Examples = slices.DeleteFunc(evidence.Examples, func(e *exampleSeen) bool {
		return e.Index >= len(rule.Examples) || digest(rule.Examples[e.Index].Text) != e.Digest ||
			e.Kind == "removed" && !rule.Examples[e.Index].isHarmless()
	})
	return evidence, nil
}

// record takes in what a job saw, in the place of what was known of that release.
func (e *Evidence) record(job *job) {
	example := job.rule.Examples[job.index]
	kind := example.Kind
	if job.removed {
		kind = "removed"
	}
	at := slices.IndexFunc(e.Examples, func(x *exampleSeen) bool { return x.Index == job.index && x.Kind == kind })
	if at < 0 {
		at = len(e.Examples)
		e.Examples = append(e.Examples, &exampleSeen{
			Kind: kind, Format: example.Format, Digest: digest(example.Text), Index: job.index,
		})
	}
	entry := e.Examples[at]
	for _, seen := range entry.Seen {
		seen.Releases = slices.DeleteFunc(seen.Releases, func(r string) bool { return r == job.release })
	}
	entry.Seen = slices.DeleteFunc(entry.Seen, func(s *releaseSeen) bool { return len(s.Releases) == 0 })
	same := slices.IndexFunc(entry.Seen, func(s *releaseSeen) bool { return equal(&s.Observation, job.seen) })
	if same >= 0 {
		entry.Seen[same].Releases = append(entry.Seen[same].Releases, job.release)
	} else {
		entry.Seen = append(entry.Seen, &releaseSeen{[]string{job.release}, *job.seen})
	}
}

func equal(a, b *Observation) bool {
	return bytes.Equal(encode(a), encode(b))
}

// newestFirst orders releases.
func newestFirst(a, b string) int { return compareReleases(b, a) }

// write writes the file, and tells what differs from what was there.
func (e *Evidence) write(folder string) ([]string, error) {
	slices.SortFunc(e.Examples, func(a, b *exampleSeen) int {
		if a.Index != b.Index {
			return a.Index - b.Index
		}
		return slices.Compare([]byte(a.Kind), []byte(b.Kind))
	})
	for _, example := range e.Examples {
		for _, seen := range example.Seen {
			slices.SortFunc(seen.Releases, newestFirst)
		}
		slices.SortFunc(example.Seen, func(a, b *releaseSeen) int { return newestFirst(a.Releases[0], b.Releases[0]) })
	}
	after := encode(e)
	if bytes.Equal(e.before, after) {
		return nil, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, e.Rule+".json"), after, 0o644); err != nil {
		return nil, err
	}
	return differences(e.Rule, e.before, after), nil
}
